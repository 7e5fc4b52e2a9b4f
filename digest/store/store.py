"""The store as a whole: one database, and the ways to ask it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from digest.errors import StoreError
from digest.store.database.backup import back_up, unsound_pages
from digest.store.database.engine import connect, reading
from digest.store.database.faults import shown
from digest.store.database.migrate import HEAD, make_current, upgrade
from digest.store.issues import renaming
from digest.store.issues.correction_plan import Corrections
from digest.store.issues.issues import IssueStore
from digest.store.issues.reviews import Reviews
from digest.store.issues.slots import SlotStore
from digest.store.ledger import readers
from digest.store.ledger.allowances import Allowances
from digest.store.ledger.begun_calls import BegunCalls
from digest.store.ledger.canaries import Canaries
from digest.store.ledger.checking import contradictions
from digest.store.ledger.events import Events
from digest.store.ledger.exclusive_run import ExclusiveRuns
from digest.store.ledger.figures import Figures
from digest.store.ledger.leases import Leases
from digest.store.ledger.ledger import Ledger
from digest.store.ledger.ledger_mark import Marks
from digest.store.ledger.operator import Operator
from digest.store.ledger.shared_rate import SharedRate
from digest.store.ledger.windowed import WindowedLedger
from digest.store.news.articles import ArticleStore
from digest.store.news.pages import PageStore
from digest.store.news.sources import SourceStore
from digest.store.remote.remotes import Access, is_remote, remote_for
from digest.store.remote.replica import Replica
from digest.store.remote.sealed_box import SealedBox
from digest.store.single_mails import queue
from digest.store.single_mails.queue import SingleMails
from digest.store.single_mails.requests import Requests
from digest.store.stopping import Stopping
from subscribers.address import normalise
from subscribers.store import SubscriberStore, moving, people
from subscribers.store.lookup import ids_of


class Store:
    """An open store: sources, articles, issues, the ledger, its operator and the subscribers."""

    def __init__(
        self,
        engine: Engine,
        keys: Sequence[str] = (),
        replica: Replica | None = None,
        access: Access | None = None,
    ) -> None:
        self._engine = engine
        self.replica = replica
        self._access = access
        self.sources = SourceStore(engine)
        self.articles = ArticleStore(engine)
        self.pages = PageStore(engine)
        self.issues = IssueStore(engine)
        self.reviews = Reviews(engine)
        self.slots = SlotStore(engine)
        self.ledger = Ledger(engine)
        self.begun_calls = BegunCalls(engine)
        self.operator = Operator(engine)
        self.events = Events(engine)
        self.figures = Figures(engine)
        self.allowances = Allowances(engine)
        self.shared_rate = SharedRate(engine)
        self.exclusive_runs = ExclusiveRuns(engine)
        self.canaries = Canaries(engine)
        self.leases = Leases(engine)
        self.corrections = Corrections(engine)
        self.marks = Marks(engine)
        self.single_mails = SingleMails(engine)
        self.requests = Requests(engine)
        self.subscribers = SubscriberStore(engine, keys)

    @property
    def place(self) -> str:
        """The database for a person: the file, or host and name without a password."""
        return self.replica.place if self.replica else shown(self._engine.url)

    @property
    def is_a_file(self) -> bool:
        """Whether the database is a file of this machine, and of no other place."""
        return self._engine.dialect.name == "sqlite" and self.replica is None

    def outgoing(self, window: int) -> Ledger | WindowedLedger:
        """Return the ledger to send by.

        Where it outlives the machine, it is pushed window by window, of so many readers.
        """
        if self.replica is None:
            return self.ledger
        stopped = self._stopping_of(self.replica).is_stopped
        return WindowedLedger(self.ledger, self.replica.push, window, stopped)

    def back_up(self, target: Path) -> int:
        """Copy an SQLite store to a new file while it is in use; return its bytes. StoreError."""
        if self._engine.dialect.name != "sqlite":
            raise StoreError(
                "a PostgreSQL is backed up by its own tools",
                where=self.place,
                fix="Run pg_dump --format=custom. A dump that is restored is another database:"
                " nothing is sent by it before `digest reconcile --adopt`.",
            )
        return back_up(Path(str(self._engine.url.database)), target)

    def faults(self) -> tuple[str, ...]:
        """Return what is damaged in the database, and what contradicts itself in the ledger."""
        with reading(self._engine).begin() as connection:
            damaged = tuple(unsound_pages(connection))
            return damaged or tuple(contradictions(connection))

    def hold(self, worker: str, now: datetime, gone: Callable[[str], bool]) -> None:
        """Take a ledger that is pushed for a run that sends; others are used by many at once.

        Issues that somebody wants stopped are held. LedgerRefused if another run has it.
        """
        if self.replica:
            self.replica.hold(worker, now, gone)
            self._stopping_of(self.replica).obey(now)

    def stopping(self, now: datetime) -> Stopping | None:
        """Return the way to stop the run that has the ledger at this moment.

        None if no other run has it, or if it is of a kind that many may change at once.
        """
        if self.replica and self._access and self.replica.is_taken(now, self._access.gone):
            return self._stopping_of(self.replica)
        return None

    def forget_stop_request(self, key: str) -> None:
        """Take a request about this issue away that no run came to obey. LedgerRefused."""
        if self.replica:
            self._stopping_of(self.replica).take_back(key)

    def _stopping_of(self, replica: Replica) -> Stopping:
        return Stopping(self.issues, replica)

    def publish(self, now: datetime) -> None:
        """Have others see what was done, where that takes a push. LedgerRefused."""
        if self.replica:
            self.replica.push(now)

    def rename_edition(self, former: str, present: str, now: datetime) -> int:
        """Let readers, issues and schedule of a former id go on under the present one.

        Returns how many readers it was. All of it in one transaction; nothing is written, and no
        other process waited for, when there is nothing under the former id.
        """
        with reading(self._engine).begin() as connection:
            if not renaming.is_known(connection, former):
                return 0
        with self._engine.begin() as connection:
            renaming.rename_edition(connection, former, present)
            return moving.rename_edition(connection, former, present, now)

    def erase_reader(self, email: str, now: datetime) -> bool:
        """Erase a person here and in the ledger, in one transaction; say whether there was one.

        What `SubscriberStore.erase` does; their single mails go as well, and servers' replies that
        may name them. AddressInvalid, KeyMissing.
        """
        address = normalise(email)
        with self._engine.begin() as connection:
            number = ids_of(connection, [address.key]).get(address.key)
            queue.forget_address(connection, number, address.key)
            if number is not None:
                readers.forget_replies(connection, number)
            return people.erase(connection, address, self.subscribers.pseudonyms, now)

    def close(self) -> None:
        """Let go of every connection; what was not pushed yet is pushed. LedgerRefused."""
        self.ledger.close()
        self._engine.dispose()
        if self.replica and self._access:
            self.replica.close(self._access.clock(), self._access.gone)

    def __enter__(self) -> Self:
        """Hold it open for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def open_store(
    url: str, folder: Path, keys: Sequence[str] = (), access: Access | None = None
) -> Store:
    """Open the store; a relative SQLite path starts at `folder`.

    One that outlives its machine is fetched by `access`, and sealed by the keys. LedgerRefused if
    it is not as it was left.

    `keys` are the newsroom's secret keys, the present one first: by them erased addresses are
    recognised.

    An SQLite store is made, or brought up to date, on the way. A PostgreSQL that is behind, any
    database that is newer than this code, and one that cannot be reached are StoreError.
    """
    replica = _replica(url, folder, keys, access) if is_remote(url) else None
    engine = connect(f"sqlite:///{replica.path}" if replica else url, folder)
    try:
        make_current(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, keys, replica, access)


def _replica(url: str, folder: Path, keys: Sequence[str], access: Access | None) -> Replica:
    if access is None:
        raise TypeError("a store that is fetched needs to be told how (Access)")
    remote = remote_for(url, folder, access)
    try:
        return Replica(remote, SealedBox(keys), adopting=access.adopting)
    except BaseException:
        remote.close()
        raise


def upgrade_store(url: str, folder: Path) -> tuple[str | None, str]:
    """Bring the tables up to date, as `digest db upgrade` does; give versions before and after."""
    if is_remote(url):
        return HEAD, HEAD  # it is brought up to date whenever it is opened
    engine = connect(url, folder)
    try:
        return upgrade(engine)
    finally:
        engine.dispose()
