"""Migrations: they lead to exactly the tables of the code, by one process, and never backwards."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from digest.errors import StoreError
from digest.store import Saved, open_store, upgrade_store
from digest.store.database import migrate
from digest.store.database.engine import connect, reading
from digest.store.database.tables import METADATA
from subscribers.lifecycle import State
from subscribers.values import Enrolled


def test_the_newest_revision_is_the_one_the_code_asks_for() -> None:
    """HEAD is written down only so that alembic need not be imported."""
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent.parent / "migrations"))
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


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_articles_of_the_seventh_version_keep_their_sources_and_their_changes(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """They are numbered anew, and found again by their ids."""
    url = "sqlite:///digest.db"
    if kind == "postgres":
        url = str(request.getfixturevalue("bare_postgres_url"))
    engine = connect(url, tmp_path)
    with engine.begin() as connection:
        migrate.run(connection, "0007")
        for statement in _ARTICLES_OF_0007:
            connection.execute(text(statement))
    engine.dispose()
    upgrade_store(url, tmp_path)
    with open_store(url, tmp_path) as store:
        later, first = store.articles.window(["a", "b"], _NOON - timedelta(days=1), None)
        assert [change.before for change in store.articles.changes("first")] == ["Old title"]
        assert store.articles.save("b", [later.article], _NOON) == Saved(0, 0)
        assert store.articles.save("b", [replace(first.article, id="third")], _NOON) == Saved(1, 0)
    assert (later.article.id, later.sources) == ("later", ("b",))
    assert (first.article.id, first.sources) == ("first", ("a", "b"))
    assert first.article.tags == ("one", "two")
    assert first.article.excerpt_html == ""


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_of_the_fifteenth_version_who_left_and_asked_again_has_left(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """They were pending, and could have been confirmed by an operator's word. Others still are."""
    url = "sqlite:///digest.db"
    if kind == "postgres":
        url = str(request.getfixturevalue("bare_postgres_url"))
    engine = connect(url, tmp_path)
    with engine.begin() as connection:
        migrate.run(connection, "0015")
        for statement in _READER_OF_0015:
            connection.execute(text(statement))
    engine.dispose()
    upgrade_store(url, tmp_path)
    with open_store(url, tmp_path) as store:
        found = store.subscribers.find("one")
    assert found is not None
    states = {part.edition: part.state for part in found.subscriptions}
    assert states == {"daily": State.UNSUBSCRIBED, "weekly": State.PENDING}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_readers_of_the_eleventh_version_are_told_apart_by_case_alone(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Straße is no longer strasse; who was suppressed or erased under the old key stays so."""
    url = "sqlite:///digest.db"
    if kind == "postgres":
        url = str(request.getfixturevalue("bare_postgres_url"))
    engine = connect(url, tmp_path)
    with engine.begin() as connection:
        migrate.run(connection, "0011")
        for statement in _READERS_OF_0011:
            connection.execute(text(statement))
    engine.dispose()
    upgrade_store(url, tmp_path)
    with open_store(url, tmp_path, ["a key"]) as store:
        people = store.subscribers
        found = people.find_by_email("STRAßE@news.example")
        assert found is not None
        assert (found.public_id, found.suppressed) == ("one", "hard_bounce")
        assert people.find_by_email("strasse@news.example") is None
        assert people.find_by_email("anna@news.example") is not None
        for email in ("straße@gone.example", "groß@left.example"):
            added = people.add(email, edition="daily", confirmed=True, now=_NOON)
            assert added is Enrolled.SUPPRESSED


_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
_TIME = "'2026-11-23 {}:00:00.000000'"
_ARTICLE = (
    "INSERT INTO article (id, source_id, url, title, excerpt, author, picture_url, picture_alt,"
    " tags, language, published, first_seen, changed_at) VALUES ('{}', '{}',"
    " 'https://news.example/', 'Title', '', '', '', '', '[\"one\", \"two\"]', 'en', {}, {}, {})"
)
_SOURCE = "INSERT INTO article_source (article_id, source_id, first_seen) VALUES ('{}', '{}', {})"
_CHANGE = (
    "INSERT INTO article_change (article_id, at, field, before, after)"
    " VALUES ('{}', {}, 'title', 'Old title', 'Title')"
)
_EARLY, _LATE = _TIME.format("07"), _TIME.format("08")
_ARTICLES_OF_0007 = (
    _ARTICLE.format("later", "b", _LATE, _LATE, _LATE),
    _ARTICLE.format("first", "a", _EARLY, _EARLY, _LATE),
    _SOURCE.format("first", "a", _EARLY),
    _SOURCE.format("first", "b", _LATE),
    _SOURCE.format("later", "b", _LATE),
    _CHANGE.format("first", _LATE),
)

_MARK_OF_STRASSE = hashlib.sha256(b"strasse@gone.example").hexdigest()
_READER = (
    "INSERT INTO subscriber (public_id, email, email_key, name, locale, timezone, created_at)"
    " VALUES ('{}', '{}', '{}', '', '', '', '2026-11-23')"
)
_SUPPRESSION = (
    "INSERT INTO suppression (email_key, reason, detail, created_at)"
    " VALUES ('{}', '{}', '', '2026-11-23')"
)
_READERS_OF_0011 = (
    _READER.format("one", "Straße@news.example", "strasse@news.example"),
    _READER.format("two", "Anna@news.example", "anna@news.example"),
    _SUPPRESSION.format("strasse@news.example", "hard_bounce"),
    _SUPPRESSION.format("gross@left.example", "complaint"),
    _SUPPRESSION.format(f"sha256:{_MARK_OF_STRASSE}", "erasure"),
)


_SUBSCRIPTION_OF_0015 = (
    "INSERT INTO subscription (subscriber_id, edition, state, sections, created_at, updated_at,"
    " unsubscribed_at) VALUES (1, '{}', 'pending', '', '2026-11-23', '2026-11-23', {})"
)
_READER_OF_0015 = (
    _READER.format("one", "anna@news.example", "anna@news.example"),
    _SUBSCRIPTION_OF_0015.format("daily", "'2026-11-24'"),
    _SUBSCRIPTION_OF_0015.format("weekly", "NULL"),
)


def _set_version(url: str, folder: Path, version: str) -> None:
    engine = connect(url, folder)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()
