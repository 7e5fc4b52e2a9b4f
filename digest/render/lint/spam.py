"""Markup that filters take for spam, by what their published rules count."""

from __future__ import annotations

from collections.abc import Iterator

from digest.render.lint.elements import declarations, place, texts
from digest.render.lint.finding import Finding, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet

_RULE = "spam-markup"
_HIDDEN_LETTERS = 400
_TINY = 8.0


def markup(sheet: Sheet) -> Iterator[Finding]:
    """Find hidden text, letters too small to read, blinking and marquees."""
    body = sheet.root.find(".//body")
    if body is None:
        return
    unseen = tiny = 0
    for element, text in texts(body):
        said = len([letter for letter in text if letter.isalnum()])
        if sheet.hidden(element):
            unseen += said
        elif said and _size(element.get("style", "")) < _TINY:
            tiny += 1
    if unseen > _HIDDEN_LETTERS:
        yield warning(_RULE, "<body>", f"{unseen} hidden letters", "Hide the preheader only")
    if tiny:
        yield warning(_RULE, "<body>", f"{tiny} texts below {_TINY:g} px", "Write 14 px and up")
    for one in sheet.all("blink", "marquee", "font", "center"):
        yield warning(_RULE, place(one), f"<{one.tag}>", "Use CSS: this is how spam was written")


def _size(style: str) -> float:
    size = declarations(style).get("font-size", "")
    try:
        return float(size.removesuffix("px")) if size.endswith("px") else _TINY
    except ValueError:
        return _TINY


RULES = Family((Rule(markup, (_RULE,)),))
