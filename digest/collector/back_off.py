"""When a source that failed may be asked again, and when never. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.errors import SourceError, SourceGone, SourceUnreachable

_MOST_DOUBLINGS = 20  # far past any limit; keeps the figure small


@dataclass(frozen=True, slots=True)
class BackOff:
    """`first` pause after failures in seconds, doubled each time; `most` bounds every pause."""

    first: float
    most: float


def ask_again(
    error: SourceError, failures: int, back_off: BackOff, now: datetime
) -> datetime | None:
    """Return the moment before which the source is left alone; None is no such moment.

    `failures` counts those in a row before this one: one failure alone may be chance, and costs
    no pause. A Retry-After of the site is kept up to the same bound.
    """
    asked = error.retry_after or 0.0 if isinstance(error, SourceUnreachable) else 0.0
    doublings = min(failures - 1, _MOST_DOUBLINGS)
    own = back_off.first * 2**doublings if failures else 0.0
    seconds = min(max(asked, own), back_off.most)
    return now + timedelta(seconds=seconds) if seconds > 0 else None


def retires(error: SourceError, *, at_moved_address: bool) -> bool:
    """Tell whether this answer retires the source for good: 410 from the configured address.

    An address it once moved to proves nothing: the configured one is asked again first.
    """
    return isinstance(error, SourceGone) and not at_moved_address
