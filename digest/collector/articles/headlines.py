"""Headlines as feeds write them → plain text, by what the format or the feed says of their type.

Atom and JSON Feed say it (RFC 4287 section 3.1.1; jsonfeed.org: a title is plain text). RSS does
not: there a feed's headlines together show whether they are text or HTML. What a feed adds to every
headline, its own name or that of a section, is learnt from the feed and taken off.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from digest.collector.articles.text import plain, plain_text

TitleType = Literal["text", "html", "unknown"]

_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!doctype\b[^>]*>|<\?.*?\?>|<(script|style)\b.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
# What newsrooms mark words with; other names in angle brackets are words of the headline.
_MARKS = (
    "a|abbr|b|big|br|center|cite|del|div|em|font|h[1-6]|i|img|ins|mark|nobr|p|q|s|small|span|strike|"
    "strong|sub|sup|tt|u|wbr"
)
_OPENED = re.compile(rf"<({_MARKS})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_ALONE = frozenset({"br", "img", "wbr", "p"})
_WIDE = re.compile(r"</?(?:br|p|div|h[1-6]|img)\b[^<>]*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!#?\w{1,31};)")
_TAIL = re.compile(r"^(.*\S)(\s+[|\u2013\u2014\u00b7\u2022\u00bb-]\s+|\s*\|\s*)([^|]{2,60})$")
_MOSTLY = 0.6
_FEW = 4  # headlines: fewer show no habit
_LEFT = 8  # characters that must be left of a headline


def headline(text: str, said: TitleType = "unknown") -> str:
    """Return a headline as plain text; `unknown` is HTML where it can only be that."""
    if said == "text":
        return plain_text(text)
    text = _HIDDEN.sub(" ", text) if "<" in text else text
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


def habitual_tails(titles: Sequence[str], site: str) -> frozenset[str]:
    """Return the tails (" | World news") that a feed adds to its headlines."""
    found = [tail for title in titles if (tail := _tail(title))]
    total = len(titles)
    tails = Counter((separator.strip(), name) for separator, name in found)
    by_separator = Counter(separator for separator, _ in tails.elements())
    names = _names(site)
    return names | frozenset(
        _key(name)
        for (separator, name), times in tails.items()
        if (total >= _FEW and times >= _MOSTLY * total)
        or (
            separator == "|"
            and total >= _FEW
            and times > 1
            and by_separator[separator] >= _MOSTLY * total
        )
    )


def without_tails(title: str, tails: frozenset[str]) -> str:
    """Take the feed's tails off a headline, as long as one is left."""
    while tails and (found := _TAIL.match(title)):
        if _key(found[3]) not in tails or len(found[1]) < _LEFT:
            break
        title = found[1]
    return title


def _tail(title: str) -> tuple[str, str] | None:
    found = _TAIL.match(title)
    return (found[2], found[3]) if found and len(found[1]) >= _LEFT else None


def _names(site: str) -> frozenset[str]:
    """Return the names in a feed's title: "World news | The Courier" has two."""
    parts = re.split(r"\s+[|\u2013\u2014\u00b7\u2022\u00bb:-]+\s+|\s*\|\s*", site)
    names = {_key(part) for part in (site, *parts)}
    names |= {name.removeprefix("the") for name in names} | {f"the{name}" for name in names if name}
    return frozenset(name for name in names if len(name) > 1)


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
