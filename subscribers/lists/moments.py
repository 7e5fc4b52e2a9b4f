"""Dates as lists write them. A date that cannot be read without a guess is None."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? +(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_SLASHED = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:,? +(\d{1,2}):(\d{2})(?::(\d{2}))?(?: *([ap])\.?m\.?)?)?",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"\d{10}(?:\d{3})?")
_ZONE_NAMED = re.compile(r" +(?:UTC|GMT|Z)$")
_MONTHS = 12
_NOON = 12
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)  # before it, a date is an empty field of a database


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime | None:
    """Return the moment, in UTC where no zone is named; None if it cannot be told.

    ISO 8601, seconds or milliseconds since 1970, 5.11.2026 (the day comes first), and 11/25/2026
    where only one reading is a date.
    """
    cleaned = _ZONE_NAMED.sub("+00:00", text.strip())
    if not cleaned:
        return None
    try:
        found = _read(cleaned)
    except (ValueError, OverflowError, OSError):
        return None
    if found is None:
        return None
    aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    try:
        made = aware.astimezone(UTC)
    except OverflowError:
        return None
    return made if made >= _EARLIEST else None


def _read(text: str) -> datetime | None:
    if match := _DOTTED.fullmatch(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the caller does
    if match := _SLASHED.fullmatch(text):
        return _slashed(match)
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    return datetime.fromisoformat(text) if "-" in text else None


def _slashed(match: re.Match[str]) -> datetime | None:
    first, second, year = (int(match[number]) for number in (1, 2, 3))
    if first <= _MONTHS and second <= _MONTHS and first != second:
        return None
    day, month = (second, first) if second > _MONTHS else (first, second)
    hour, minute, second_of = (int(match[number] or 0) for number in (4, 5, 6))
    if match[7]:
        hour = hour % _NOON + (_NOON if match[7] in "pP" else 0)
    return datetime(year, month, day, hour, minute, second_of)  # noqa: DTZ001 - as above
