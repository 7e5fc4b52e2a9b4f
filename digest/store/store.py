"""The store as a whole: one database, and the ways to ask it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from digest.store.database.engine import connect
from digest.store.database.faults import shown
from digest.store.database.migrate import make_current, upgrade
from digest.store.issues.correction_plan import Corrections
from digest.store.issues.issues import IssueStore
from digest.store.issues.reviews import Reviews
from digest.store.issues.slots import SlotStore
from digest.store.ledger.allowances import Allowances
from digest.store.ledger.canaries import Canaries
from digest.store.ledger.events import Events
from digest.store.ledger.exclusive_run import ExclusiveRuns
from digest.store.ledger.ledger import Ledger
from digest.store.ledger.ledger_mark import Marks
from digest.store.ledger.operator import Operator
from digest.store.ledger.shared_rate import SharedRate
from digest.store.news.articles import ArticleStore
from digest.store.news.pages import PageStore
from digest.store.news.sources import SourceStore
from digest.store.single_mails.queue import SingleMails
from digest.store.single_mails.requests import Requests
from subscribers.store import SubscriberStore


class Store:
    """An open store: sources, articles, issues, the ledger, its operator and the subscribers."""

    def __init__(self, engine: Engine, keys: Sequence[str] = ()) -> None:
        self._engine = engine
        self.sources = SourceStore(engine)
        self.articles = ArticleStore(engine)
        self.pages = PageStore(engine)
        self.issues = IssueStore(engine)
        self.reviews = Reviews(engine)
        self.slots = SlotStore(engine)
        self.ledger = Ledger(engine)
        self.operator = Operator(engine)
        self.events = Events(engine)
        self.allowances = Allowances(engine)
        self.shared_rate = SharedRate(engine)
        self.exclusive_runs = ExclusiveRuns(engine)
        self.canaries = Canaries(engine)
        self.corrections = Corrections(engine)
        self.marks = Marks(engine)
        self.single_mails = SingleMails(engine)
        self.requests = Requests(engine)
        self.subscribers = SubscriberStore(engine, keys)

    @property
    def place(self) -> str:
        """The database for a person: the file, or host and name without a password."""
        return shown(self._engine.url)

    @property
    def is_a_file(self) -> bool:
        """Whether the database is a file of this machine."""
        return self._engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

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


def open_store(url: str, folder: Path, keys: Sequence[str] = ()) -> Store:
    """Open the store; a relative SQLite path starts at `folder`.

    `keys` are the newsroom's secret keys, the present one first: by them erased addresses are
    recognised.

    An SQLite store is made, or brought up to date, on the way. A PostgreSQL that is behind, any
    database that is newer than this code, and one that cannot be reached are StoreError.
    """
    engine = connect(url, folder)
    try:
        make_current(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, keys)


def upgrade_store(url: str, folder: Path) -> tuple[str | None, str]:
    """Bring the tables up to date, as `digest db upgrade` does; give versions before and after."""
    engine = connect(url, folder)
    try:
        return upgrade(engine)
    finally:
        engine.dispose()
