"""Time zones as dates name them: offsets, abbreviations, names of the tz database."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Abbreviations of RFC 822 and of newsrooms. Where one is ambiguous the larger newsroom wins.
_HOURS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1,
    "CEST": 2, "MESZ": 2, "EET": 2, "SAST": 2, "CAT": 2, "EEST": 3, "MSK": 3, "TRT": 3, "EAT": 3,
    "IRST": 3.5, "GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75, "WIB": 7, "ICT": 7, "WITA": 8,
    "SGT": 8, "HKT": 8, "PHT": 8, "AWST": 8, "WIT": 9, "JST": 9, "KST": 9, "ACST": 9.5,
    "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "ET": -5,
    "CST": -6, "CDT": -5, "CT": -6, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "PT": -8, "AST": -4,
    "ADT": -3, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3, "CLT": -4, "AKST": -9, "AKDT": -8,
    "HST": -10, "WAT": 1, "\u041c\u0421\u041a": 3,
}  # fmt: skip
# What another press means by the same letters.
_ABROAD = {
    ("zh", "CST"): 8, ("he", "IST"): 2, ("ga", "IST"): 1, ("bn", "BST"): 6, ("ar", "AST"): 3,
    ("pt", "AMT"): -4, ("hy", "AMT"): 4,
}  # fmt: skip
_FROM_MOSCOW = re.compile(r"(?:MSK|\u041c\u0421\u041a)\s?([+-]\d)(?!\d)", re.IGNORECASE)
# POSIX has "GMT+3" west of Greenwich; newsrooms mean three hours east.
_OFFSET = re.compile(
    r"(?:\b(?:GMT|UTC|UT|Z))?\s*([+\u2212-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?\b")
_ABBREVIATION = re.compile(
    r"(?<![^\W\d_])([A-Za-z]{1,5}|\u043c\u0441\u043a)(?![^\W\d_])", re.IGNORECASE
)
_MOST = timedelta(hours=15)


def read_zone(text: str, language: str = "") -> tzinfo | None:
    """Find the zone in what follows a time of a feed in `language`; None if none is known."""
    if found := _FROM_MOSCOW.search(text):
        return timezone(timedelta(hours=_HOURS["MSK"] + int(found[1])))
    if found := _NAME.search(text):
        try:
            return ZoneInfo(found[0])
        except (ZoneInfoNotFoundError, ValueError):
            return None
    if found := _OFFSET.search(text):
        away = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if away <= _MOST:
            return timezone(away if found[1] == "+" else -away)
    for word in _ABBREVIATION.findall(text):
        hours = _ABROAD.get((language, word.upper()), _HOURS.get(word.upper()))
        if hours is not None:
            return timezone(timedelta(hours=hours))
    return None
