"""A row that the database does not take costs its own source, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from digest.collector import SourceResult
from digest.collector.back_off import BackOff
from digest.config import CollectorSettings, SourceSettings
from digest.errors import StoreError
from digest.models.articles import Article
from digest.pipeline.gathering.report import SourceReport
from digest.pipeline.gathering.saving import Storing
from digest.pipeline.gathering.visit import SourceVisit
from digest.store import Store, open_store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
NAMES = ("world", "sick", "sports")
# Rules of the database's own, of which Digest knows nothing: making one, and taking it away.
BROKEN_RULE = {
    "sqlite": (
        (
            "CREATE TRIGGER picky BEFORE INSERT ON article WHEN new.title = 'cursed'"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"
        ),
        "DROP TRIGGER picky",
    ),
    "postgresql": (
        "ALTER TABLE article ADD CONSTRAINT picky CHECK (title <> 'cursed')",
        "ALTER TABLE article DROP CONSTRAINT picky",
    ),
}
DATA_FAULT = {
    "sqlite": (
        (
            "CREATE TRIGGER picky BEFORE INSERT ON article WHEN new.title = 'cursed'"
            " BEGIN SELECT zeroblob(2000000000); END"
        ),
        "DROP TRIGGER picky",
    ),
    "postgresql": (
        (
            "ALTER TABLE article ADD CONSTRAINT picky"
            " CHECK (1 / length(replace(title, 'cursed', '')) >= 0)"
        ),
        "ALTER TABLE article DROP CONSTRAINT picky",
    ),
}


@contextmanager
def ruled(store: Store, rule: dict[str, tuple[str, str]]) -> Iterator[None]:
    """Let the database have a rule for a while."""
    engine = store._engine  # noqa: SLF001 - a fault that the store itself would never make
    make, undo = rule[engine.dialect.name]
    with engine.begin() as connection:
        connection.execute(text(make))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(undo))


def brought(name: str, title: str) -> SourceResult:
    article = Article(name.ljust(32, "0"), name, f"https://news.example/{name}", title)
    return SourceResult(name, "ok", (article,), etag='"1"')


def storing(store: Store, told: list[SourceReport]) -> Storing:
    run = Storing(store, NOW, CollectorSettings(withdrawal_checks=0), told.append)
    for name in NAMES:
        source = SourceSettings(id=name, url=f"https://news.example/{name}/feed")
        run.looks[name] = SourceVisit(source, source.url, None, BackOff(300, 3600), {})
    return run


@pytest.mark.parametrize("rule", [BROKEN_RULE, DATA_FAULT])
def test_a_row_that_is_not_taken_costs_its_own_source(
    store: Store, rule: dict[str, tuple[str, str]]
) -> None:
    """The others are kept; that one has failed, says where, and is asked for all of it again."""
    results = [brought("world", "Ferry"), brought("sick", "cursed"), brought("sports", "Cup")]
    told: list[SourceReport] = []
    with ruled(store, rule):
        storing(store, told).keep(results)
    assert [(one.id, one.status, one.new) for one in told] == [
        ("world", "ok", 1),
        ("sick", "failed", 0),
        ("sports", "ok", 1),
    ]
    assert "https://news.example/sick/feed: read, but the store does not take" in told[1].error
    assert "The next run tries again" in told[1].error
    known = store.sources.get(NAMES)
    assert known["sick"].validators("https://news.example/sick/feed") == ("", "")
    assert (known["sick"].failures_in_a_row, known["world"].failures_in_a_row) == (1, 0)
    storing(store, told).keep(results)
    assert [(one.status, one.new) for one in told[3:]] == [("ok", 0), ("ok", 1), ("ok", 0)]
    assert store.articles.count() == 3


def test_a_store_that_is_ill_ends_the_run(tmp_path: Path) -> None:
    """Nothing could be kept, so nobody is told that a source is at fault."""
    told: list[SourceReport] = []
    with open_store("sqlite:///digest.db", tmp_path) as store:
        with store._engine.begin() as connection:  # noqa: SLF001 - as above
            connection.execute(text("ALTER TABLE article RENAME TO elsewhere"))
        with pytest.raises(StoreError, match="digest db upgrade"):
            storing(store, told).keep([brought("world", "Ferry"), brought("sports", "Cup")])
    assert told == []
