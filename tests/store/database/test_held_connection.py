"""The kept connection: one transaction after the other, never two, and none after an error."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, QueuePool, text

from digest.errors import StoreError
from digest.models.deliveries import ClaimRequest
from digest.store import open_store
from digest.store.database.engine import connect
from digest.store.database.held_connection import HeldConnection


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Yield an SQLite database with one table."""
    engine = connect("sqlite:///held.db", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE said (word)"))
    yield engine
    engine.dispose()


@pytest.fixture
def held(engine: Engine) -> Iterator[HeldConnection]:
    """Yield what keeps a connection to it."""
    held = HeldConnection(engine)
    yield held
    held.close()


def _say(connection: Connection, word: str) -> None:
    connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})


def _said(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT word FROM said ORDER BY rowid")).scalars())


def test_one_connection_serves_one_transaction_after_the_other(
    engine: Engine, held: HeldConnection
) -> None:
    """Each is committed at its end, for others to see."""
    used = []
    for word in ("one", "two"):
        with held.begin() as (connection, _):
            used.append(connection)
            _say(connection, word)
        assert _said(engine)[-1] == word
    assert used[0] is used[1]


def test_what_was_rolled_back_leaves_nothing(engine: Engine, held: HeldConnection) -> None:
    """A caller rolls back in the block, and the next transaction is an ordinary one."""
    with held.begin() as (connection, transaction):
        _say(connection, "never")
        transaction.rollback()
    with held.begin() as (connection, _):
        _say(connection, "after")
    assert _said(engine) == ["after"]


def test_an_error_rolls_back_and_another_connection_goes_on(
    engine: Engine, held: HeldConnection
) -> None:
    """A connection on which something failed is not trusted with the next transaction."""
    with held.begin() as (first, _):
        _say(first, "before")
    with pytest.raises(StoreError):
        _fail_half_way(held)
    assert first.closed
    with held.begin() as (second, _):
        _say(second, "whole")
    assert _said(engine) == ["before", "whole"]


def _fail_half_way(held: HeldConnection) -> None:
    with held.begin() as (connection, _):
        _say(connection, "half")
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))


def test_two_threads_never_share_it(engine: Engine, held: HeldConnection) -> None:
    """The second waits for the writer before it, on a connection of its own."""
    used = list[Connection]()

    def second() -> None:
        with held.begin() as (connection, _):
            used.append(connection)
            _say(connection, "second")

    thread = threading.Thread(target=second)
    with held.begin() as (connection, _):
        thread.start()
        _wait_for(lambda: _borrowed(engine) == 2)
        _say(connection, "first")
    thread.join(20)
    assert _said(engine) == ["first", "second"]
    assert used[0] is not connection


def _borrowed(engine: Engine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_closed_store_has_let_go(tmp_path: Path) -> None:
    """SQLite takes the log away when the last connection is closed."""
    with open_store("sqlite:///digest.db", tmp_path) as store:
        assert store.ledger.claim(1, ClaimRequest("worker", 1, 60), datetime.now(UTC)) == ()
        assert (tmp_path / "digest.db-wal").exists()
    assert not (tmp_path / "digest.db-wal").exists()
