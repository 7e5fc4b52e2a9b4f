"""Makes the text of others fit for a page or a line: pure functions over text.

Nothing here escapes: the templates' autoescape does that, and only that.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit

# Directional embeddings, overrides and isolates (UAX #9): an unclosed one turns the page around.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# C0, C1, line and paragraph separators, noncharacters and surrogates: no place in HTML or mail.
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACE = re.compile(r"[\s\x85\u2028\u2029\ufeff]+")
# What CLDR writes into times: "7:30\u202fAM". The fonts of many mail programs do not have it.
_NARROW = "\u202f"
_CASED = {"Lu", "Ll", "Lt"}
_QUOTES = " \"'\u00bb\u2019\u201d)]\u300d\u300f\uff09\u300b"
_ENDS = ".?!\u2026\u061f\u06d4\u0964\u0965\u0589\u1362\u17d4\u104b"
_WIDE_ENDS = "\u3002\uff01\uff1f"
# The full stop of a script, by the first word of its letters' names (Unicode 15, chapter 6.2).
_STOPS = {
    **dict.fromkeys(("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "FULLWIDTH"), "\u3002"),
    **dict.fromkeys(("DEVANAGARI", "BENGALI", "GURMUKHI", "ORIYA"), "\u0964"),
    "ARMENIAN": "\u0589",
    "ETHIOPIC": "\u1362",
    "KHMER": "\u17d4",
    "MYANMAR": "\u104b",
}
_UNSTOPPED = {"THAI", "LAO"}  # a space ends the sentence
_SCHEMES = {"http", "https", "mailto"}
# RFC 3986 reserved and unreserved, and % of what is already encoded.
_URL_SAFE = ":/?#[]@!$&()*+,;=-._~%"


def clean(text: str) -> str:
    """Return one line without control characters, without characters that turn the direction."""
    if text.isprintable() and "  " not in text:  # most texts: neither can be in there
        return text.strip()
    return _SPACE.sub(" ", _UNFIT.sub("", _TURNING.sub("", text))).strip()


def clip(text: str, length: int) -> str:
    """Return at most `length` characters, cut after a word where there is one, ending in "…"."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, space, _ = cut.rpartition(" ")
    whole = head if space and len(head) > length // 2 else cut
    return whole.rstrip(" ,;:.–—-") + "…"  # noqa: RUF001 - an en dash is what writers type


def direction(text: str) -> str:
    """Return "rtl" or "ltr" by the first letter that has a direction (UAX #9 P2), "" if none."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return ""


def cased(text: str) -> bool:
    """Tell whether the text's script has capitals: only then may it be slanted or spaced out."""
    first = next((unicodedata.category(one) for one in text if one.isalpha()), "Lu")
    return first in _CASED


def full_stop(text: str) -> str:
    """Return what ends a sentence in the text's own script, and the space before the next one.

    Only the space where the text ends itself; "" after a mark that brings its own room, as "。".
    """
    told = text.rstrip(_QUOTES)
    if told and (told[-1] in _ENDS or told[-1] in _WIDE_ENDS):
        return "" if text[-1] in _WIDE_ENDS else " "
    last = next((one for one in reversed(told) if one.isalnum() or one == "\u30fc"), "")
    name = (unicodedata.name(last, "") if last else "").partition(" ")[0].partition("-")[0]
    if name in _UNSTOPPED:
        return " "
    stop = _STOPS.get(name, ".")
    return stop if stop in _WIDE_ENDS else f"{stop} "


@lru_cache(maxsize=4096)  # asked for again for every variant that tells the story
def link(url: str) -> str:
    """Return the URL with only the characters RFC 3986 allows; "" unless http, https or mailto."""
    bare = _UNFIT.sub("", url.strip())
    try:
        parts = urlsplit(bare)
        safe = parts.scheme in _SCHEMES and (parts.scheme == "mailto" or bool(parts.hostname))
    except ValueError:
        return ""
    return quote(bare, safe=_URL_SAFE) if safe else ""


def host(url: str) -> str:
    """Return the host a reader knows the site by: "news.example", without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def together(text: str) -> str:
    """Return the text with no-break spaces of the usual width: no line ends inside "4 min read"."""
    return text.replace(" ", "\u00a0").replace(_NARROW, "\u00a0")
