"""How fast an issue may leave: the configured limits, and what earlier runs have left of them.

Hours and days are those of the clock in UTC, so that yesterday's issue takes nothing from today's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.config import Settings
from digest.sender import Budget
from digest.store import Store

_WINDOW_SECONDS = 10.0


def rate_of(settings: Settings) -> float:
    """Give the most mails a second, 0 for no limit."""
    pace = settings.pace
    limits = [limit for limit in (pace.per_second, pace.per_minute / 60) if limit]
    return min(limits, default=0.0)


def window_of(settings: Settings) -> int:
    """Give how many readers may be claimed ahead: a slow issue must not hold any for long.

    0 is the sender's own choice.
    """
    rate = rate_of(settings)
    most = 8 * settings.smtp.connections
    return min(most, max(1, int(rate * _WINDOW_SECONDS))) if rate else 0


def budgets_of(settings: Settings, store: Store, now: datetime) -> tuple[Budget, ...]:
    """Give what this hour and this day have left, over all issues of the newsroom."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    limits = (
        ("hour", settings.pace.per_hour, hour, hour + timedelta(hours=1)),
        ("day", day_limit(settings, now), day, day + timedelta(days=1)),
    )
    return tuple(
        Budget(
            max(0, limit - store.operator.begun_since(begin)),
            f"the limit of {limit} mails in this {name} is reached",
            end,
        )
        for name, limit, begin, end in limits
        if limit
    )


def day_limit(settings: Settings, now: datetime) -> int:
    """Give the most mails of this day: the warm-up plan's while it lasts; 0 for no limit."""
    pace = settings.pace
    limits = [pace.per_day] if pace.per_day else []
    if pace.warm_up_from is not None:
        number = max(0, (now.date() - pace.warm_up_from).days)
        limits += pace.warm_up[number : number + 1]
    return min(limits, default=0)
