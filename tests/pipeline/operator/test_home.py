"""A ledger on PostgreSQL is known by its database: a fresh machine sends, a copy does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text

from digest.errors import LedgerRefused
from digest.pipeline.operator.ledger_guard import Difference, adopt, compare
from digest.store import Store, open_store
from digest.store.database.engine import connect
from digest.store.database.identity import identity_of

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

pytestmark = pytest.mark.postgres

_END_ALL = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")


@pytest.fixture
def room(newsroom: Newsroom, postgres_url: str) -> Iterator[Newsroom]:
    """Yield the newsroom with its readers and news on PostgreSQL."""
    newsroom.store.close()
    with open_store(postgres_url, newsroom.folder) as store:
        newsroom.store = store
        newsroom.write()
        newsroom.subscribe("amara@reader.example", "ben@reader.example")
        yield newsroom


@pytest.fixture
def restored(room: Newsroom, postgres_url: str) -> Iterator[Store]:
    """Yield a copy of the room's database, made after its first issue was sent."""
    room.send()
    room.store.close()
    url = make_url(postgres_url)
    name = f"{url.database}_restored"
    admin = create_engine(
        url.set(database="postgres", drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(_END_ALL, {"name": url.database})  # none may be open to what is copied
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}"'))
    copy = url.set(database=name).render_as_string(hide_password=False)
    with open_store(copy, room.folder) as store:
        yield store
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def test_a_fresh_machine_with_the_same_database_sends(room: Newsroom) -> None:
    """The mark file is gone with the runner's disk; the database vouches for itself."""
    assert room.send().sent_now == 2
    (room.folder / ".digest-ledger.json").unlink()
    room.now = room.now.replace(day=24)
    room.write(day=1)
    assert compare(room.settings, room.store).difference is Difference.NONE
    assert room.send().sent_now == 2


def test_a_restored_copy_sends_nothing_until_it_is_adopted(room: Newsroom, restored: Store) -> None:
    """With and without a mark file; `reconcile` makes the copy the ledger."""
    room.store = restored
    for path in (room.folder / ".digest-ledger.json", None):
        if path is None:
            (room.folder / ".digest-ledger.json").unlink()
        assert compare(room.settings, restored).difference is Difference.MOVED
        with pytest.raises(LedgerRefused, match="another database"):
            room.send()
    adopt(room.settings, restored, room.now)
    assert compare(room.settings, restored).difference is Difference.NONE


def test_an_ordinary_role_learns_the_identity(room: Newsroom) -> None:
    """Digest needs no superuser; where a host forbids it, nothing is known and nothing fails."""
    with room.store._engine.begin() as connection:  # noqa: SLF001 - a role is not the store's job
        connection.execute(text("DROP ROLE IF EXISTS ordinary"))
        connection.execute(text("CREATE ROLE ordinary"))
        known = identity_of(connection)
        connection.execute(text("SET LOCAL ROLE ordinary"))
        assert identity_of(connection) == known != ""
        connection.execute(text("RESET ROLE"))
        connection.execute(text("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC"))
        connection.execute(text("SET LOCAL ROLE ordinary"))
        assert identity_of(connection) == ""
        connection.execute(text("RESET ROLE"))
        connection.execute(text("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC"))
        connection.execute(text("DROP ROLE ordinary"))


def test_an_sqlite_file_does_not_say_who_it_is(tmp_path: Path) -> None:
    """A copy of a file is the same to the byte, so only the mark file tells it."""
    engine = connect("sqlite:///digest.db", tmp_path)
    with engine.connect() as connection:
        assert identity_of(connection) == ""
    engine.dispose()
