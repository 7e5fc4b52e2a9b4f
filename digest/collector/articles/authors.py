"""Names of authors as sources write them → names: no mail address, no "By", no shouting."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from digest.collector.articles.bylines import without_byline
from digest.collector.articles.text import clip, untagged
from digest.models.limits import ArticleLimits

_MAILTO = re.compile(r"\bmailto:\s*", re.IGNORECASE)
_MAIL = re.compile(
    r"[\w.+'-]+(?:@|\s?[\[(](?:at|arroba)[\])]\s?)[\w-]+(?:\.[\w-]+)+(?:\?[^\s<>\"]*)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<([^<>\s@]+@[^<>\s@]+)>")  # a mail address is no tag
_AND = re.compile(r"\s*[;|\n\u3001\u060c\uff1b]\s*")
_HANDLE = re.compile(r"\(?(?<![\w.])@\w{2,30}\)?")
_NOBODY = frozenset(
    {
        "admin",
        "administrator",
        "webmaster",
        "root",
        "unknown",
        "anonymous",
        "none",
        "null",
        "nobody",
    }
)
_VOWEL = re.compile(
    "[AEIOUY\u0131i\u0391\u0395\u0397\u0399\u039f\u03a5\u03a9\u0410\u0415\u0418\u041e\u0423\u042b\u042d\u042e\u042f\u0404\u0406]"
)
_SHORT = 4  # letters: a single word in capitals is an agency
_PARTICLES = frozenset(
    {"VON", "VAN", "DE", "DER", "DEN", "DU", "DA", "DI", "DEL", "LA", "AND", "UND", "ET", "Y"}
)


def authors(written: Iterable[str], limits: ArticleLimits, language: str = "") -> str:
    """Return the names as one line, each once, up to the limits; eased as `language` eases them."""
    unique: dict[str, str] = {}
    for text in written:
        for name in _names(text[:1_000], language):
            unique.setdefault(name.casefold(), name)
    kept = list(unique.values())[: limits.max_authors]
    return clip(", ".join(kept), limits.max_author)


@functools.lru_cache(maxsize=256)
def _names(text: str, language: str) -> tuple[str, ...]:
    """Return the names in a text; a newsroom has few, who write much."""
    return tuple(_read_names(text, language))


def _read_names(text: str, language: str) -> Iterator[str]:
    bare = re.sub(r"[<>]", " ", untagged(_ADDRESS.sub(r"\1", _MAILTO.sub("", text))))
    for part in _AND.split(bare):
        name = _HANDLE.sub(" ", _MAIL.sub(" ", part))
        name = re.sub(r"\(\s*\)", " ", name)
        if name != part:  # "mail@host (Name)": what is left in brackets is the name
            name = re.sub(r"[()\[\]]", " ", name)
        if name.count("(") != name.count(")"):
            name = name.strip("() ")
        name = re.sub(r"\s+,", ",", " ".join(name.split()))
        if "@" in name or "://" in name or name.startswith("?"):
            continue  # what is left of an address
        name = without_byline(name.strip(" ,;:-\u2013"))
        if name and name.casefold() not in _NOBODY:
            yield _eased(name, turkish=_is_turkish(name, language))


def _is_turkish(name: str, language: str) -> bool:
    """Tell whether a capital I is one without a dot."""
    return language[:2].lower() in {"tr", "az"} or any(letter in name for letter in "\u0130\u011e")


def _eased(name: str, *, turkish: bool) -> str:
    """Write a name in capitals as names are written; agencies and initials stay."""
    loud = [word for word in name.split() if word.upper() not in _PARTICLES]
    if not all(map(str.isupper, loud)) or (" " not in name and "-" not in name):
        return name
    if turkish:
        name = re.sub("(?<=\\w)I", "\u0131", name).replace("\u0130", "i")
    words = enumerate(name.split())
    return " ".join(_word(word, first=place == 0, turkish=turkish) for place, word in words)


def _word(word: str, *, first: bool, turkish: bool) -> str:
    if word in _PARTICLES and not first:
        return word.lower()
    bare = unicodedata.normalize("NFD", word)
    if "." in word or (len(word) <= _SHORT and not _VOWEL.search(bare)):
        return word
    eased = re.sub(r"[^\W\d_]+", lambda found: _capitalised(found[0], turkish=turkish), word)
    return re.sub(r"\bMc([a-z])", lambda found: "Mc" + found[1].upper(), eased)


def _capitalised(word: str, *, turkish: bool) -> str:
    if turkish and word.startswith("i"):
        return "\u0130" + word[1:].lower()
    return word.capitalize()
