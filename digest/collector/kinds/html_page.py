"""A whole web page → a tree of its elements, in bounded time."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from digest.collector.kinds.contract import USUAL, Bounds

# Elements that HTML closes by itself do not nest, however often they are opened; nor do those
# that close themselves, as SVG writes them.
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|br|img|hr|input|meta|link|source|wbr|td|tr|th|dt|dd|option|path|use|circle|"
    r"rect|line|polygon|g|area|base|col|embed|param|track)\b)[a-z]",
    re.IGNORECASE,
)


def read_page(text: str, bounds: Bounds = USUAL) -> LexborHTMLParser:
    """Read a page, as broken as it may be; what nests absurdly deep is cut off there.

    Building a tree costs the square of its depth, and no page for people is that deep.
    """
    page = text[: bounds.max_page_characters]
    depth = 0
    for tag in _NESTING.finditer(page):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > bounds.max_page_depth:
            return LexborHTMLParser(page[: tag.start()])
    return LexborHTMLParser(page)
