"""Migrations: they lead to exactly the tables of the code, by one process, and never backwards."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from digest.errors import StoreError
from digest.store import migrate, open_store, upgrade_store
from digest.store.engine import connect, reading
from digest.store.tables import METADATA


def test_the_newest_revision_is_the_one_the_code_asks_for() -> None:
    """HEAD is written down only so that alembic need not be imported."""
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert scripts.get_heads() == [migrate.HEAD]


def test_migrations_lead_to_the_tables_of_the_code(store_url: str, tmp_path: Path) -> None:
    """No table, column, type or index differs, on either database."""
    open_store(store_url, tmp_path).close()
    engine = connect(store_url, tmp_path)
    with reading(engine).begin() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_sqlite_is_brought_up_to_date_when_opened(tmp_path: Path) -> None:
    """And a second opening finds nothing to do."""
    open_store("sqlite:///digest.db", tmp_path).close()
    assert upgrade_store("sqlite:///digest.db", tmp_path) == (migrate.HEAD, migrate.HEAD)


@pytest.mark.postgres
def test_postgresql_is_upgraded_only_when_asked(bare_postgres_url: str, tmp_path: Path) -> None:
    """Opening says what to run; running it says from where to where."""
    with pytest.raises(StoreError, match=r"has no tables yet.*digest db upgrade"):
        open_store(bare_postgres_url, tmp_path)
    assert upgrade_store(bare_postgres_url, tmp_path) == (None, migrate.HEAD)
    open_store(bare_postgres_url, tmp_path).close()


@pytest.mark.postgres
def test_a_postgresql_that_is_behind_is_refused(bare_postgres_url: str, tmp_path: Path) -> None:
    """The error names both versions."""
    upgrade_store(bare_postgres_url, tmp_path)
    _set_version(bare_postgres_url, tmp_path, "0001")
    with pytest.raises(StoreError, match=f"is at version 0001, this Digest needs {migrate.HEAD}"):
        open_store(bare_postgres_url, tmp_path)


def test_a_database_newer_than_the_code_is_refused(store_url: str, tmp_path: Path) -> None:
    """Neither opened nor upgraded: this code does not know what is in it."""
    open_store(store_url, tmp_path).close()
    _set_version(store_url, tmp_path, "9999")
    try:
        for way_in in (open_store, upgrade_store):
            with pytest.raises(StoreError, match=r"newer than this Digest.*Install the newer"):
                way_in(store_url, tmp_path)
    finally:
        _set_version(store_url, tmp_path, migrate.HEAD)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_two_processes_migrating_at_once_migrate_once(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """The second waits, and finds it done."""
    url = "sqlite:///digest.db"
    if kind == "postgres":
        url = str(request.getfixturevalue("bare_postgres_url"))
    found: list[tuple[str | None, str]] = []
    gate = threading.Barrier(4)

    def run() -> None:
        gate.wait(timeout=30)
        found.append(upgrade_store(url, tmp_path))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    head = migrate.HEAD
    assert sorted(found, key=str) == sorted([(None, head), *[(head, head)] * 3], key=str)


def test_a_store_of_the_first_version_is_upgraded_with_what_it_holds(tmp_path: Path) -> None:
    """Readers outlive an upgrade."""
    engine = connect("sqlite:///digest.db", tmp_path)
    with engine.begin() as connection:
        migrate.run(connection, "0001")
        connection.execute(
            text(
                "INSERT INTO subscriber VALUES"
                " (1, 'public', 'a@news.example', 'a@news.example', '', '', '', '2026-11-23')"
            )
        )
    engine.dispose()
    with open_store("sqlite:///digest.db", tmp_path) as store:
        found = store.subscribers.find("public")
    assert found is not None
    assert found.email == "a@news.example"


def _set_version(url: str, folder: Path, version: str) -> None:
    engine = connect(url, folder)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()
