"""Finds what should have been filled in: tokens of ours, placeholders of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.render.lint.elements import place
from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet

# digesthole… and own… are what this room puts where a value belongs; cut… marks slices.
_OURS = re.compile(r"digesthole[a-z0-9]+|own[a-z0-9]{8,}(?:subject|preheader)|cut[a-z0-9]{8,}x\d+")
# Jinja's and Liquid's, Mailgun's, Mailchimp's, Mailjet's, Salesforce's, JavaScript's, ERB's.
_THEIRS = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|%recipient\.\w+%|\*\|\w+\|\*|\[\[\w+(?::\w+)?\]\]"
    r"|%%\w+%%|\$\{\w+\}|<%=?.*?%>"
)
_FILLER = re.compile(r"lorem ipsum", re.IGNORECASE)


def unresolved(sheet: Sheet) -> Iterator[Finding]:
    """Find tokens, which are a fault of ours, and braces in addresses, which are a template's.

    Braces in words may be what a headline says, so they are only told.
    """
    parts = {"HTML": sheet.mail.html, "text part": sheet.mail.text, "subject": sheet.mail.subject}
    for name, text in parts.items():
        for token in sorted(set(_OURS.findall(text or ""))):
            yield error(
                "placeholder", name, f"{token} was not filled in", "Declare it in theme.toml"
            )
    for one in sheet.all():
        for name in ("href", "src"):
            if _THEIRS.search(one.get(name, "")):
                yield error("placeholder", place(one), f"a placeholder in {name}", "Fill it in")
    if found := _THEIRS.search(sheet.body_text):
        yield warning("placeholder", "<body>", f"it says {found.group()[:60]}", "Is that meant?")


def forgotten(sheet: Sheet) -> Iterator[Finding]:
    """Find texts that stand where one's own should."""
    for text in sheet.want.placeholders:
        if text and text in sheet.body_text:
            yield warning("placeholder", "<body>", f'it says "{text}"', "Write your own")
    if _FILLER.search(sheet.body_text):
        yield warning("placeholder", "<body>", "it says lorem ipsum", "Write the text")


RULES = Family(
    (
        Rule(unresolved, ("placeholder",)),
        Rule(forgotten, ("placeholder",)),
    )
)
