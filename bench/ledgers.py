"""Two ledgers that keep no promise: what sending costs without a store, and what a disk adds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench.mails import recipient
from digest.models.deliveries import Advanced, Claim, ClaimRequest, Settlement, Start

_MOVE = (
    "UPDATE delivery SET state = ?, updated_at = ?"
    " WHERE id IN (SELECT value FROM json_each(?)) AND state = ?"
)


class MemoryLedger:
    """A ledger that forgets: what dispatch costs without any store."""

    def __init__(self, count: int) -> None:
        """Owe a mail to `count` readers."""
        self._owed = iter(range(1, count + 1))

    def claim(self, issue_id: int, request: ClaimRequest, now: datetime) -> tuple[Claim, ...]:
        """Return the next readers."""
        del issue_id, now
        return tuple(
            Claim(recipient(number), 1, 1)
            for _, number in zip(range(request.limit), self._owed, strict=False)
        )

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        """Agree to everything."""
        del now
        return Advanced(
            frozenset(number for number, *_ in starting),
            frozenset(settlement.delivery_id for settlement in settled),
        )

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Forget."""


class BareLedger(MemoryLedger):
    """The least that durable outcomes on SQLite can cost: a limit for our own ledger.

    A delivery is a number and a state. A group is two UPDATEs and one COMMIT by the driver itself,
    with `synchronous = FULL` as the store has it. There is no fence, no lease, no reply, no event
    and no look at whether a reader left, and what is due is counted in memory. A ledger that keeps
    the promises of docs/delivery.md can come near this one and cannot pass it.
    """

    is_local = True

    def __init__(self, path: Path, count: int) -> None:
        """Owe a mail to `count` readers; make the file at `path`."""
        super().__init__(count)
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.execute("CREATE TABLE delivery (id INTEGER PRIMARY KEY, state, updated_at)")
        self._file.execute("BEGIN")
        self._file.executemany(
            "INSERT INTO delivery VALUES (?, 'pending', '')", ((n,) for n in range(1, count + 1))
        )
        self._file.execute("COMMIT")

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        """Settle and mark inflight, durably, in one transaction."""
        ended = [one.delivery_id for one in settled]
        begun = [one.delivery_id for one in starting]
        at = now.isoformat()
        self._file.execute("BEGIN IMMEDIATE")
        self._file.execute(_MOVE, ("accepted", at, json.dumps(ended), "inflight"))
        self._file.execute(_MOVE, ("inflight", at, json.dumps(begun), "pending"))
        self._file.execute("COMMIT")
        return Advanced(frozenset(begun), frozenset(ended))

    def close(self) -> int:
        """Close the file; return how many are accepted."""
        (count,) = self._file.execute(
            "SELECT count(*) FROM delivery WHERE state = 'accepted'"
        ).fetchone()
        self._file.close()
        return int(count)
