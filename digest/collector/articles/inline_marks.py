"""The emphasis of a paragraph's words: runs as they were written → stretches as they are meant.

Marks are laid over the finished plain text, which is never changed for them; where the two cannot
be brought together for certain, a paragraph has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from digest.collector.articles.text import plain
from digest.collector.articles.urls import absolute, canonical, host_of
from digest.inline_html import STRESS

_MOST_AROUND = 32  # elements looked at around a text
_LONGEST_ADDRESS = 500
_LONGEST_NAME = 300
_HOST = r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}"
_MAIL = re.compile(rf"mailto:([\w.+-]{{1,64}}@{_HOST})(?:\?.*)?", re.IGNORECASE | re.ASCII)
_SITE = re.compile(rf"(?:https?://)?(?:www\.)?({_HOST})(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link as the source wrote it: its address, and all its words."""

    href: str
    words: str


@dataclass(frozen=True, slots=True)
class TextRun:
    """A text as the source wrote it, and the stress and links around it, the innermost first."""

    text: str
    around: tuple[str | WrittenLink, ...]


Links = dict[int, WrittenLink]
"""Links of one document by their elements: each is read once, however many texts it holds."""


def runs_of(nodes: Sequence[LexborNode], links: Links) -> tuple[TextRun, ...]:
    """Read how the text nodes of one paragraph are marked; nothing if none of them is."""
    around = [_around(node, links) for node in nodes]
    if not any(around):
        return ()
    pairs = zip(nodes, around, strict=True)
    return tuple(TextRun(node.text_content or "", marks) for node, marks in pairs)


def _around(node: LexborNode, links: Links) -> tuple[str | WrittenLink, ...]:
    found: list[str | WrittenLink] = []
    holder = node.parent
    for _ in range(_MOST_AROUND):
        if holder is None:
            break
        tag = holder.tag
        if tag in STRESS:
            found.append(tag)
        elif tag == "a":
            found.append(_link(holder, links))
        holder = holder.parent
    return tuple(found)


def _link(element: LexborNode, links: Links) -> WrittenLink:
    if element.mem_id not in links:
        href = (element.attributes.get("href") or "").strip()
        written = href if len(href) <= 2 * _LONGEST_ADDRESS else ""
        links[element.mem_id] = WrittenLink(written, element.text()[: _LONGEST_NAME + 1])
    return links[element.mem_id]


@dataclass(frozen=True, slots=True)
class Mark:
    """An element to be written around words; `address` is that of a link."""

    tag: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that are marked alike, the outermost mark first."""

    text: str
    marks: tuple[Mark, ...] = ()


class Marker:
    """Tells how texts of one article are to be marked; judges each link once."""

    def __init__(self, page: str) -> None:
        """Resolve links against `page`, the article's address."""
        self._page = page
        self._addresses: dict[WrittenLink, str] = {}

    def stretches(self, paragraph: str, runs: Sequence[TextRun]) -> Sequence[Stretch]:
        """Return the paragraph of these runs in stretches that join to it again."""
        marked = ((plain(run.text), self._marks(run)) for run in runs)
        return _laid_over(paragraph, marked) or (Stretch(paragraph),)

    def _marks(self, run: TextRun) -> tuple[Mark, ...]:
        """Return the marks around a text, the outermost first, each tag once."""
        found: dict[str, Mark] = {}
        for one in reversed(run.around):
            if isinstance(one, str):
                found.setdefault(one, Mark(one))
            elif "a" not in found and (address := self._address(one)):
                found["a"] = Mark("a", address)
        return tuple(found.values())

    def _address(self, link: WrittenLink) -> str:
        if link not in self._addresses:
            self._addresses[link] = self._leads_to(link)
        return self._addresses[link]

    def _leads_to(self, link: WrittenLink) -> str:
        """Return where a link leads; "" if nowhere, to its own article, or not where it says."""
        if mail := _MAIL.fullmatch(link.href):
            return f"mailto:{mail[1]}"  # what else it would fill in is not the reader's wish
        address = absolute(link.href, self._page)
        if not address or len(address) > _LONGEST_ADDRESS or self._is_own(address):
            return ""
        return "" if _misleads(link, address) else address

    def _is_own(self, address: str) -> bool:
        # A canonical address costs ten times what a path does, and hardly any link has this one.
        return _path(address) == _path(self._page) and _place(address) == _place(self._page)


def _laid_over(paragraph: str, marked: Iterable[tuple[str, tuple[Mark, ...]]]) -> Sequence[Stretch]:
    """Lay marks over the texts they are for; white space has those of both its neighbours.

    Nothing where these texts are not, one after the other, the paragraph's: what was read together
    (an entity, a letter and its accent) may read otherwise in parts.
    """
    found: list[Stretch] = []
    end = 0
    before: tuple[Mark, ...] = ()
    for text, marks in marked:
        if not text:
            continue
        start = end + paragraph.startswith(" ", end)
        if not paragraph.startswith(text, start):
            return ()
        if start > end:
            found.append(Stretch(" ", shared(before, marks)))
        found.append(Stretch(text, marks))
        end, before = start + len(text), marks
    return found if end == len(paragraph) else ()


def shared(one: tuple[Mark, ...], other: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Return the outermost marks that two have in common."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        length += 1
    return one[:length]


def _path(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].partition("://")[2].rstrip("/")


def _place(url: str) -> str:
    """Return what stays of an address where scheme and closing slash do not count."""
    return canonical(url).partition("://")[2].rstrip("/")


def _misleads(link: WrittenLink, address: str) -> bool:
    """Tell whether the words are the address of another site: so phishing looks."""
    words = plain(link.words)
    shown = _SITE.fullmatch(words) if len(words) <= _LONGEST_NAME else None
    if shown is None:
        return False
    said, host = shown[1].lower(), host_of(address).removeprefix("www.")
    return host != said and not host.endswith(f".{said}") and not said.endswith(f".{host}")
