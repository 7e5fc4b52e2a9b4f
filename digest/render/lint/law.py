"""The demands of law and mailboxes on every newsletter: a way out, and an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from digest.render.languages import catalogue, languages
from digest.render.lint.finding import Finding, error
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet
from digest.render.plaintext import clean


def way_out(sheet: Sheet) -> Iterator[Finding]:
    """Look for an unsubscribe link that can be seen, in both parts (CAN-SPAM, 16 CFR 316)."""
    wanted = sheet.want.unsubscribe_url
    shown = any(
        link.shown
        and (link.url == wanted if wanted else _says_so().search(f"{link.url} {link.words}"))
        for link in sheet.facts.links
    )
    fix = "Link {{ hole.unsubscribe_url }} in the footer"
    if not shown:
        yield error("missing-unsubscribe", "HTML", "there is no way to unsubscribe", fix)
    text = sheet.mail.text
    if wanted and text is not None and wanted not in text:
        yield error("missing-unsubscribe", "text part", "there is no way to unsubscribe", fix)


def postal_address(sheet: Sheet) -> Iterator[Finding]:
    """Look for the sender's postal address in both parts (CAN-SPAM, 16 CFR 316)."""
    wanted = _flat(clean(sheet.want.postal_address))
    if not wanted:
        return
    fix = "Put {{ edition.site.postal_address }} into the footer"
    if wanted not in sheet.body_text:
        yield error("missing-address", "HTML", "the postal address is missing", fix)
    if sheet.mail.text is not None and wanted not in _flat(sheet.mail.text):
        yield error("missing-address", "text part", "the postal address is missing", fix)


@cache
def _says_so() -> re.Pattern[str]:
    """Return what a way out is called in any language that Digest speaks."""
    said = (
        str(part.string)
        for name in languages()
        for part in catalogue(name)
        if part.context in {"unsubscribe", "page_unsubscribe_all"}
    )
    return re.compile("|".join([*map(re.escape, said), "/u/", "opt.?out"]), re.IGNORECASE)


def _flat(text: str) -> str:
    return " ".join(text.split())


RULES = Family(
    (
        Rule(way_out, ("missing-unsubscribe",), of_variant=True),
        Rule(postal_address, ("missing-address",), of_variant=True),
    )
)
