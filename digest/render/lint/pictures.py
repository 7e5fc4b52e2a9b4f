"""Pictures: with words for those who do not see them, with a size, and never alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from digest.render.lint.elements import place, texts, words
from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet

_GENERIC = re.compile(
    r"(image|picture|photo|img|logo|untitled|placeholder|thumbnail|banner)?[\s\d_.-]*"
    r"|\S+\.(jpe?g|png|gif|webp|avif|svg)",
    re.IGNORECASE,
)
_LITTLE = 40
_SMALL = 200


def alternatives(sheet: Sheet) -> Iterator[Finding]:
    """Ask each picture for an alt; one that is a link, for words in it."""
    for one in _shown(sheet):
        alt = one.get("alt")
        if alt is None:
            yield error("missing-alt", place(one), "no alt", 'Describe it, or write alt=""')
        elif not alt.strip() and _alone_in_link(one):
            yield error(
                "missing-alt", place(one), "a link of a picture without words", "Describe it"
            )
        elif alt.strip() and _GENERIC.fullmatch(alt.strip()):
            yield warning(
                "generic-alt", place(one), f'alt="{alt}" says nothing', "Say what it shows"
            )


def sizes(sheet: Sheet) -> Iterator[Finding]:
    """Ask for a width as attribute: Outlook shows a picture without one as large as its file is."""
    for one in _shown(sheet):
        if not one.get("width", "").isdigit():
            yield warning("picture-size", place(one), "no width", 'Write width="560" in pixels')
        elif not one.get("height", "").isdigit():
            yield warning(
                "picture-size", place(one), "no height", "The page jumps while pictures load"
            )


def alone(sheet: Sheet) -> Iterator[Finding]:
    """Ask for words beside pictures: many readers see a mail without its pictures first."""
    pictures = list(_shown(sheet))
    if (
        pictures
        and len(sheet.body_text) < _LITTLE * len(pictures)
        and len(sheet.body_text) < _SMALL
    ):
        yield error(
            "image-only",
            "<body>",
            f"{len(pictures)} pictures and {len(sheet.body_text)} characters of text",
            "Write the stories as text: filters take a mail of pictures for spam",
        )
    for table in sheet.all("table"):
        inside = list(table.iter("img"))
        if len(inside) > 1 and not any(True for _ in texts(table)) and not sheet.hidden(table):
            yield warning(
                "image-only", place(inside[0]), "a section of pictures only", "Add words to it"
            )


def _shown(sheet: Sheet) -> Iterator[etree._Element]:
    return (one for one in sheet.all("img") if not sheet.hidden(one))


def _alone_in_link(picture: etree._Element) -> bool:
    link = next(picture.iterancestors("a"), None)
    return link is not None and not words(link) and not link.get("aria-label")


RULES = Family(
    (
        Rule(alternatives, ("missing-alt", "generic-alt")),
        Rule(sizes, ("picture-size",)),
        Rule(alone, ("image-only",)),
    )
)
