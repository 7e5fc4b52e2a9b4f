"""Names of authors as sources write them → names: no mail address, no "By", no shouting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.collector.articles.text import clip, untagged
from digest.models.limits import ArticleLimits

_MAILTO = re.compile(r"\bmailto:\s*", re.IGNORECASE)
_MAIL = re.compile(
    r"[\w.+'-]+(?:@|\s?[\[(](?:at|arroba)[\])]\s?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
_ADDRESS = re.compile(r"<([^<>\s@]+@[^<>\s@]+)>")  # a mail address is no tag
_BY = re.compile(
    r"^(?:(?:written|posted|reported|words|text|story|by)\s+)?"
    r"(?:by|text|texte|tekst|autor|author|auteur|par|por)\b\s*:?\s+(?=\S)"
    r"|^(?:Von|Af|Av|Door|Yazan)\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*[;|\n]\s*")
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
_SHORT = 4  # letters: a single word in capitals is an agency
_PARTICLES = frozenset(
    {"VON", "VAN", "DE", "DER", "DEN", "DU", "DA", "DI", "DEL", "LA", "AND", "UND", "ET", "Y"}
)


def authors(written: Iterable[str], limits: ArticleLimits) -> str:
    """Return the names as one line, each once, up to the limits."""
    names = (name for text in written for name in _names(text[:1_000]))
    unique = {name.casefold(): name for name in names if name}
    kept = list(unique.values())[: limits.max_authors]
    return clip(", ".join(kept), limits.max_author)


def _names(text: str) -> Iterator[str]:
    bare = re.sub(r"[<>]", " ", untagged(_ADDRESS.sub(r"\1", _MAILTO.sub("", text))))
    for part in _AND.split(bare):
        name = _MAIL.sub(" ", part)
        name = re.sub(r"\(\s*\)", " ", name)
        if name != part:  # "mail@host (Name)": what is left in brackets is the name
            name = re.sub(r"[()\[\]]", " ", name)
        if name.count("(") != name.count(")"):
            name = name.strip("() ")
        name = re.sub(r"\s+,", ",", " ".join(name.split()))
        name = _BY.sub("", name.strip(" ,;:-\u2013"))
        if name and name.casefold() not in _NOBODY and "@" not in name and "://" not in name:
            yield _eased(name)


def _eased(name: str) -> str:
    """Write a name in capitals as names are written; agencies and initials stay."""
    loud = [word for word in name.split() if word.upper() not in _PARTICLES]
    if not all(map(str.isupper, loud)) or (" " not in name and "-" not in name):
        return name
    return " ".join(_word(word, first=place == 0) for place, word in enumerate(name.split()))


def _word(word: str, *, first: bool) -> str:
    if word in _PARTICLES and not first:
        return word.lower()
    if "." in word or (
        len(word) <= _SHORT and not re.search("[AEIOUY\u00c0-\u00dc\u0410-\u042f]", word)
    ):
        return word
    eased = re.sub(r"[^\W\d_]+", lambda found: found[0].capitalize(), word)
    return re.sub(r"\bMc([a-z])", lambda found: "Mc" + found[1].upper(), eased)
