"""A lint rule: no mail speaks of the weather."""

from __future__ import annotations

from collections.abc import Iterator

from digest.render.lint.finding import Finding, error
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet


def weather(sheet: Sheet) -> Iterator[Finding]:
    """Find the word in the text."""
    if "storm" in sheet.body_text:
        yield error("weather", "<body>", "it speaks of a storm", "Leave the weather to others")


RULES = Family((Rule(weather, ("weather",)),))
