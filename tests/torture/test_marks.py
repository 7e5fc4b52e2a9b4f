"""Killed in the middle: the ledger is still the one that is remembered, and an older one is not.

What is remembered outside the store is written every second, so a crash always finds it behind
the ledger. That must never look like a ledger that was restored, and one that was restored must
never look like that.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import ExitCode
from digest.models.deliveries import DeliveryState

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom, Running

_LONGEST = 60.0


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _LONGEST
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def remembered(newsroom: Newsroom) -> int:
    """Return how many certainly have their mail, by the file in the user's state directory."""
    ledgers = Path(os.environ["XDG_STATE_HOME"]) / "digest" / "ledgers"
    marks = (json.loads(file.read_text()) for file in ledgers.glob("*.json"))
    ours = str(newsroom.folder / "digest.db")
    kept: dict[str, int] = next((one["accepted"] for one in marks if one["store"] == ours), {})
    return int(kept.get(newsroom.issue_key, 0))


def killed_after(newsroom: Newsroom, running: Running, mails: int) -> None:
    """Kill it once so many more mails have come, if it still runs then."""
    goal = newsroom.sink.mails + mails
    until(lambda: newsroom.sink.mails >= goal or not running.alive)
    running.kill()
    running.wait()


def test_a_crash_is_never_taken_for_a_restored_ledger(
    newsroom_on: Callable[[int], Newsroom],
) -> None:
    """Killed at one moment after the other: the next run is never refused, and nobody is lost."""
    newsroom = newsroom_on(160)
    sender = newsroom.senders[0]
    for more in (1, 60):
        killed_after(newsroom, newsroom.send(sender), more)
        assert newsroom.begin(sender, "reconcile").wait() == [ExitCode.DONE], newsroom.said()
    ended = newsroom.send(sender).wait()
    assert set(ended) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-2000:]
    states = set(newsroom.states().values())
    assert states <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}


def test_a_backup_from_amid_a_send_that_was_killed_is_noticed(
    newsroom_on_sqlite: Callable[[int], Newsroom],
) -> None:
    """Made while it ran, restored after the kill: refused, and nobody gets a second copy."""
    newsroom = newsroom_on_sqlite(400)
    newsroom.slow_down(60)
    running = newsroom.send(newsroom.senders[0])
    until(lambda: remembered(newsroom) > 0)
    backup = newsroom.folder / "backup.db"
    with closing(sqlite3.connect(newsroom.folder / "digest.db", timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    with closing(sqlite3.connect(backup)) as connection:
        known = connection.execute("SELECT count(*) FROM delivery WHERE state = 'accepted'")
        (accepted,) = known.fetchone()
    until(lambda: remembered(newsroom) > accepted)
    running.kill()
    running.wait()
    for name in ("digest.db-wal", "digest.db-shm"):
        (newsroom.folder / name).unlink(missing_ok=True)
    backup.replace(newsroom.folder / "digest.db")
    copies = newsroom.sink.copies()
    assert newsroom.send(newsroom.senders[0]).wait() == [ExitCode.REFUSED], newsroom.said()
    assert newsroom.sink.copies() == copies
    assert set(copies.values()) == {1}
