"""Faults of a database, made for real, and what a person is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from digest.errors import StoreError
from digest.store import open_store, upgrade_store
from digest.store.database.engine import connect, reading
from digest.store.database.faults import shown, store_error


def test_a_locked_database_says_so(tmp_path: Path) -> None:
    """Another process writes: wait, and run again."""
    engine = connect("sqlite:///digest.db", tmp_path, busy_seconds=0)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
        with pytest.raises(StoreError, match="is locked") as caught, engine.begin():
            pass
    assert caught.value.where.endswith("digest.db")
    assert "run this again" in caught.value.fix
    engine.dispose()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """It is left as it is."""
    path = tmp_path / "digest.db"
    path.write_bytes(b"Dear diary, " * 500)
    with pytest.raises(StoreError, match="not an SQLite database"):
        open_store("sqlite:///digest.db", tmp_path)
    assert path.read_bytes().startswith(b"Dear diary")


def test_a_folder_in_its_place_says_so(tmp_path: Path) -> None:
    """It cannot be opened as a file."""
    (tmp_path / "digest.db").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store("sqlite:///digest.db", tmp_path)


def test_a_full_disk_says_so_and_nothing_was_done(tmp_path: Path) -> None:
    """The transaction that found no room left no trace."""
    engine = connect("sqlite:///digest.db", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n BLOB)"))
        connection.execute(text("PRAGMA max_page_count = 3"))
    too_much = text("INSERT INTO t VALUES (zeroblob(100000))")
    with pytest.raises(StoreError, match="disk is full"), engine.begin() as connection:
        connection.execute(too_much)
    with reading(engine).begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM t")).scalar() == 0
    engine.dispose()


def test_a_read_only_database_says_so(tmp_path: Path) -> None:
    """SQLite's own refusal, as it comes from the driver."""
    path = tmp_path / "digest.db"
    sqlite3.connect(path).close()
    read_only = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as refused:
        read_only.execute("CREATE TABLE t (n)")
    read_only.close()
    assert "may only be read" in str(store_error(refused.value, "digest.db"))


def test_missing_tables_ask_for_an_upgrade(tmp_path: Path) -> None:
    """A table that was dropped by hand is not a riddle."""
    with open_store("sqlite:///digest.db", tmp_path) as store:
        other = sqlite3.connect(tmp_path / "digest.db")
        other.execute("DROP TABLE article_source")
        other.execute("DROP TABLE article")
        other.close()
        with pytest.raises(StoreError, match="digest db upgrade"):
            store.articles.count()


def test_a_broken_rule_of_the_tables_stays_what_it_is(tmp_path: Path) -> None:
    """A row that breaks a constraint is our mistake, not the operator's."""
    engine = connect("sqlite:///digest.db", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER UNIQUE)"))
        connection.execute(text("INSERT INTO t VALUES (1)"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
    engine.dispose()


def test_a_server_that_is_not_there_says_so_without_the_password(tmp_path: Path) -> None:
    """Host and database are named, the password is not, anywhere in the chain."""
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        open_store("postgresql://reader:hunter2@127.0.0.1:1/digest", tmp_path)
    assert "127.0.0.1:1/digest" in caught.value.where
    fault: BaseException | None = caught.value
    while fault is not None:
        assert "hunter2" not in f"{fault} {fault!r}"
        fault = fault.__cause__ or fault.__context__


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("user", "database", "words"),
    [
        ("postgres", "nowhere", "no such database"),
        ("nobody_here", "digest", "refused the login"),
    ],
)
def test_a_server_that_refuses_says_what_to_check(
    postgres_url: str, tmp_path: Path, user: str, database: str, words: str
) -> None:
    """A wrong name is told from a server that is away."""
    wrong = make_url(postgres_url).set(username=user, database=database)
    with pytest.raises(StoreError, match=words):
        open_store(wrong.render_as_string(hide_password=False), tmp_path)


@pytest.mark.postgres
def test_a_replica_that_may_only_be_read_says_so(postgres_url: str, tmp_path: Path) -> None:
    """SQLSTATE 25006, as a standby answers."""
    engine = connect(postgres_url, tmp_path)
    with pytest.raises(StoreError, match="may only be read"), reading(engine).begin() as reader:
        reader.execute(text("CREATE TABLE t (n INTEGER)"))
    engine.dispose()


@pytest.mark.postgres
def test_a_connection_that_breaks_says_so(postgres_url: str, tmp_path: Path) -> None:
    """The server ends a session in the middle of a transaction."""
    engine = connect(postgres_url, tmp_path)
    with pytest.raises(StoreError, match="run this again"), engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    engine.dispose()


@pytest.mark.postgres
def test_upgrading_says_what_is_wrong_too(postgres_url: str, tmp_path: Path) -> None:
    """`digest db upgrade` goes the same way."""
    wrong = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match="no such database"):
        upgrade_store(wrong, tmp_path)


@pytest.mark.parametrize(
    "url", ["postgresql://u:hunter2@db.example/d", "postgresql://u@db.example/d?password=hunter2"]
)
def test_a_database_is_named_without_its_password(url: str) -> None:
    """Wherever libpq would read it."""
    assert "hunter2" not in shown(make_url(url))
    assert "db.example/d" in shown(make_url(url))


def test_the_name_of_a_database_is_what_a_person_wrote() -> None:
    """A file by its path; a server without its driver, with stars for the password anywhere."""
    assert shown(make_url("sqlite:////var/lib/digest/digest.db")) == "/var/lib/digest/digest.db"
    login = make_url("postgresql+psycopg://u:hunter2@db.example/d")
    assert shown(login) == "postgresql://u:***@db.example/d"
    query = make_url("postgresql://db.example/d?password=hunter2")
    assert shown(query) == f"postgresql://db.example/d?password={quote('***')}"
