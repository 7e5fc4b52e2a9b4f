"""Names of months in the languages of the press, from CLDR through Babel: "sept.", "Okt", "сен".

A feed's own language is asked first; then all of them together, where one language's "listopad" is
another's, by how many say so. They are loaded only where a date needs them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter, defaultdict

_LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "nn", "fi", "is", "et",
    "lv", "lt", "cs", "sk", "sl", "hr", "bs", "sr", "sr_Latn", "mk", "bg", "ru", "uk", "be",
    "ro", "hu", "el", "tr", "az", "sq", "ca", "gl", "eu", "cy", "ga", "mt", "lb", "fo", "af",
    "id", "ms", "vi", "fil", "sw", "ar", "fa", "he", "ur", "hi", "bn", "ta", "te", "mr", "gu",
    "kn", "ml", "pa", "ne", "si", "th", "ka", "hy", "kk", "uz", "mn", "ja", "ko", "zh", "my",
    "km", "lo", "am", "ky", "tg", "tk", "ps", "ckb", "or", "as", "so",
    "ar_SY", "ar_DZ", "ar_TN", "ar_MA", "ar_MR", "de_AT", "uz_Cyrl", "az_Cyrl", "bs_Cyrl",
)  # fmt: skip
_LONGEST = 36
_CUT = 3
_STEM = 4
_NASAL = re.compile("\u092e\u094d(?=\u092c)")  # Hindi writes "mb" in two ways
# Written in feeds, and not in CLDR.
_ALSO = {
    "sept": 9, "set": 9, "mrt": 3, "mrz": 3, "maerz": 3, "janner": 1, "feber": 2, "gen": 1,
    "okt": 10, "juni": 6, "juli": 7, "mei": 5, "agu": 8, "agt": 8, "des": 12, "dez": 12, "ott": 10,
    "giu": 6,
    "lug": 7, "kas": 11, "ara": 12, "peb": 2, "nop": 11, "nopember": 11, "pebruari": 2,
    "अक्टूबर": 10, "تشرينالاول": 10, "تشرينالثاني": 11, "كانونالاول": 12, "كانونالثاني": 1,
}  # fmt: skip


def month_of(word: str, language: str = "") -> int | None:
    """Return the number of a month's name, as `language` ("de") or any other writes it, or None."""
    for key in (_key(word), _bare(word)):
        own = _names_of(language).get(key) if language else None
        if found := own or _names_of("en").get(key) or _all_names().get(key):
            return found
    return _inflected(word, language)


def _inflected(word: str, language: str) -> int | None:
    """Return the month of a case that CLDR does not list, by how the name begins: "novembrī"."""
    stem = _bare(word)[:_STEM]
    if len(stem) < _STEM or not language:
        return None
    months = {number for key, number in _names_of(language).items() if key.startswith(stem)}
    return months.pop() if len(months) == 1 else None


@functools.lru_cache(maxsize=64)
def _names_of(language: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError  # a parser that never needs it does not load it

    try:
        months = Locale.parse(language.replace("-", "_")).months
    except (UnknownLocaleError, ValueError):
        return {}
    full = {
        key: number
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for number, name in months[context][width].items()
        for key in {_key(name), _bare(name)}
        if any(map(str.isalpha, key))
    }
    # Feeds cut names to three letters, whatever CLDR does; where that names one month only.
    short: dict[str, set[int]] = defaultdict(set)
    for key, number in full.items():
        short[key[:_CUT]].add(number)
    cut = {key: min(numbers) for key, numbers in short.items() if len(numbers) == 1}
    return cut | full


@functools.cache
def _all_names() -> dict[str, int]:
    told: dict[str, Counter[int]] = defaultdict(Counter)
    for language in _LANGUAGES:
        for key, number in _names_of(language).items():
            told[key][number] += 1
    # Of equals the first language wins, as most_common keeps their order.
    return {key: numbers.most_common(1)[0][0] for key, numbers in told.items()} | _ALSO


def _key(word: str) -> str:
    text = unicodedata.normalize("NFC", word.casefold()).replace(".", "").strip(" ,'\u2019")
    text = _NASAL.sub("\u0902", text)
    for prefix in ("d'", "d\u2019", "\u05d1"):  # Catalan and French "d'octubre", Hebrew "in"
        text = text.removeprefix(prefix)
    return text[:_LONGEST]


def _bare(word: str) -> str:
    """Return the name without its accents: "fevrier", "marco", "agustos"."""
    split = unicodedata.normalize("NFKD", _key(word)).replace("\u0131", "i")
    return "".join(letter for letter in split if not unicodedata.combining(letter))
