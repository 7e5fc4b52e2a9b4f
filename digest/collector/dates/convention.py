"""The convention of a feed's dates, learnt from all of them: 05/11 is in May or in November.

A date that can be read in one way only decides for the others. Without one, dates with dots tell
that the day comes first; then the feed's language does; then the reading in which no date lies
ahead, and the one in which all of them lie closer together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.collector.dates.reading import NUMERIC, Convention, plain_digits, read_date

_MONTHS = 12
_LOOKED_AT = 200
# CLDR's short dates: where the month comes first, by language and country.
_MONTH_FIRST = frozenset({"en-us", "en-ph", "en-pr", "en-gu", "es-us", "es-pr", "fil", "fil-ph"})
_A_DAY = timedelta(days=1)


def learn(texts: Sequence[str], language: str, now: datetime, start: Convention) -> Convention:
    """Return `start` with the order of day and month in which `texts` were written."""
    convention = replace(start, language=language.replace("_", "-").partition("-")[0].lower())
    found = [
        (match[2], int(match[1]), int(match[3]))
        for text in texts[:_LOOKED_AT]
        if not text[:5].isalpha() and (match := NUMERIC.search(plain_digits(text[:100])))
    ]
    open_ones = [one for one in found if one[0] != "."]
    if not open_ones:
        return convention
    first = sum(one > _MONTHS >= other for _, one, other in open_ones)
    second = sum(other > _MONTHS >= one for _, one, other in open_ones)
    if first != second:
        return replace(convention, day_first=first > second)
    if len(found) > len(open_ones):
        return replace(convention, day_first=True)
    if language.lower() not in {"", "en"}:
        return replace(convention, day_first=_by_language(language))
    return min(
        (replace(convention, day_first=day_first) for day_first in (False, True)),
        key=lambda one: _cost(texts, one, now),
    )


def _by_language(language: str) -> bool:
    return language.replace("_", "-").lower() not in _MONTH_FIRST


def _cost(texts: Sequence[str], convention: Convention, now: datetime) -> tuple[int, timedelta]:
    """Return how many dates lie ahead, and how far apart they all lie."""
    read = (read_date(text, convention) for text in texts[:_LOOKED_AT])
    dates = [date for date in read if date]
    ahead = sum(date > now + _A_DAY for date in dates)
    return ahead, max(dates, default=now) - min(dates, default=now)
