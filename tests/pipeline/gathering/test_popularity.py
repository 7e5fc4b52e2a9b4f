"""Counters of the configuration reach the articles of the store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collector import Limits
from digest.collector.articles.identity import article_id
from digest.collector.articles.urls import canonical
from digest.models.articles import Article
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.gathering.popularity import PopularityReport, count_readers
from digest.store import Store, open_store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEXT = """
[site]
name = "Paper"
url = "https://paper.example"
public_url = "https://digest.paper.example"
postal_address = "1 Street"
[mail]
from = "Paper <digest@paper.example>"
"""
TABLE = '[[popularity]]\nid = "{0}"\nkind = "table"\npath = "{0}.csv"\n'


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """Open a store with two articles of the site."""
    opened = open_store(sqlite_url, tmp_path)
    opened.articles.save("s", [article("/a"), article("/b")], NOW)
    yield opened
    opened.close()


def article(path: str) -> Article:
    url = canonical(f"https://paper.example{path}")
    return Article(article_id(url, "", "s"), "s", url, f"Title {path}", published=NOW)


def counted(store: Store) -> dict[str, float | None]:
    found = store.articles.window(["s"], NOW.replace(hour=0), None)
    return {known.article.title[-2:]: known.article.popularity for known in found}


def run(
    text: str, folder: Path, store: Store, environment: dict[str, str] | None = None
) -> tuple[PopularityReport, ...]:
    settings = parse_settings(TEXT + text, folder / "digest.toml", environment or {})
    return asyncio.run(count_readers(settings, store, Limits(), NOW))


def test_a_files_counts_reach_the_articles(tmp_path: Path, store: Store) -> None:
    """By canonical URL; pages that are no articles are counted as pages only."""
    (tmp_path / "views.csv").write_text("url,count\n/a?utm_source=x,7\n/about,99\n")
    (report,) = run(TABLE.format("views"), tmp_path, store)
    assert (report.pages, report.articles, report.error) == (2, 1, "")
    assert counted(store) == {"/a": 7.0, "/b": None}


def test_what_is_read_no_more_is_forgotten(tmp_path: Path, store: Store) -> None:
    """The next run's counts take the place of the last one's."""
    (tmp_path / "views.csv").write_text("url,count\n/a,7\n")
    run(TABLE.format("views"), tmp_path, store)
    (tmp_path / "views.csv").write_text("url,count\n/b,2\n")
    run(TABLE.format("views"), tmp_path, store)
    assert counted(store) == {"/a": None, "/b": 2.0}


def test_a_counter_that_fails_says_so_and_leaves_the_counts(tmp_path: Path, store: Store) -> None:
    """Nothing is forgotten on the word of half the counters; the first that names one counts."""
    (tmp_path / "one.csv").write_text("url,count\n/a,7\n/b,3\n")
    run(TABLE.format("one"), tmp_path, store)
    (tmp_path / "one.csv").write_text("url,count\n/b,5\n")
    (tmp_path / "two.csv").write_text("url,count\n/b,900\n")
    tables = "".join(map(TABLE.format, ("one", "two", "three")))
    reports = run(tables, tmp_path, store)
    assert [bool(report.error) for report in reports] == [False, False, True]
    assert "three.csv" in reports[2].error
    assert counted(store) == {"/a": 7.0, "/b": 5.0}


def test_a_missing_secret_names_its_variable(tmp_path: Path, store: Store) -> None:
    """Before anybody is asked."""
    plausible = '[[popularity]]\nid = "our-views"\nkind = "plausible"\nsite = "paper.example"\n'
    (report,) = run(plausible, tmp_path, store)
    assert "DIGEST_POPULARITY_OUR_VIEWS is not set" in report.error


def test_a_key_may_be_a_file(tmp_path: Path, store: Store) -> None:
    """For Google's, beside digest.toml; what is wrong in it is told."""
    (tmp_path / "key.json").write_text("{}")
    analytics = '[[popularity]]\nid = "ga"\nkind = "ga4"\nsite = "1"\n'
    (report,) = run(analytics, tmp_path, store, {"DIGEST_POPULARITY_GA": "key.json"})
    assert "no private key" in report.error


def test_without_counters_nothing_is_touched(tmp_path: Path, store: Store) -> None:
    """What a source itself counted stays."""
    assert run("", tmp_path, store) == ()
