"""What rules ask of every variant's HTML: facts of its blocks, summed for a mail.

The variants of an issue are made of the same few dozen blocks. A block is parsed once, inside the
elements that stand open before it, for these alone decide how a browser reads it: which of its
words are hidden, and which elements are open behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from lxml import etree

from digest.render.lint.elements import SILENT, hides, parsed, place, words

_MARK = "edge of a block"
_COMMENT = f"<!--{_MARK}-->"
_EDGES = etree.XPath(f"//comment()[. = '{_MARK}']")  # one behind </html> too
_END = re.compile("</(body|html)", re.IGNORECASE)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_WHOLE = frozenset({"a", "h1", *_HEADINGS})
"""Elements whose words are told as a whole: a block that leaves one open is not read by itself."""

_Open = tuple[tuple[str, bool], ...]
"""The elements that stand open, outermost first: each one's tag, and whether it hides."""


class PageLink(NamedTuple):
    """A link: its address, its words, and whether it can be seen."""

    url: str
    words: str
    shown: bool


class Headline(NamedTuple):
    """A link inside a heading: its address as written, its place, and whether it can be seen."""

    url: str
    place: str
    shown: bool


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The links and texts of a mail or a block, in reading order.

    `shown` are the texts of the body that can be seen, `texts` all of them.
    """

    links: tuple[PageLink, ...] = ()
    headlines: tuple[Headline, ...] = ()
    shown: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


class KnownBlocks:
    """The facts of blocks, each read once, whatever mail it stands in."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[tuple[_Open, str], _Block | None] = {}

    def facts(self, blocks: Sequence[str]) -> PageFacts | None:
        """Return the facts of a mail; None where its blocks cannot be read one by one."""
        before = _Block()
        found: list[PageFacts] = []
        for block in filter(None, blocks):
            key = (before.behind, block)
            if key not in self._known:
                self._known[key] = _read(*key)
            known = self._known[key]
            if known is None or not before.may_precede(known):
                return None
            found.append(known.facts)
            before = before if known.is_nothing else known
        return _summed(found)


def facts_of(root: etree._Element) -> PageFacts:
    """Return the facts of a whole page."""
    return _Walk(root).facts()


@dataclass(frozen=True, slots=True)
class _Block:
    """A block as it was read: its facts, and what its neighbours have to know of it."""

    facts: PageFacts = PageFacts()
    behind: _Open = ()
    begins_in_a_word: bool = False
    ends_in_a_word: bool = False
    ends_the_page: bool = False
    is_nothing: bool = False

    def may_precede(self, after: _Block) -> bool:
        """Whether the two mean in a row what they mean alone."""
        return not (self.ends_the_page or (self.ends_in_a_word and after.begins_in_a_word))


def _read(still_open: _Open, block: str) -> _Block | None:
    """Read a block behind the tags that open those elements; None if a tag goes on behind it."""
    hiding = ' style="display:none"'
    tags = "".join(f"<{tag}{hiding if unseen else ''}>" for tag, unseen in still_open)
    root = parsed(f"{tags}{_COMMENT if tags else ''}{block}{_COMMENT}")
    edges = _EDGES(root)
    if len(edges) != (2 if tags else 1) or _MARK in block:
        return None
    behind = _around(edges[-1])
    if (tags and _around(edges[0]) != still_open) or any(tag in _WHOLE for tag, _ in behind):
        return None
    first, last = (edges[0].tail if tags else ""), _text_before(edges[-1])
    ends = _END.search(block) is not None
    return _Block(
        _Walk(root, edges).facts(),
        behind,
        begins_in_a_word=bool(first) and not first[0].isspace(),
        ends_in_a_word=bool(last) and not last[-1].isspace(),
        ends_the_page=ends,
        is_nothing=bool(tags) and not (ends or first) and edges[0].getnext() is edges[-1],
    )


def _text_before(node: etree._Element) -> str:
    """Return the text that ends where a node stands."""
    before, around = node.getprevious(), node.getparent()
    if before is not None:
        return before.tail or ""
    return (around.text or "") if around is not None else ""


def _around(node: etree._Element) -> _Open:
    around = [(one.tag, hides(one.get("style", ""))) for one in node.iterancestors()]
    return tuple(reversed(around))


def _summed(found: Sequence[PageFacts]) -> PageFacts:
    return PageFacts(
        links=tuple(chain.from_iterable(one.links for one in found)),
        headlines=tuple(chain.from_iterable(one.headlines for one in found)),
        shown=tuple(chain.from_iterable(one.shown for one in found)),
        texts=tuple(chain.from_iterable(one.texts for one in found)),
    )


class _Walk:
    """One way through a page in reading order; of a block, from the first of two edges on."""

    def __init__(self, root: etree._Element, edges: Sequence[etree._Element] = ()) -> None:
        self._root = root
        self._edges = edges
        self._outside = len(edges) > 1
        self._hidden = self._body = self._heading = 0
        self._links: list[PageLink] = []
        self._headlines: list[Headline] = []
        self._shown: list[str] = []
        self._texts: list[str] = []

    def facts(self) -> PageFacts:
        for event, node in etree.iterwalk(self._root, events=("start", "end", "comment", "pi")):
            if event == "start":
                self._enter(node)
                self._say(node.text, node)
            elif event == "end":
                self._leave()
                self._say(node.tail, node.getparent())
            else:
                self._outside ^= node in self._edges
                self._say(node.tail, node.getparent())
        return PageFacts(
            tuple(self._links), tuple(self._headlines), tuple(self._shown), tuple(self._texts)
        )

    def _enter(self, node: etree._Element) -> None:
        self._hidden += bool(self._hidden or hides(node.get("style", "")))
        self._body += bool(self._body or node.tag == "body")
        self._heading += bool(self._heading or node.tag in _HEADINGS)
        if node.tag == "a" and not self._outside:
            if "href" in node.attrib:
                self._links.append(
                    PageLink(node.get("href").strip(), words(node), not self._hidden)
                )
            if self._heading:
                self._headlines.append(
                    Headline(node.get("href", ""), place(node), not self._hidden)
                )

    def _leave(self) -> None:
        self._hidden -= bool(self._hidden)
        self._body -= bool(self._body)
        self._heading -= bool(self._heading)

    def _say(self, text: str | None, holder: etree._Element | None) -> None:
        if not text or self._outside or not self._body:
            return
        self._texts.append(text)
        if holder is not None and holder.tag not in SILENT and not self._hidden:
            self._shown.append(text)
