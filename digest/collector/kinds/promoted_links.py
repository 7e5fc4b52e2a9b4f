"""The blocks of a web page that put articles forward: "Most read", "Our picks", with their links.

A block is the smallest element around its heading that holds links. One that holds very many is no
block but the page.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.collector.articles.promotion import promotion
from digest.collector.articles.urls import absolute
from digest.collector.kinds.site_menu import page_key

_HEADINGS = "h1, h2, h3, h4, h5, h6, header, legend, summary, [role=heading], [class*=title]"
_MOST_HEADINGS = 1_000
_ANCESTORS = 4
_MOST_LINKS = 60
_LONGEST = 200  # bytes of a heading with its markup's words


def promoted_links(tree: LexborHTMLParser, url: str, most: int) -> dict[str, str]:
    """Return the name of its block for each page (page_key) that stands in one.

    At most `most` links are looked at.
    """
    found: dict[str, str] = {}
    for heading in tree.css(_HEADINGS)[:_MOST_HEADINGS]:
        text = heading.text()
        name = promotion(text) if len(text) <= _LONGEST else ""
        for link in _block(heading) if name else ():
            most -= 1
            if most < 0:
                return found
            address = absolute(link.attributes.get("href") or "", url).partition("#")[0]
            if address:
                found.setdefault(page_key(address), name)
    return found


def _block(heading: LexborNode) -> list[LexborNode]:
    """Return the links of the heading's block, without its own; nothing if there is no block."""
    own = {link.mem_id for link in heading.css("a[href]")}
    holder = heading.parent
    for _ in range(_ANCESTORS):
        if holder is None or holder.tag in {"body", "html", "main"}:
            return []
        links = [link for link in holder.css("a[href]") if link.mem_id not in own]
        if links:
            return links if len(links) <= _MOST_LINKS else []
        holder = holder.parent
    return []
