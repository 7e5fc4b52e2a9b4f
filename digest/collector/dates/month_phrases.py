"""Months that a language writes in several words or by a number: "تشرين الثاني", "tháng 11"."""

from __future__ import annotations

import re

_IN_THE_LEVANT = re.compile(r"(تشرين|كانون)\s+(?:ال)?([اأ]ول|ثان[يى])(?=\W|\Z)")
# The second of two names of one month: "تشرين الثاني/نوفمبر 2026".
_ALSO_CALLED = re.compile(r"(?<=[^\W\d])\s*[/(]\s*[\u0600-\u06ff]{3,12}\s*\)?(?=[\s,،]*\d{4})")
_IN_VIETNAM = re.compile(
    r"(?:(?<=\d)\s*,?\s*|\b)(?:th[aá]ng|thg|th)\.?\s*"
    r"(\d{1,2}(?![\d:])|mười (?:một|hai)|[^\W\d]+)[\s,]*(?:năm\s)?",
    re.IGNORECASE,
)
_VIETNAMESE = (
    "một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai",
)  # fmt: skip
_IN_MONGOLIA = re.compile(r"(\d{4})\s*оны\s*(\d{1,2})(?:-?\u0440)?\s*сарын\s*(\d{1,2})")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def in_one_word(text: str) -> str:
    """Return a date's `text` with one word, or a number, for a month that has several."""
    if text.isascii() and "th" not in text.lower():
        return text
    text = _IN_THE_LEVANT.sub(_joined, _ALSO_CALLED.sub(" ", text))
    return _IN_VIETNAM.sub(_in_english, _IN_MONGOLIA.sub(r"\1-\2-\3", text))


def _joined(found: re.Match[str]) -> str:
    return found[1] + ("الاول" if found[2].endswith("ول") else "الثاني")


def _in_english(found: re.Match[str]) -> str:
    said = found[1].lower()
    if said.isdigit():
        number = int(said)
    else:
        number = 1 + _VIETNAMESE.index(said) if said in _VIETNAMESE else 0
    return f" {_ENGLISH[number - 1]} " if 1 <= number <= len(_ENGLISH) else found[0]
