"""The time of the tests of the command, and `digest` in another process by the same clock."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

from digest.cli.app import run

# When the tests begin, whatever the day: a Monday, after the slots of the morning.
MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_BEGAN = time.monotonic()


def clock() -> datetime:
    """Return the time of the command and of its news: it goes on from `MOMENT`."""
    return MOMENT + timedelta(seconds=time.monotonic() - _BEGAN)


def program(*words: str) -> list[str]:
    """Return what starts `digest` with these words in a process of its own."""
    return [sys.executable, __file__, clock().isoformat(), *words]


def _main(moment: str, *words: str) -> int:
    ahead = datetime.fromisoformat(moment) - MOMENT
    return run([*words], lambda: clock() + ahead)


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
