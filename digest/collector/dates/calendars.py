"""Dates of other calendars → the Gregorian one: Thai, Persian, Japanese and Taiwanese years.

Rewritten where they stand, as year-month-day or as another year. The lunar Hijri calendar is left
alone: its days are those of a sighted moon, and feeds that write it write the Gregorian date too.
"""

from __future__ import annotations

import re
from datetime import date

_THAI_AHEAD = 543
_TAIWAN_BEHIND = 1911
_THAI_SINCE = 50  # of two digits: "69" is 2569, "26" is 2026
# A year of the Buddhist era, and not the fraction of a second or a zone.
_THAI = re.compile(r"(?<![\d:+])(?<!:\d\d\.)(2[45]\d\d)(?!\d)")
_THAI_SHORT = re.compile(r"(?<=[\u0e00-\u0e7f])\.?\s?'?(\d\d)(?![\d:.])")
_ERAS = re.compile(r"(?:\u0e1e|\u0e04)\.?\u0e28\.?\s?")  # "B.E." and "A.D." before a Thai year
_BETWEEN_THAI = re.compile(r"(?<=[\u0e00-\u0e7f])\.(?=[\u0e00-\u0e7f])")
_JAPANESE = re.compile(
    r"(令和|平成|\bR|\bH)\s?(\d{1,2}|元)\s?[.年]\s?(\d{1,2})\s?[.月]\s?(\d{1,2})日?"
)
_JAPANESE_BEFORE = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_TAIWANESE = re.compile(
    r"(?<![\d:/.-])(?:民國\s?)?(1\d\d)\s?[年/.-]\s?(\d{1,2})\s?[月/.-]\s?(\d{1,2})日?(?![\d:])"
)
# Solar Hijri years since 1990; the lunar calendar is at 1431 and above since 2010.
_PERSIAN_SINCE, _PERSIAN_UNTIL = 1368, 1430
_PERSIAN_NUMBERS = re.compile(
    r"(?<!\d)(1[34]\d\d)\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?![\d:])|"
    r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(1[34]\d\d)(?!\d)"
)
_PERSIAN_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})\s*([\u0600-\u06ff\u200c]{2,12})(?:\s*\u0645\u0627\u0647)?[\s,\u060c]*(1[34]\d\d)(?!\d)"
)
_MONTHS_IN_IRAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند"
_MONTHS_IN_AFGHANISTAN = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"
_MONTHS_IN_PASHTO = "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب"
_PERSIAN_MONTHS = {
    name: number
    for names in (_MONTHS_IN_IRAN, _MONTHS_IN_AFGHANISTAN, _MONTHS_IN_PASHTO)
    for number, name in enumerate(names.split(), start=1)
}
_ONE_SPELLING = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "آ": "\u0627"})
_LONG_MONTHS = 6  # of 31 days; those after them have 30
# The lunar date, where the other one stands beside it.
_LUNAR = re.compile(
    r"(?<!\d)(?:14[3-9]\d\s?[-/]\s?\d{1,2}\s?[-/]\s?\d{1,2}|"
    r"\d{1,2}\s?[-/]\s?\d{1,2}\s?[-/]\s?14[3-9]\d)(?!\d)"
)
# Between the ordinals of Python and a count in cycles of 33 years with 8 leap days.
_PERSIAN_EPOCH = 356_033


def gregorian(text: str, language: str) -> str:
    """Return `text`, whose digits are 0 to 9, with its date as the Gregorian calendar has it."""
    found = _JAPANESE.search(text)
    if found and (language == "ja" or not found[1].isascii()):
        year = _JAPANESE_BEFORE[found[1]] + (int(found[2]) if found[2].isdigit() else 1)
        return _with(text, found, year, int(found[3]), int(found[4]))
    if found := _TAIWANESE.search(text):
        year = int(found[1]) + _TAIWAN_BEHIND
        return _with(text, found, year, int(found[2]), int(found[3]))
    if persian := _persian(text):
        return persian
    return _thai(_LUNAR.sub(" ", text), language)


def _thai(text: str, language: str) -> str:
    text = _BETWEEN_THAI.sub("", _ERAS.sub(" ", text))
    if language == "th" and not _THAI.search(text):
        text = _THAI_SHORT.sub(
            lambda found: f" 25{found[1]}" if int(found[1]) >= _THAI_SINCE else found[0], text
        )
    return _THAI.sub(lambda found: str(int(found[1]) - _THAI_AHEAD), text)


def _persian(text: str) -> str:
    """Return `text` with its Persian date as a Gregorian one, "" where it has none."""
    for found in _PERSIAN_NUMBERS.finditer(text):
        year, month, day = map(int, found.groups()[:3] if found[1] else found.groups()[:2:-1])
        if day_of := _of_persian(year, month, day):
            return _with(text, found, day_of.year, day_of.month, day_of.day)
    for found in _PERSIAN_WORDS.finditer(text):
        named = _PERSIAN_MONTHS.get(found[2].translate(_ONE_SPELLING).replace("\u200c", ""), 0)
        if day_of := _of_persian(int(found[3]), named, int(found[1])):
            return _with(text, found, day_of.year, day_of.month, day_of.day)
    return ""


def _of_persian(year: int, month: int, day: int) -> date | None:
    """Return a day of the solar Hijri calendar, right for the years in which there are feeds."""
    last = 31 if month <= _LONG_MONTHS else 30
    if not (_PERSIAN_SINCE <= year <= _PERSIAN_UNTIL and 1 <= month <= 12 and 1 <= day <= last):  # noqa: PLR2004 - months
        return None
    before = 31 * min(month - 1, _LONG_MONTHS) + 30 * max(0, month - 1 - _LONG_MONTHS)
    cycle = year + 1595
    leap = cycle // 33 * 8 + (cycle % 33 + 3) // 4
    return date.fromordinal(365 * cycle + leap + before + day - _PERSIAN_EPOCH)


def _with(text: str, found: re.Match[str], year: int, month: int, day: int) -> str:
    return f"{text[: found.start()]} {year:04}-{month:02}-{day:02} {text[found.end() :]}"
