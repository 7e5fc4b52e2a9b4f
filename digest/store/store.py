"""The store as a whole: one database, and the ways to ask it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from digest.store.allowances import Allowances
from digest.store.alone import Alone
from digest.store.articles import ArticleStore
from digest.store.canaries import Canaries
from digest.store.correcting import Corrections
from digest.store.engine import connect
from digest.store.issues import IssueStore
from digest.store.ledger import Ledger
from digest.store.marks import Marks
from digest.store.migrate import make_current, upgrade
from digest.store.operator import Operator
from digest.store.pages import PageStore
from digest.store.sources import SourceStore
from digest.store.turns import Turns
from subscribers.store import SubscriberStore


class Store:
    """An open store: sources, articles, issues, the ledger, its operator and the subscribers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.sources = SourceStore(engine)
        self.articles = ArticleStore(engine)
        self.pages = PageStore(engine)
        self.issues = IssueStore(engine)
        self.ledger = Ledger(engine)
        self.operator = Operator(engine)
        self.allowances = Allowances(engine)
        self.turns = Turns(engine)
        self.alone = Alone(engine)
        self.canaries = Canaries(engine)
        self.corrections = Corrections(engine)
        self.marks = Marks(engine)
        self.subscribers = SubscriberStore(engine)

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


def open_store(url: str, folder: Path) -> Store:
    """Open the store; a relative SQLite path starts at `folder`.

    An SQLite store is made, or brought up to date, on the way. A PostgreSQL that is behind, any
    database that is newer than this code, and one that cannot be reached are StoreError.
    """
    engine = connect(url, folder)
    try:
        make_current(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def upgrade_store(url: str, folder: Path) -> tuple[str | None, str]:
    """Bring the tables up to date, as `digest db upgrade` does; give versions before and after."""
    engine = connect(url, folder)
    try:
        return upgrade(engine)
    finally:
        engine.dispose()
