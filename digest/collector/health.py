"""A source's health: its record → a state, the reason, and what to do. Pure.

A quiet day is not a broken feed: "far below usual" is measured against the quietest day of the
last fortnight, so a Sunday is compared with a Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_FAR_BELOW = 0.3  # of the usual, or of the quietest day
_ENOUGH_ITEMS = 5.0  # a document that holds fewer says nothing by its length
_ENOUGH_DAYS = 7
_ENOUGH_A_DAY = 3
_ASKED_LATELY = timedelta(hours=36)


class SourceState(StrEnum):
    """A source's state; failing, late and retired hold an issue that requires it."""

    FINE = "fine"
    QUIET = "quiet"
    LATE = "late"
    FAILING = "failing"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """The record of a source.

    `usual_items` is the mean number of articles in a document of it, `days` are the new articles
    of each whole day back from now, the latest first, since it was first read.
    """

    last_success: datetime | None
    last_checked: datetime | None = None
    last_error: str = ""
    failures_in_a_row: int = 0
    last_items: int = 0
    usual_items: float = 0.0
    newest: datetime | None = None
    days: tuple[int, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """A state with its reason, and what a person can do about it ("" is nothing)."""

    state: SourceState
    reason: str
    fix: str = ""

    @property
    def is_well(self) -> bool:
        """Whether an issue may rely on the source."""
        return self.state in {SourceState.FINE, SourceState.QUIET}


def diagnose(history: SourceHistory | None, now: datetime) -> Health:
    """Say how a source is doing; None is one that was never asked."""
    if history is None or (history.last_success is None and not history.last_error):
        return Health(SourceState.LATE, "never collected", "Run `digest collect`")
    if history.retired:
        fix = "Replace or remove it in digest.toml"
        return Health(SourceState.RETIRED, "the site retired this address (410 Gone)", fix)
    if history.failures_in_a_row:
        return _failing(history)
    return _by_volume(history) or _by_time(history, now)


def _failing(history: SourceHistory) -> Health:
    times = history.failures_in_a_row
    row = "the last look failed" if times == 1 else f"{times} looks in a row failed"
    since = f", last read {_day(history.last_success)}" if history.last_success else ", never read"
    # An error ends with what to do (DigestError.__str__), where there is anything.
    what, _, fix = history.last_error.rpartition(". ")
    said = what or history.last_error
    return Health(
        SourceState.FAILING, f"{row}{since}: {said}", fix if what else "Open it in a browser"
    )


def _by_volume(history: SourceHistory) -> Health | None:
    """Find a source that gives far less than it used to."""
    usual, got = history.usual_items, history.last_items
    if usual >= _ENOUGH_ITEMS and got < _FAR_BELOW * usual:
        reason = f"it gave {got} articles where {usual:.0f} are usual"
        return Health(
            SourceState.LATE, reason, "Look whether the site moved its articles elsewhere"
        )
    if len(history.days) <= _ENOUGH_DAYS:
        return None
    today, quietest = history.days[0], min(history.days[1:])
    if quietest >= _ENOUGH_A_DAY and today < _FAR_BELOW * quietest:
        reason = f"{today} new articles in a day, where no day had fewer than {quietest}"
        return Health(SourceState.LATE, reason, "Look whether the site still writes to this feed")
    return None


def _by_time(history: SourceHistory, now: datetime) -> Health:
    asked = history.last_checked
    if asked is not None and now - asked > _ASKED_LATELY:
        fix = "Run `digest collect`, and look at what should start it"
        return Health(SourceState.LATE, f"not asked since {_day(asked)}", fix)
    if history.days and history.days[0] == 0:
        newest = f"; the newest is of {_day(history.newest)}" if history.newest else ""
        return Health(SourceState.QUIET, f"nothing new in a day{newest}")
    return Health(SourceState.FINE, "read as usual")


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
