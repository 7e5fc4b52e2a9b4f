"""Pieces → inlined slices: one document, one run of premailer, cut at the marks.

premailer is given one element of each look (tag, class names, style), and all others that look the
same are dressed the same: what 200 blocks cost hardly differs from what 80 cost.

The only module that knows premailer (3.10, of 2021; its flags are chosen for what it breaks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from lxml import etree

from digest.errors import RenderError
from digest.render.known_looks import Clothes, Look, known_looks
from digest.render.pieces import Piece
from digest.render.stylesheet import alike, complaints
from digest.render.theme import Theme

_DOCTYPE = "<!DOCTYPE html>"
_NOT_SHOWN = {"head", "meta", "script", "style", "title"}
# Without this, premailer derives width="100%" from CSS and overwrites the attribute that
# Outlook needs. Templates write the attributes themselves.
_NO_ATTRIBUTES = ["align", "valign", "bgcolor", "width", "height"]


class Slicer:
    """Inlines pieces and cuts them out again; what was dressed and cut before is remembered.

    `cut` holds every piece that was ever in a sequence, inlined.
    """

    def __init__(self, theme: Theme, nonce: str) -> None:
        """Begin with nothing; `nonce` makes the marks."""
        self._theme = theme
        self._nonce = nonce
        self._looks = known_looks(theme.inline_css, theme.kept_classes)
        self._clothes = self._looks.clothes()
        self.cut: dict[Piece, str] = {}

    def take(self, sequences: Sequence[Sequence[Piece]], sources: Mapping[Piece, str]) -> None:
        """Cut every piece of the sequences that was not cut before; premailer runs once at most.

        The document's own beginning and end are the outermost frame's two halves, so those have
        one mark each: parsers move comments that stand outside <html>.
        """
        woven = together(sequences, self.cut)
        if not woven:
            return
        (opening, _), *inner, (closing, _) = woven
        marks = {piece: f"cut{self._nonce}x{number}" for number, (piece, _) in enumerate(inner)}
        edge = f"<!--cut{self._nonce}edge-->"
        body = "".join(
            f"<!--{marks[piece]}-->{sources[piece]}<!--{marks[piece]}-->"
            if first
            else sources[piece]
            for piece, first in inner
        )
        document = f"{sources[opening]}{edge}{body}{edge}{sources[closing]}"
        before, middle, after = inlined(self._theme, document, self._clothes).split(edge)
        self._looks.add(self._clothes)
        new = [piece for piece, first in inner if first]
        self.cut |= {opening: before, closing: after, **_cut(middle, new, marks, self._nonce)}


def together(
    sequences: Iterable[Sequence[Piece]], known: Collection[Piece] = ()
) -> list[tuple[Piece, bool]]:
    """Weave sequences into one well-formed document that holds each new piece at least once.

    The outermost frame is opened once. Inner frames come along when something inside them (or
    they themselves) is not `known` and was not there before. The flag says whether it is such a
    piece's first place.
    """
    woven: list[tuple[Piece, bool]] = []
    seen: set[Piece] = set(known)

    def put(piece: Piece) -> None:
        woven.append((piece, piece not in seen))
        seen.add(piece)

    ends: list[Piece] = []
    for sequence in sequences:
        if not sequence:
            continue
        first, *inner, last = sequence
        if ends and ends != [first, last]:
            raise RenderError("variants of one issue must share their outermost frame")
        if not ends:
            ends = [first, last]
            put(first)
        _weave(inner, seen, put)
    if ends:
        put(ends[1])
    return woven


def _weave(inner: Sequence[Piece], seen: set[Piece], put: Callable[[Piece], None]) -> None:
    """Put what is new, with the known frames around it; a known frame without news is left out."""
    waiting: list[Piece] = []
    for piece in inner:
        if piece.part == "close":
            if waiting:
                waiting.pop()
            else:
                put(piece)
        elif piece not in seen:
            for frame in waiting:
                put(frame)
            waiting.clear()
            put(piece)
        elif piece.part == "open":
            waiting.append(piece)


def inlined(theme: Theme, document: str, clothes: Clothes | None = None) -> str:
    """Inline the theme's CSS into a document, and drop the class names nothing speaks of.

    `clothes` are those of looks seen before, and take in those of new ones.
    """
    root = etree.fromstring(f"{_DOCTYPE}{document}", etree.HTMLParser(huge_tree=True))
    if alike(theme.inline_css):
        _dress_alike(theme, root, {} if clothes is None else clothes)
    else:
        _inline(theme, root)
        for element in root.iter(etree.Element):
            _put_on(element, *_light(element, theme.kept_classes))
    return str(etree.tostring(root, method="html", encoding="unicode", doctype=_DOCTYPE))


def _inline(theme: Theme, root: etree._Element) -> None:
    """Let premailer write the theme's CSS into the elements. RenderError of what it cannot read."""
    from digest.render.inliner import Premailer  # brings cssutils; most mails need neither

    premailer = Premailer(
        css_text=theme.inline_css,
        allow_network=False,
        disable_validation=True,
        strip_important=False,
        disable_basic_attributes=_NO_ATTRIBUTES,
        disable_leftover_css=True,
        align_floating_images=False,
    )
    with complaints() as said:
        premailer.transform(root)
    if said:
        raise RenderError(f"CSS fault: {said[0]}", where=theme.name, fix="Correct inline.css")


def _dress_alike(theme: Theme, root: etree._Element, clothes: dict[Look, tuple[str, str]]) -> None:
    """Let premailer dress one element of each look, and dress all the others the same.

    premailer asks every rule of every element, and a mail has the same few elements many times.
    """
    page = etree.Element("html")
    specimens: dict[Look, etree._Element] = {}
    for element in root.iter(etree.Element):
        look = _look(element)
        if look not in specimens and look not in clothes and element.tag not in _NOT_SHOWN:
            specimens[look] = etree.SubElement(page, element.tag)
            for name in ("class", "style"):
                if name in element.attrib:
                    specimens[look].set(name, element.get(name))
    if specimens:
        _inline(theme, page)
    clothes |= {look: _light(one, theme.kept_classes) for look, one in specimens.items()}
    for element in root.iter(etree.Element):
        look = _look(element)
        element.attrib.pop("data-premailer", None)
        if look in clothes:
            _put_on(element, *clothes[look])


def _look(element: etree._Element) -> Look:
    return element.tag, element.get("class", ""), element.get("style", "")


def _light(element: etree._Element, kept: frozenset[str]) -> tuple[str, str]:
    """Return class names and style without what makes a mail large: idle names, needless spaces."""
    names = " ".join(name for name in element.get("class", "").split() if name in kept)
    return names, element.get("style", "").replace("; ", ";").replace(", ", ",")


def _put_on(element: etree._Element, names: str, style: str) -> None:
    for attribute, value in (("class", names), ("style", style)):
        if value:
            element.set(attribute, value)
        elif attribute in element.attrib:
            del element.attrib[attribute]


def _cut(
    document: str, pieces: Sequence[Piece], marks: Mapping[Piece, str], nonce: str
) -> dict[Piece, str]:
    """Cut at the marks: one stands before and one after each piece's first place."""
    parts = re.split(f"<!--(cut{nonce}x[0-9]+)-->", document)
    found = dict(zip(parts[1::4], parts[2::4], strict=True))
    return {piece: found[marks[piece]] for piece in pieces}
