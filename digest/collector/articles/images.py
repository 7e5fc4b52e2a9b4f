"""The pictures of an element as its source wrote them, lazy ones and several sizes included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from digest.collector.articles.text import plain

_DIMENSION = re.compile(r"\s*(\d{1,5})")
_UNSEEN = re.compile(
    r"display:none|visibility:hidden|(?:width|height):[01](?:px)?(?:;|$)|opacity:0(?:;|$)"
)
# Where scripts that load pictures late keep the address; "src" is then a placeholder.
_ADDRESSES = (
    "data-src", "data-lazy-src", "data-original", "data-lazyload", "data-lazy", "data-orig-file",
    "data-large-file", "data-src-large", "data-hi-res-src", "data-echo", "data-original-src",
    "src",
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
# An address goes on to the next blank, commas included; one at its end closes it.
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)(?:(?<=,)|\s+([^,]*)(?:,|$)|$)")
_WIDTH = re.compile(r"\b(\d{1,5})w\b")
_LONGEST_SET = 20_000
_WIDE_ENOUGH = 1_200  # pixels: no mail shows more
_NOT_EVERYWHERE = (".webp", ".avif", ".jxl", ".heic")
# The people and things around an article, by the classes that themes give them.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:avatar|gravatar|emoji|wp-smiley|smiley|share|sharing|icon|"
    r"author[-_]?(?:image|photo|img|pic|picture|thumb|avatar))(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Image:
    """An <img> as the source wrote it; sizes in pixels where it said so.

    `media_type` is "image/webp" or the like, where it was said; `hidden` where nobody sees it, or
    where it shows a person or a button beside the article. `wider` is the best of the sizes it is
    offered in, `wider_width` its width.
    """

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""
    media_type: str = ""
    hidden: bool = False
    wider: str = ""
    wider_width: int | None = None


def image_of(node: LexborNode) -> Image | None:
    """Return the picture of an element, None where it has no address."""
    named = node.attributes
    style = (named.get("style") or "").replace(" ", "").lower()
    hidden = (
        bool(_UNSEEN.search(style))
        or "hidden" in named
        or bool(_FURNITURE.search(named.get("class") or ""))
    )
    alt = plain(named.get("alt") or "")[:300]
    url = next(filter(None, map(_address, map(named.get, (*_ADDRESSES, "poster")))), "")
    width, height = pixels(named.get("width")), pixels(named.get("height"))
    wider, wide = _widest(named)
    if not url:
        return Image(wider, wide, None, alt, hidden=hidden) if wider else None
    if wider == url or _is_shown_less(wider, url):
        return Image(url, width, height, alt, hidden=hidden)
    return Image(url, width, height, alt, hidden=hidden, wider=wider, wider_width=wide)


def _address(value: str | None) -> str:
    return "" if not value or value.lstrip()[:5].lower() == "data:" else value


def _is_shown_less(one: str, other: str) -> bool:
    """Tell whether a size comes in a format that fewer mail programs show."""
    paths = (url.partition("?")[0].lower() for url in (one, other))
    first, second = (path.endswith(_NOT_EVERYWHERE) for path in paths)
    return first and not second


def _widest(named: Mapping[str, str | None]) -> tuple[str, int | None]:
    """Return the size of a srcset that fits a mail, and its width (HTML, section 4.8.4.2.1)."""
    written = next(filter(None, map(named.get, _SETS)), None) or ""
    found = [
        (int(wide[1]) if (wide := _WIDTH.search(one[2] or "")) else 0, one[1].rstrip(","))
        for one in _CANDIDATE.finditer(written[:_LONGEST_SET])
        if _address(one[1])
    ]
    fitting = [one for one in found if one[0] >= _WIDE_ENOUGH]
    width, url = min(fitting) if fitting else max(found, key=lambda one: one[0], default=(0, ""))
    return url, width or None


def pixels(text: object) -> int | None:
    """Read a size such as "640", "640px" or 640; None where it is not one."""
    found = _DIMENSION.match(str(text)) if text is not None and "%" not in str(text) else None
    return int(found[1]) if found else None
