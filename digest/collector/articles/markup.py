"""HTML of an item → its paragraphs as plain text, and its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.collector.articles.images import Image, image_of
from digest.collector.articles.inline_marks import Links, TextRun, runs_of
from digest.collector.articles.text import plain, untagged
from digest.models.limits import DEFAULT_LIMITS, ArticleLimits

_SILENT = (
    "script,style,noscript,template,iframe,object,embed,svg,math,form,button,select,video,audio,"
    "head,nav,aside,rt,rp,figcaption,.wp-caption-text,.sharedaddy,.jp-relatedposts,.related-posts,"
    ".social-share,.feedflare,.addtoany_share_save_container"
)
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "tr",
        "table",
        "figure",
        "hr",
        "pre",
        "dd",
        "dt",
    }
)
_BREAKS = frozenset({"br", "hr"})
# Elements that HTML closes by itself do not nest, however often they are opened.
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|br|img|hr|input|meta|link|source|wbr|td|tr|th|dt|dd|option)\b)[a-z]",
    re.IGNORECASE,
)
_DEEPEST = 250
_LEADING = 2.5  # times an excerpt's length, in whole paragraphs: excerpts are made of these
_MOST_RUNS = 200
_PICTURED = "img,amp-img,video[poster]"


@dataclass(frozen=True, slots=True)
class Fragment:
    """The text of a piece of HTML: `paragraphs` are plain lines in order, never empty.

    `runs` tell how the first of them are marked; empty for one that is not.
    """

    paragraphs: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    runs: tuple[tuple[TextRun, ...], ...] = ()

    @property
    def text(self) -> str:
        """The whole as one line."""
        return " ".join(self.paragraphs)


def read_fragment(markup: str, limits: ArticleLimits = DEFAULT_LIMITS) -> Fragment:
    """Read a piece of HTML, as broken as it may be, in time linear in its length."""
    markup = markup[: limits.max_item_characters]
    if "<" not in markup:
        return _escaped_again(plain(markup), limits) if markup.strip() else Fragment()
    if _nests_too_deep(markup):
        return _escaped_again(untagged(markup), limits)
    tree = LexborHTMLParser(markup)
    body = tree.body
    if body is None:
        return Fragment()
    images = tuple(image for node in body.css(_PICTURED) if (image := image_of(node)))
    for node in body.css(_SILENT):
        node.decompose()
    return _fragment(_lines(body), images, _LEADING * limits.excerpt_length)


def _nests_too_deep(markup: str) -> bool:
    """Tell whether a tree of it would be so deep that walking it costs the square of its size."""
    depth = 0
    for tag in _NESTING.finditer(markup):
        depth += -1 if tag[1] else 1
        if depth > _DEEPEST:
            return True
    return False


def _escaped_again(text: str, limits: ArticleLimits) -> Fragment:
    """Look once more if tags appear: some feeds escape their HTML twice."""
    if re.search(r"</?(?:p|br|img|a|b|i|em|strong|div|span|script)\b[^<>]*>", text, re.IGNORECASE):
        return read_fragment(text, limits)
    return Fragment((text,) if text else ())


def _lines(body: LexborNode) -> Iterator[list[LexborNode]]:
    """Yield the text nodes of each line: one block's are on one; a <br> starts the next."""
    line: list[LexborNode] = []
    block = 0
    for node in body.traverse(include_text=True):
        if node.tag == "-text":
            here = _block_of(node)
            if here != block and line:
                yield line
                line = []
            block = here
            line.append(node)
        elif node.tag in _BREAKS:
            yield line
            line = []
    yield line


def _fragment(
    lines: Iterable[Sequence[LexborNode]], images: tuple[Image, ...], leading: float
) -> Fragment:
    paragraphs: list[str] = []
    runs: list[tuple[TextRun, ...]] = []
    links: Links = {}
    length = 0
    for line in lines:
        text = plain("".join(node.text_content or "" for node in line))
        if text:
            paragraphs.append(text)
            if length < leading:
                runs.append(runs_of(line, links) if len(line) <= _MOST_RUNS else ())
            length += len(text)
    return Fragment(tuple(paragraphs), images, tuple(runs))


def _block_of(node: LexborNode) -> int:
    holder = node.parent
    while holder is not None and holder.tag not in _BLOCKS:
        holder = holder.parent
    return holder.mem_id if holder is not None else 0
