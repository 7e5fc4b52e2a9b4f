"""CSS and elements that a client of the chosen matrix does not know, where nothing catches them.

Only what stands on an element counts: what a theme keeps in its head is an addition, and the mail
must hold without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from digest.render.lint.elements import declarations, place
from digest.render.lint.finding import Finding, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet
from digest.render.lint.support import (
    CLIENTS,
    ELEMENTS,
    PICTURES,
    PROPERTIES,
    SOURCE,
    Feature,
)

_RULE = "client-support"


def unsupported(sheet: Sheet) -> Iterator[Finding]:
    """Warn once for each thing that one of the clients would not show."""
    clients = sheet.want.clients or CLIENTS
    told: set[str] = set()
    for name, without, where in _used(sheet):
        lacking = sorted(without & clients)
        if lacking and name not in told:
            told.add(name)
            yield warning(
                _RULE, where, f"{name} is unknown to {', '.join(lacking)}",
                f"Let tables and attributes carry it ({SOURCE})",
            )  # fmt: skip


def _used(sheet: Sheet) -> Iterator[tuple[str, frozenset[str], str]]:
    for one in sheet.all():
        if one.tag in ELEMENTS:
            yield f"<{one.tag}>", ELEMENTS[one.tag], place(one)
        style = one.get("style")
        if style and not sheet.hidden(one):
            for feature in _features(style):
                yield feature.name, feature.without, place(one)
        if one.tag == "img":
            yield from _picture(one.get("src", ""), place(one))
    for css in sheet.styles:
        if "@import" in css:
            yield "@import", CLIENTS, "<style>"


@lru_cache(maxsize=4096)  # a mail has the same few styles hundreds of times
def _features(style: str) -> tuple[Feature, ...]:
    """Return what a style counts on that some client lacks."""
    return tuple(
        feature
        for prop, value in declarations(style).items()
        for feature in PROPERTIES
        if re.fullmatch(feature.prop, prop) and feature.value.match(value)
    )


def _picture(src: str, where: str) -> Iterator[tuple[str, frozenset[str], str]]:
    path = "data:" if src.startswith("data:") else urlsplit(src).path.lower()
    for ending, without in PICTURES.items():
        if path.endswith(ending):
            yield f"a {ending} picture", without, where


RULES = Family((Rule(unsupported, (_RULE,)),))
