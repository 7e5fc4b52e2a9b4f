"""Headlines as feeds write them → plain text, by what the format or the feed says of their type.

Atom and JSON Feed say it (RFC 4287 section 3.1.1; jsonfeed.org: a title is plain text). RSS does
not: there a feed's headlines together show whether they are text or HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Literal

from digest.collector.articles.text import plain, plain_text

TitleType = Literal["text", "html", "unknown"]

_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!doctype\b[^>]*>|<\?.*?\?>|<(script|style)\b.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_READING = re.compile(
    r"<(rt|rp)\b.*?(?:</\1\s*>|(?=<(?:rt|rp|rb|/ruby)\b)|\Z)", re.DOTALL | re.IGNORECASE
)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
# What newsrooms mark words with; other names in angle brackets are words of the headline.
_MARKS = (
    "a|abbr|b|bdi|bdo|big|br|center|cite|code|del|dfn|div|em|font|h[1-6]|i|img|ins|kbd|mark|nobr|p|q|"
    "rb|ruby|s|small|span|strike|strong|sub|sup|tt|u|var|wbr"
)
_OPENED = re.compile(rf"<({_MARKS})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_ALONE = frozenset({"br", "img", "wbr", "p"})
_WIDE = re.compile(r"</?(?:br|p|div|h[1-6]|img)\b[^<>]*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!#?\w{1,31};)")


def headline(text: str, said: TitleType = "unknown") -> str:
    """Return a headline as plain text; `unknown` is HTML where it can only be that."""
    if said == "text":
        return plain_text(text)
    text = _READING.sub("", _HIDDEN.sub(" ", text)) if "<" in text else text
    if "<" in text:
        text = _untagged(text) if said == "html" else _unmarked(text)
    if said == "html":
        return plain_text(html.unescape(text))
    shown = plain(text)
    return _unmarked(shown) if "<" in shown and "&" in text else shown


def _untagged(text: str) -> str:
    return _ANY_TAG.sub("", _WIDE.sub(" ", text))


def _unmarked(text: str) -> str:
    """Take off marks that are closed, or stand alone; "Why <i> is back" keeps its words."""
    lower = text.lower()
    for name in dict.fromkeys(found[1].lower() for found in _OPENED.finditer(text)):
        if name in _ALONE or f"</{name}>" in lower:
            wide = " " if _WIDE.match(f"<{name}>") else ""
            text = re.sub(rf"</?{name}(?:\s[^<>]{{0,2000}})?/?>", wide, text, flags=re.IGNORECASE)
    return text


def shown_type(titles: Sequence[str]) -> TitleType:
    """Tell by all headlines of an RSS feed whether they are text: a bare "&" is, "&amp;" is not."""
    bare = sum(bool(_BARE.search(title)) for title in titles)
    written = sum(bool(_REFERENCE.search(title)) for title in titles)
    return "text" if bare > written else "unknown"
