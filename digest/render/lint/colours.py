"""Whether every text can be read, in the light scheme and in the dark (WCAG 2.2, 1.4.3).

The dark scheme is what the head's `prefers-color-scheme: dark` makes of it; only rules whose
selector is a tag, a class or both are followed, as a mail's head should have no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from digest.render.contrast import contrast
from digest.render.lint.elements import declarations, place, texts
from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.shades import colour
from digest.render.lint.sheet import Sheet

_RULE = "contrast"
_ENOUGH, _LARGE, _UNREADABLE = 4.5, 3.0, 3.0
_LARGE_SIZE, _LARGE_BOLD = 24.0, 18.66
_DARK = re.compile(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULES = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?((?:\.[\w-]+)*)")
_Rules = tuple[tuple[str, frozenset[str], dict[str, str]], ...]


@dataclass(frozen=True, slots=True)
class _Ink:
    """The colours of a text and of its ground, as far as its ancestors say."""

    colour: str = "#000000"
    ground: str = "#ffffff"
    size: float = 16.0
    bold: bool = False


def readable(sheet: Sheet) -> Iterator[Finding]:
    """Measure: below 3:1 a text cannot be read, below 4.5:1 many people cannot read it."""
    body = sheet.root.find(".//body")
    if body is None:
        return
    told: set[tuple[str, str, str]] = set()
    dark = _dark_rules(sheet.styles)
    for scheme, rules in (("light", ()), ("dark", dark)) if dark else (("light", ()),):
        known: dict[etree._Element, _Ink] = {}
        for element, text in texts(body):
            if sheet.hidden(element) or not any(letter.isalnum() for letter in text):
                continue
            ink = _ink(element, rules, known)
            ratio = contrast(ink.colour, ink.ground)
            large = ink.size >= _LARGE_SIZE or (ink.bold and ink.size >= _LARGE_BOLD)
            key = (scheme, ink.colour, ink.ground)
            if ratio >= (_LARGE if large else _ENOUGH) or key in told:
                continue
            told.add(key)
            say = error if ratio < _UNREADABLE else warning
            yield say(
                _RULE, place(element),
                f"{ink.colour} on {ink.ground} is {ratio:.1f}:1 in the {scheme} scheme",
                f"Make it {_LARGE if large else _ENOUGH}:1: darker on light, lighter on dark",
            )  # fmt: skip


def _ink(element: etree._Element, rules: _Rules, known: dict[etree._Element, _Ink]) -> _Ink:
    if element in known:
        return known[element]
    parent = element.getparent()
    around = _ink(parent, rules, known) if parent is not None else _Ink()
    said = declarations(element.get("style", ""))
    names = frozenset(element.get("class", "").split())
    for tag, classes, declared in rules:
        if (not tag or tag == element.tag) and classes <= names:
            said |= declared
    ground = said.get("background-color", said.get("background", "")) or element.get("bgcolor", "")
    if element.tag == "a" and "color" not in said:
        said["color"] = "#0000ee"  # what browsers give a link that is told nothing
    below = colour(ground.lower(), around.ground) or around.ground
    known[element] = _Ink(
        colour=colour(said.get("color", ""), below) or around.colour,
        ground=below,
        size=_pixels(said.get("font-size", "")) or around.size,
        bold=_bold(said.get("font-weight", ""), around, element.tag),
    )
    return known[element]


def _bold(weight: str, around: _Ink, tag: str) -> bool:
    if weight:
        return weight.startswith("bold") or (weight[:3].isdigit() and int(weight[:3]) >= 700)  # noqa: PLR2004 - CSS's bold
    return around.bold or tag in {"b", "strong", "h1", "h2", "h3", "th"}


def _dark_rules(styles: tuple[str, ...]) -> _Rules:
    found = []
    for css in styles:
        for block in _DARK.finditer(css):
            for selectors, body in _RULES.findall(block.group(1)):
                declared = {
                    name: value.replace("!important", "").strip()
                    for name, value in declarations(body).items()
                }
                for selector in selectors.split(","):
                    simple = _SIMPLE.fullmatch(selector.strip())
                    if simple and selector.strip():
                        names = frozenset(filter(None, simple.group(2).split(".")))
                        found.append((simple.group(1) or "", names, declared))
    return tuple(found)


def _pixels(text: str) -> float:
    try:
        return float(text.removesuffix("px")) if text.endswith("px") else 0.0
    except ValueError:
        return 0.0


RULES = Family((Rule(readable, (_RULE,)),))
