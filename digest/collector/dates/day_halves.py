"""The half of the day that a 12-hour clock means: "p.m.", "م", "μ.μ.", "下午", "CH"."""

from __future__ import annotations

import re

# By CLDR's day periods and as newsrooms write them; full stops and blanks may stand between.
_BEFORE_NOON = (
    "a m|de la mañana|da manhã|del matí|di mattina|ص|صباح|صباحا|صباحاً|صباحًا|ق ظ|قبل از ظهر|صبح|"
    "π μ|\u0443\u0442\u0440\u0430|\u043f\u0440 \u043e\u0431|"
    'לפנה״צ|לפנה"צ|לפני הצהריים|पूर्वाह्न|सुबह|এএম|পূর্বাহ্ণ|সকাল|முற்பகல்|pagi'
)
_AFTER_NOON = (
    "p m|de la tarde|de la noche|da tarde|da noite|de la tarda|del pomeriggio|di sera|م|مساء|مساءا|"
    "مساءً|ظهرا|ظهراً|ب ظ|بعد از ظهر|عصر|شام|μ μ|\u0434\u043d\u044f|"
    "\u0432\u0435\u0447\u0435\u0440\u0430|\u0441\u043b \u043e\u0431|"
    'אחה״צ|אחה"צ|אחר הצהריים|अपराह्न|दोपहर|शाम|পিএম|অপরাহ্ণ|দুপুর|বিকেল|বিকাল|সন্ধ্যা|பிற்பகல்|'
    "petang|malam"
)
# Words that mean something else in other languages.
_OWN = {
    "vi": re.compile(r"\s*(?:(SA)|(CH))\b"),
    "hu": re.compile(r"\s*\b(?:(de)|(du))\b\.?\s*", re.IGNORECASE),
    "tr": re.compile(r"\s*(?:(ÖÖ)|(ÖS))\b", re.IGNORECASE),
}
# Written without blanks, before the time.
_EASTERN = re.compile("(上午|凌晨|早上|清晨|午前|오전|새벽)|(下午|晚上|傍晚|中午|午後|오후|저녁)")


def _pattern(words: str) -> str:
    return words.replace(" ", r"\.?\s?")


_HALF = re.compile(
    rf"(?<![^\W\d_])(?:({_pattern(_BEFORE_NOON)})|({_pattern(_AFTER_NOON)}))\.?(?![^\W\d_])",
    re.IGNORECASE,
)
_NEAR = 4  # characters
_SHORT = 2  # letters: such a word is another one elsewhere ("2026م": of our era, German "am")


def half_of(before: str, after: str, language: str) -> tuple[bool | None, str]:
    """Return whether the half that is named beside a time is the second, None without one.

    With it comes `after`, which follows the time, without that name.
    """
    own = _OWN[language].match(after) if language in _OWN else None
    if found := own or _EASTERN.search(after) or _first(after):
        return found[2] is not None, f"{after[: found.start()]} {after[found.end() :]}"
    ahead = (
        (own_words.fullmatch(before[-_NEAR:]) if (own_words := _OWN.get(language)) else None)
        or _EASTERN.search(before)
        or next((one for one in _HALF.finditer(before) if not _is_short(one)), None)
    )
    return (ahead[2] is not None if ahead else None), after


def _first(after: str) -> re.Match[str] | None:
    """Return the name of a half in what follows a time; a short one stands right behind it."""
    return next(
        (
            found
            for found in _HALF.finditer(after)
            if not _is_short(found) or not after[: found.start()].strip(" .")
        ),
        None,
    )


def _is_short(found: re.Match[str]) -> bool:
    return found[0].isalpha() and not found[0].isupper() and len(found[0]) <= _SHORT
