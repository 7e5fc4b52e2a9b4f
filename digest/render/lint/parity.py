"""The text part says what the HTML says: the same stories, the same addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.render.lint.elements import cut
from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet
from digest.render.plaintext import link

_URL = re.compile(r"https?://[^\s<>\"]+")
_AFTER = ".,;:!?)]}'\u2019\u201d\u2026\u3002\uff0c\uff09"  # a sentence goes on behind an address
_RULE = "text-differs"


def same_stories(sheet: Sheet) -> Iterator[Finding]:
    """Look for each story's address in both parts; a mail without a text part is half a mail."""
    text = sheet.mail.text
    if text is None:
        return
    if not text.strip():
        yield error(_RULE, "text part", "it is empty", "Give the theme a flow.txt")
        return
    in_text = set(_URL.findall(text))
    in_html = {link.url for link in sheet.facts.links}
    for title, url in sheet.want.stories:
        address = link(url)
        for name, known in (("text part", in_text), ("HTML", in_html)):
            if address and address not in known:
                yield error(_RULE, name, f'the story "{cut(title)}" is missing', "Show it in both")
    yield from _differences(sheet, in_text, in_html)


def _differences(sheet: Sheet, in_text: set[str], in_html: set[str]) -> Iterator[Finding]:
    """Find what a headline links to and the text does not, and the other way round."""
    for one in sheet.facts.headlines:
        if one.url not in in_text and one.shown:
            yield error(_RULE, one.place, "is not in the text part", "Show it in both")
    for url in sorted(in_text - in_html):
        bare = url.rstrip(_AFTER)
        if bare not in in_html and bare not in sheet.body_text:
            yield warning(_RULE, f"text part, {cut(url)}", "is not in the HTML", "Show it in both")


RULES = Family((Rule(same_stories, (_RULE,), of_variant=True),))
