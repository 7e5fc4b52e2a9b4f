"""The language of an article as a short code: what the source says, unless its letters disagree."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter

_CODE = re.compile(r"^[^A-Za-z]*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*\s*$")
_SAMPLE = 400
# Two-letter texts seen in <language> that name a country, not a language (ISO 639 has neither).
_COUNTRIES = frozenset({"us", "gb", "jp", "cn", "dk", "mx"})
# Scripts that one large press language uses, and the languages that share them.
_SCRIPTS = {
    "BENGALI": ("bn", {"bn", "as"}),
    "HEBREW": ("he", {"he", "yi", "iw"}),
    "ARABIC": ("ar", {"ar", "fa", "ur", "ps", "ug", "ckb", "sd"}),
    "HANGUL": ("ko", {"ko"}),
    "HIRAGANA": ("ja", {"ja"}),
    "KATAKANA": ("ja", {"ja"}),
    "CJK": ("zh", {"zh", "ja", "yue"}),
    "CYRILLIC": ("ru", {"ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn", "tg"}),
    "GREEK": ("el", {"el"}),
    "THAI": ("th", {"th"}),
    "DEVANAGARI": ("hi", {"hi", "mr", "ne", "sa"}),
    "TAMIL": ("ta", {"ta"}),
    "TELUGU": ("te", {"te"}),
    "GEORGIAN": ("ka", {"ka"}),
    "ARMENIAN": ("hy", {"hy"}),
}


def language_code(declared: str) -> str:
    """Return "en" for "en-GB", "en_US" or "EN"; "" for what is no language."""
    found = _CODE.match(declared.strip())
    code = found[1].lower() if found else ""
    return "" if code in _COUNTRIES else code


def language_of(text: str, declared: str) -> str:
    """Return the code of `declared` unless the script of `text` rules it out."""
    code = language_code(declared)
    script = _script(text[:_SAMPLE])
    if code == "uk" and script != "CYRILLIC":
        return ""  # the United Kingdom was meant, not Ukrainian
    if script not in _SCRIPTS:
        return code
    usual, possible = _SCRIPTS[script]
    return code if code in possible else usual


@functools.lru_cache(maxsize=8_192)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _script(text: str) -> str:
    """Name the script of most letters; kana anywhere means Japanese."""
    if text.isascii():
        return "LATIN"
    counts: dict[str, int] = {}
    for letter, times in Counter(text).items():  # a text has few letters, many times each
        if letter.isalpha():
            name = _script_of(letter)
            counts[name] = counts.get(name, 0) + times
    if counts.get("HIRAGANA", 0) > counts.get("LATIN", 0) // 4:
        return "HIRAGANA"
    return max(counts, key=counts.__getitem__, default="")
