"""The copy of a remote ledger that a run works with, and how what it did gets back.

    fetch → open the sealed parts → a private SQLite file → work → push (compare and swap) → …

The copy is a file of this process alone and goes with it. Nothing that was not pushed has
happened: a window's readers are marked inflight and pushed before their mails leave. A push that is
refused ends the run, because another one has gone on from the same state.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from digest.errors import LedgerRefused
from digest.store.remote.contract import Remote, RemoteState
from digest.store.remote.parts import Lock, SealedState, mark_of, sealed_mark, state_of
from digest.store.remote.sealed_box import NotOurs, SealedBox
from digest.store.remote.stop_requests import StopRequests

_FREE = Lock()
_LOCK_LASTS = timedelta(minutes=10)
_SENDS = "It sends to everybody. Run this again after that: it goes on if that one died."
_CHANGES = (
    "What this command changed was not kept. Run it again after that, or have the run stop first:"
    " digest issues pause ISSUE."
)
_GO_ON = "Nothing more was sent. Run this again: it goes on where the other stopped."


class Condition(StrEnum):
    """What was found at the remote; the words go on from "the ledger"."""

    KNOWN = ""
    NEW = "does not exist yet"
    MISSING = "is gone, and its mark is still there"
    OLDER = "is older than its mark: somebody has set it back"
    UNREADABLE = (
        "cannot be opened: it was sealed with another secret key, is not one of Digest's, or is not"
        " whole"
    )


_FIXES = {
    Condition.NEW: "If this newsroom is new, `digest reconcile --adopt` begins its ledger there.",
    Condition.MISSING: "Put the lost one back; or `digest reconcile --adopt` begins another, and"
    " closes the slots that may have been sent.",
    Condition.OLDER: "Put the latest one back; or `digest reconcile --adopt` takes this one, and"
    " holds whatever could be sent twice.",
    Condition.UNREADABLE: "Set DIGEST_SECRET_KEY to the key that it was sealed with; or `digest"
    " reconcile --adopt` sets it aside, begins another, and closes the slots that may have been"
    " sent.",
}


class Replica:
    """A remote ledger in a file of this process."""

    def __init__(self, remote: Remote, box: SealedBox, *, adopting: bool = False) -> None:
        """Fetch and open the state. LedgerRefused if it is not as it was left.

        With `adopting` it is taken as it is: what cannot be opened is set aside.
        """
        self._remote = remote
        self._box = box
        self._fetched = remote.fetch()
        self._lost = False
        self._holds = ""
        self._turn = threading.Lock()  # mails of an issue and single mails may be pushed at once
        self.pushes = self.pushed_bytes = 0
        self.remembered = ""
        self.stop_requests = StopRequests(remote, box)
        self._obeyed: set[str] = set()
        self._mark_sequence = 0
        self.condition, self._state = self._opened()
        if self.condition and not adopting:
            raise LedgerRefused(
                f"the ledger {self.condition}", where=remote.place, fix=_FIXES[self.condition]
            )
        self.set_aside = ""
        if self.condition is Condition.UNREADABLE and self._fetched.version:
            self.set_aside = remote.set_aside(self._fetched)
        self._folder = Path(tempfile.mkdtemp(prefix="digest-state-"))
        self.path = self._folder / "digest.db"
        if self._state.database:
            self.path.touch(mode=0o600)
            self.path.write_bytes(self._state.database)

    @property
    def place(self) -> str:
        """Where the ledger is kept, for a person."""
        return self._remote.place

    def hold(self, worker: str, now: datetime, gone: Callable[[str], bool]) -> None:
        """Take the ledger for a run that sends; LedgerRefused if another run has it.

        It is this run's until ten minutes after its last push.
        """
        if self._holds == worker:
            return
        self._refuse_if_held(worker, now, gone, _SENDS)
        self._holds = worker
        self.push(now)

    def is_taken(self, now: datetime, gone: Callable[[str], bool]) -> bool:
        """Whether another run had the ledger when it was fetched, and has it still."""
        lock = self._state.lock
        return lock.holder not in {"", self._holds} and lock.until > now and not gone(lock.holder)

    def obeyed(self, issue: str) -> None:
        """Take the request about this issue away once what was done for it is pushed."""
        self._obeyed.add(issue)

    def push(self, now: datetime | None = None) -> None:
        """Make what is in the file the ledger; durable and seen by others when it returns.

        RemoteMoved if another run was first, RemoteFailed if it cannot be known: the run is over.
        """
        with self._turn:
            self._push(now)

    def _push(self, now: datetime | None) -> None:
        if self._lost:
            raise LedgerRefused("the ledger was lost to another run", where=self.place, fix=_GO_ON)
        lock = Lock(self._holds, now + _LOCK_LASTS) if self._holds and now else _FREE
        database = self._snapshot()
        state = self._state.followed_by(database, lock, self._box, self._mark_sequence)
        mark = sealed_mark(state.sequence, self.remembered, self._box)
        try:
            version = self._remote.swap(self._fetched.version, state.files(self._box), mark)
        except LedgerRefused as refused:
            self._lost = True
            refused.fix = refused.fix or _GO_ON
            raise
        known = self._state.parts or {}
        new = [sealed for name, sealed in (state.parts or {}).items() if name not in known]
        self.pushes, self.pushed_bytes = self.pushes + 1, self.pushed_bytes + sum(map(len, new))
        self._state, self._fetched = state, RemoteState(version)
        self._take_requests_away()

    def _take_requests_away(self) -> None:
        """Forget requests that are obeyed; obeying one again later would change nothing."""
        if self._obeyed:
            with suppress(LedgerRefused):
                self.stop_requests.withdraw(self._obeyed)
                self._obeyed.clear()

    def close(self, now: datetime, gone: Callable[[str], bool]) -> None:
        """Push what was done since the last push, let others in, and take the file away.

        LedgerRefused, and nothing kept, if another run is sending by what this one has changed.
        """
        try:
            if not self._lost and (self._holds or self._has_changed()):
                if not self._holds:
                    self._refuse_if_held("", now, gone, _CHANGES)
                self.push()
        finally:
            self._remote.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _refuse_if_held(
        self, worker: str, now: datetime, gone: Callable[[str], bool], fix: str
    ) -> None:
        until = self._state.lock.until
        if self.is_taken(now, gone) and self._state.lock.holder != worker:
            raise LedgerRefused(
                f"another run is at work, and has it until {until:%H:%M} UTC at the latest",
                where=self.place,
                fix=fix,
            )

    def _opened(self) -> tuple[Condition, SealedState]:
        found = self._fetched
        try:
            if found.mark is not None:
                self._mark_sequence, self.remembered = mark_of(found.mark, self._box)
            state = state_of(found.files, self._box) if found.version else SealedState()
        except NotOurs:
            return Condition.UNREADABLE, SealedState()
        if not found.version:
            return (Condition.NEW if found.mark is None else Condition.MISSING), state
        # The very first push may have ended before its mark was written: nothing was sent by it.
        lacks_mark = found.mark is None and state.sequence > 1
        if lacks_mark or state.sequence < self._mark_sequence:
            return Condition.OLDER, state
        return Condition.KNOWN, state

    def _has_changed(self) -> bool:
        return self._snapshot() != self._state.database

    def _snapshot(self) -> bytes:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.serialize()
