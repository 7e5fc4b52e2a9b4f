"""Dates of every format → aware UTC, or None where there is none to be had."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dateutil import parser

_MAX_LENGTH = 100
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before feeds: an unset clock, not a date
_HOUR = 3600
# Abbreviations of RFC 822 and of newsrooms. Where one is ambiguous the larger newsroom wins.
_ZONES = {
    name: hours * _HOUR
    for name, hours in {
        "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1,
        "CEST": 2, "MESZ": 2, "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "TRT": 3, "IRST": 3.5,
        "GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75, "WIB": 7, "ICT": 7, "WITA": 8, "SGT": 8,
        "HKT": 8, "PHT": 8, "AWST": 8, "WIT": 9, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10,
        "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
        "MDT": -6, "PST": -8, "PDT": -7, "AST": -4, "ADT": -3, "NST": -3.5, "BRT": -3, "ART": -3,
        "AKST": -9, "AKDT": -8, "HST": -10,
    }.items()
}  # fmt: skip
_SIGNED_ZONE = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\s*$")
_ISO = re.compile(r"^-?\d{4}-\d{2}")
_SHORTEST = 8


def parse_date(text: str, now: datetime) -> datetime | None:
    """Read `text` as a moment; a time without zone counts as UTC, a day as its midnight.

    What lies after `now` becomes `now`; what lies before 1990 is an unset clock: None.
    """
    text = text.strip()
    if not _SHORTEST <= len(text) <= _MAX_LENGTH:
        return None
    moment = _iso(text) or _mail_date(text) or _any_date(text)
    if moment is None:
        return None
    try:
        utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return sensible(utc, now)


def sensible(moment: datetime, now: datetime) -> datetime | None:
    """Clamp the future to `now` and turn unset clocks into None."""
    if moment < _EARLIEST:
        return None
    return min(moment, now)


def _iso(text: str) -> datetime | None:
    if not _ISO.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail_date(text: str) -> datetime | None:
    # parsedate reads "GMT+9" and unknown names as UTC, so only zones it surely knows go there.
    if not re.search(r"(?:[+-]\d{4}|\bGMT|\bUTC|\bZ)$", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _any_date(text: str) -> datetime | None:
    # dateutil follows POSIX, where "GMT+3" lies west; newsrooms mean three hours east.
    zone = _SIGNED_ZONE.search(text)
    bare = text[: zone.start()] if zone else text
    default = datetime(1970, 1, 1)  # noqa: DTZ001 - the zone is added below
    try:
        moment: datetime = parser.parse(bare, default=default, tzinfos=_ZONES, ignoretz=False)
        if not zone:
            return moment
        offset = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0))
        naive = moment.replace(tzinfo=UTC)
        return naive - offset if zone[1] == "+" else naive + offset
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError, ArithmeticError):
        return None
