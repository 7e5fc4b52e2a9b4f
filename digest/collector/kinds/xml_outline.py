"""A look at XML before a real parser sees it: what it is, where to stop, how to close it.

One pass over the tags, linear in the length. The parser behind it is given a document that is
bounded in depth, in items and in elements an item, without DOCTYPE, and closed at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digest.errors import SourceUnsafe

# What an item is called, by the local name of the document's first element.
_ITEM_OF = {
    "rss": "item",
    "rdf": "item",
    "channel": "item",
    "feed": "entry",
    "urlset": "url",
    "sitemapindex": "sitemap",
}
_ROOT = re.compile(rf"<(?:[A-Za-z_][\w.-]{{0,40}}:)?(?:{'|'.join(_ITEM_OF)})\b", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_OPENER = re.compile(
    r"<(?:(?P<skip>!\[CDATA\[|!--|\?)"
    r"|(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]{0,80})(?P<rest>[^<>]*)>)"
)
_SKIP_TO = {"![CDATA[": "]]>", "!--": "-->", "?": "?>"}
_HEAD = 100_000  # characters in which a root must begin, banners and comments included
_BEFORE = 4  # times as many elements as an item's may stand before the first one
# Characters that XML 1.0 section 2.2 forbids, as themselves and as references.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CONTROLS = bytes(code for code in range(0x20) if chr(code) not in "\t\n\r")
_REFERENCE = re.compile(
    "&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bcBC]|[eEfF]|1[0-9a-fA-F]));"
)


@dataclass(frozen=True, slots=True)
class Outline:
    """The document ready for a parser; `root` is its first element's local name, in lower case.

    `items` counts those kept, `cut` says that more would have followed, `torn` that the document
    ended in the middle of something.
    """

    text: str
    root: str
    items: int
    cut: bool
    torn: bool


def root_of(text: str) -> str:
    """Name the root element: "rss", "feed" …, "html" for a web page, "" for anything else."""
    root = _ROOT.search(text, 0, _HEAD)
    if _HTML.search(text, 0, root.start() if root else _HEAD):
        return "html"
    return _local(root[0][1:]) if root else ""


def outline(text: str, *, max_items: int, max_depth: int, max_elements: int = 2_000) -> Outline:
    """Bound and close `text`; raises SourceUnsafe where it is built to hurt."""
    start = _ROOT.search(text, 0, _HEAD)
    # Whatever stands before the root goes: DOCTYPE and its entities, a browser's banner, blanks.
    body = _without_forbidden(text[start.start() if start else 0 :])
    scan = _Scan(root_of(body), max_items, max_depth, max_elements)
    for tag in _tags(body, scan):
        if scan.take(tag):
            break
    torn = not scan.full and bool(scan.open)
    kept = body[: scan.safe_end] if scan.full or torn else body
    return Outline(kept + scan.closing(), scan.root, scan.items, scan.full, torn)


def _without_forbidden(text: str) -> str:
    return _REFERENCE.sub("", _FORBIDDEN.sub("", text) if _may_be_forbidden(text) else text)


def _may_be_forbidden(text: str) -> bool:
    """Tell whether a character may have to go, in a tenth of the time that the pattern takes."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # a surrogate
        return True
    return len(raw.translate(None, _CONTROLS)) < len(raw) or "\ufffe" in text or "\uffff" in text


def _tags(body: str, scan: _Scan) -> Iterator[re.Match[str]]:
    """Yield the tags, stepping over CDATA, comments and instructions; one left open ends it."""
    place = 0
    while found := _OPENER.search(body, place):
        place = found.end()
        if found["skip"]:
            close = _SKIP_TO[found["skip"]]
            place = body.find(close, place) + len(close)
            if place < len(close):
                scan.open.append("")  # nothing after it can be told from its inside
                return
        else:
            yield found


class _Scan:
    """Follows the tags and remembers the last place at which the document can be cut."""

    def __init__(self, root: str, max_items: int, max_depth: int, max_elements: int) -> None:
        self.root = root
        self.open: list[str] = []
        self.items = 0
        self.safe_end = 0
        self.full = False
        self._item = _ITEM_OF.get(root, "item")
        self._limits = max_items, max_depth
        self._max_elements = max_elements
        self._elements = 0
        self._open_at_safe_end: tuple[str, ...] = ()

    def take(self, tag: re.Match[str]) -> bool:
        """Take one tag; True once enough items are read."""
        name, empty = tag["name"], tag["rest"].endswith("/")
        if tag["end"]:
            self._close(name)
        elif not empty:
            self._open(name)
        self._count()
        ended = bool(tag["end"]) or empty
        if ended and _local(name) == self._item:
            self._item_ended(tag.end())
        elif not (self.items or ended or self._inside_item()):
            self._mark(tag.end())
        return self.full

    def closing(self) -> str:
        """Return the end tags that are missing at the place of the cut."""
        left = self._open_at_safe_end if self.full or self.open else ()
        return "".join(f"</{name}>" for name in reversed(left))

    def _inside_item(self) -> bool:
        return any(_local(name) == self._item for name in self.open)

    def _open(self, name: str) -> None:
        self.open.append(name)
        if len(self.open) > self._limits[1]:
            raise SourceUnsafe(
                f"elements nest deeper than {self._limits[1]}",
                fix="No feed needs that; if this one does, raise max_depth under [collector]",
            )

    def _close(self, name: str) -> None:
        # Sloppy feeds leave elements open: closing an outer one closes what is inside it.
        if name in self.open:
            while self.open.pop() != name:
                pass

    def _count(self) -> None:
        self._elements += 1
        if self._elements > self._max_elements * (1 if self.items else _BEFORE):
            raise SourceUnsafe(
                f"more than {self._max_elements:,} elements in one item",
                fix="No feed needs that; if this one does, raise max_elements under [collector]",
            )

    def _item_ended(self, end: int) -> None:
        self._elements = 0
        self.items += 1
        self._mark(end)
        self.full = self.items >= self._limits[0]

    def _mark(self, end: int) -> None:
        self.safe_end, self._open_at_safe_end = end, tuple(self.open)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
