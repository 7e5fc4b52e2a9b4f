"""Dates of every format → aware UTC, or None where there is none to be had.

All dates of a feed are read by one convention (convention.py): what one of them leaves open,
the others and the feed's language decide.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from digest.collector.dates.calendars import gregorian
from digest.collector.dates.day_halves import half_of
from digest.collector.dates.month_names import month_of
from digest.collector.dates.month_phrases import in_one_word
from digest.collector.dates.time_zones import read_zone

_MAX_LENGTH = 100
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before feeds: an unset clock, not a date
_SHORTEST = 8
_CENTURY = 100
_AFTERNOON = 12
_MONTHS = 12
_ISO = re.compile(r"^(?:19|20)\d{2}-?\d{2}-?\d{2}(?:[T ]|$)")
_MAIL = re.compile(
    r"^(?:[A-Z][a-z]{2}, ?)?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"(?:19|20)\d\d (?:[01]\d|2[0-3]):\d\d(?::\d\d)? (?:GMT|UTC|Z|[+-]\d{4})$"
)
_COMPACT = re.compile(r"^((?:19|20)\d{6})(\d{4}|\d{6})$")
# Also as .NET writes it in JSON: "/Date(1795000000000+0100)/".
_UNIX = re.compile(
    r"^(?:/Date\()?(?:(\d{9,10})(?:\.\d+)?|(\d{12,13}))(?:(?:[+-]\d{4})?\)/)?$", re.IGNORECASE
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s?[-/.\u5e74\ub144]\s?(\d{1,2})\s?[-/.\u6708\uc6d4]\s?(\d{1,2})(?!\d)"
    r"\s?[.\u65e5\uc77c]?"
)
NUMERIC = re.compile(r"(?<![\d:])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])")
_TIME = re.compile(
    r"(?<![\d+-])(\d{1,2})\s?(?:[:h]|[\u65f6\u6642\uc2dc]|\.(?=\d\d(?!\d)))\s?(\d{2})"
    r"(?:\s?[:.\u5206\ubd84]\s?(\d{1,2}))?(?:[.,]\d{1,9})?\s?[\u5206\ubd84\u79d2\ucd08]?",
    re.IGNORECASE,
)
_NAME = r"(?P<month>[^\s\d,/.()\u2013-]{2,24})"
_DAY = r"(?<![\d:])(?P<day>\d{1,2})(?:st|nd|rd|th|er|re|[\u00ba\u00aa\u00b0])?"
_LINK = r"[\s,./-]*(?:(?:de|del|do|of|di|da|ta'|ng|th\u00e1ng|m\u1ed3ng)\s+)?"
_YEAR = r"(?<![+\d:])(?<!\s-)(?P<year>\d{4})(?![\d:])"
_WORDED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}{_LINK}{_NAME}{_LINK}'?(?P<year>\d{{4}}|\d{{2}})(?![\d:])",  # 24 de sept. de 2018
        rf"{_NAME}[.\s-]+{_DAY}\b.{{1,30}}?{_YEAR}",  # Sep 24, 2018; Sep 24 10:00:00 GMT 2018
        rf"{_YEAR}[.\s-]*(?:[^\W\d]{{1,2}}\.\s*)?{_NAME}[.\s-]+{_DAY}\b",  # 2018. szeptember 24.
        # 2018. gada 24. septembris, and the same in Kazakh
        rf"{_YEAR}\.?\s+(?:gada|\u0436\.|\u0436\u044b\u043b\u0493\u044b)\s+{_DAY}\.?\s+{_NAME}",
        rf"{_YEAR}e?ko\s+{_NAME}\s+{_DAY}an?\b",  # 2018ko irailaren 24a
    )
)


@dataclass(frozen=True, slots=True)
class Convention:
    """How a feed writes its dates.

    `zone` is that of times that name none; `offset` is added to every date, for a zone that is
    always wrong.
    """

    day_first: bool = False
    language: str = ""
    zone: str = "UTC"
    offset: timedelta = timedelta(0)


@dataclass(slots=True)
class DateReader:
    """Reads the dates of one feed; `ahead` is how far the furthest lay after `now`."""

    now: datetime
    convention: Convention = field(default_factory=Convention)
    ahead: timedelta = timedelta(0)

    def read(self, text: str) -> datetime | None:
        """Read `text` as a moment. What lies after `now` becomes `now`, before 1990 is no date."""
        moment = read_date(text, self.convention)
        if moment is None:
            return None
        self.ahead = max(self.ahead, moment - self.now)
        return min(moment, self.now)


def parse_date(text: str, now: datetime, convention: Convention | None = None) -> datetime | None:
    """Read `text` as a moment; a time without zone counts as UTC, a day as its midnight.

    What lies after `now` becomes `now`; what lies before 1990 is an unset clock: None.
    """
    return DateReader(now, convention or Convention()).read(text)


def read_date(text: str, convention: Convention) -> datetime | None:
    """Read `text` as a moment, wherever it lies; None before 1990 and for what is no date."""
    text = text.strip()
    if not _SHORTEST <= len(text) <= _MAX_LENGTH:
        return None
    try:
        moment = _quickly(text) or _any_date(text, convention)
        if moment is None:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=_zone(convention.zone))
        utc = moment.astimezone(UTC) + convention.offset
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return utc if utc >= _EARLIEST else None


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _quickly(text: str) -> datetime | None:
    """Read the two forms of nearly all feeds, RFC 3339 and RFC 5322, and Unix time."""
    if _MAIL.match(text):
        return parsedate_to_datetime(text)
    if _ISO.match(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    if compact := _COMPACT.match(text):
        return datetime.fromisoformat(f"{compact[1]}T{compact[2]}")
    if unix := _UNIX.match(text):
        return datetime.fromtimestamp(int(unix[1] or unix[2][:-3]), UTC)
    return None


def _any_date(text: str, convention: Convention) -> datetime | None:
    """Find a day, a time and a zone, wherever they stand."""
    text = gregorian(in_one_word(plain_digits(text)), convention.language)
    day, rest = _day(text, convention)
    if day is None:
        return None
    year, month, number = day
    clock = _TIME.search(rest)
    hours, minutes, seconds = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    before, after = (rest[: clock.start()], rest[clock.end() :]) if clock else (rest, "")
    late, after = half_of(before, after, convention.language)
    if late is not None and hours <= _AFTERNOON:
        hours = hours % _AFTERNOON + (_AFTERNOON if late else 0)
    midnight = hours == 24 and not minutes and not seconds  # noqa: PLR2004 - ISO 8601, 24:00
    moment = datetime(year, month, number, 0 if midnight else hours, minutes, min(seconds, 59))  # noqa: DTZ001 - the zone is added below
    moment += timedelta(days=1) if midnight else timedelta(0)
    zone = read_zone(after, convention.language) if clock else None
    return moment.replace(tzinfo=zone) if zone else moment


def plain_digits(text: str) -> str:
    """Return `text` with the digits of every script as 0 to 9, and without marks of direction."""
    if text.isascii():
        return text
    wide = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter
        for letter in wide
        if unicodedata.category(letter) != "Cf"
    )


def _day(text: str, convention: Convention) -> tuple[tuple[int, int, int] | None, str]:
    """Return (year, month, day), and the text without it."""
    if found := _YEAR_FIRST.search(text):
        year, month, number = map(int, found.groups())
        if month > _MONTHS >= number:
            month, number = number, month
        return (year, month, number), text[: found.start()] + " " + text[found.end() :]
    if found := NUMERIC.search(text):
        rest = text[: found.start()] + " " + text[found.end() :]
        return _numeric(found, day_first=convention.day_first), rest
    return _worded(text, convention.language)


def _numeric(found: re.Match[str], *, day_first: bool) -> tuple[int, int, int]:
    """Tell day and month apart; with dots between them the day comes first everywhere."""
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    first = day_first or found[2] == "."
    if one > _MONTHS or other > _MONTHS:
        first = one > _MONTHS
    number, month = (one, other) if first else (other, one)
    return _full(year), month, number


def _full(year: int) -> int:
    return year if year >= _CENTURY else 2000 + year if year < 70 else 1900 + year  # noqa: PLR2004 - RFC 5322 section 4.3


def _worded(text: str, language: str) -> tuple[tuple[int, int, int] | None, str]:
    """Read a day whose month is a name, and the text without it, but for the time inside it."""
    for pattern in _WORDED:
        found = pattern.search(text)
        month = month_of(found["month"], language) if found else None
        if found and month:
            inside = found[0] if ":" in found[0] else " "
            rest = f"{text[: found.start()]} {inside} {text[found.end() :]}"
            return (_full(int(found["year"])), month, int(found["day"])), rest
    return None, text
