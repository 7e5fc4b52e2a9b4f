"""An article is known again, and only it, by guid, address and words, in whatever order."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from digest.collector.articles.clean import Item, Origin, clean_all
from digest.models.articles import ArticleNames, KnownArticle
from digest.store import SourceOutcome, Store, open_store, upgrade_store
from digest.store.database import migrate
from digest.store.database.engine import connect
from digest.store.database.rows import article_key

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
SITE = "https://news.example"
LONG = "The council voted on Monday to keep both libraries open, and the mayor will sign it today."


def item(title: str, path: str, guid: str = "", hours: float = 1, text: str = "") -> Item:
    """Return an item of a feed, dated so many hours ago."""
    date = (NOW - timedelta(hours=hours)).isoformat()
    return Item(url=SITE + path, guid=guid, title=title, published=date, summary=text)


def brought(store: Store, *items: Item, source: str = "feed") -> list[str]:
    """Save a feed's items; return the titles of all articles that the store has then."""
    origin = Origin(source, f"{SITE}/feed/", NOW)
    store.articles.save(source, clean_all(items, origin), NOW)
    store.sources.record([SourceOutcome(source, f"{SITE}/feed/", "ok")], NOW)
    known = store.articles.window(("feed", "other"), NOW - timedelta(days=30), NOW)
    return sorted(one.article.title for one in known)


def _window(store: Store) -> Sequence[KnownArticle]:
    return store.articles.window(("feed",), NOW - timedelta(days=30), NOW)


_ARTICLE_OF_0015 = text(
    "INSERT INTO article (key, id, source_id, url, title, excerpt, author, picture_url,"
    " picture_alt, tags, language, published, first_seen, changed_at) VALUES (:key, :id, 'feed',"
    " 'https://news.example/told', 'Told words', '', '', '', '', '[]', '', :now, :now, :now)"
)
_SOURCE_OF_0015 = text(
    "INSERT INTO article_source (article, source_id, first_seen)"
    " SELECT number, 'feed', :now FROM article"
)


def _insert_of_0015(connection: Connection, name: str) -> None:
    row = {"id": name, "key": article_key(name), "now": "2026-11-23 05:00:00+00:00"}
    connection.execute(_ARTICLE_OF_0015, row)
    connection.execute(_SOURCE_OF_0015, row)


SAME = [
    pytest.param(
        item("Old words", "/old", "7"), item("New words", "/new", "7"), id="a guid, moved, reworded"
    ),
    pytest.param(
        item("Ferry stops", "/a", "https://news.example/?p=1", text="Old text of it"),
        item("No ferries", "/b", "https://news.example/?p=1", text="New words there", hours=1),
        id="WordPress' guid under a new slug",
    ),
    pytest.param(
        item("900 jobs safe", "/x", f"{SITE}/x", text=LONG),
        item("Plant is kept", "/y", f"{SITE}/y", text=LONG),
        id="new slug and headline, the same moment and text",
    ),
    pytest.param(item("Before", "/a"), item("After", "/a"), id="reworded, the same date"),
    pytest.param(
        item("Before", "/a", f"{SITE}/a#0", 30), item("Before, more", "/a", f"{SITE}/a#3"),
        id="a guid that counts versions",
    ),
    pytest.param(
        item("Title", "/a", "1f0e", text=LONG), item("Title", "/a", "93bc", text=LONG),
        id="a guid that changes with each answer",
    ),
    pytest.param(
        item("Title", "/a?utm_source=x&at_medium=RSS"), item("Title", "/a?fbclid=9#comments"),
        id="known tracking",
    ),
    pytest.param(
        item("Title", "/a/", "5"), replace(item("Title", "/a", "5"), url="http://www.news.example/a"),
        id="scheme, host and slash",
    ),
    pytest.param(
        item("Storm: bridge shut", "/live", f"{SITE}/live", 40, "The bridge is shut today."),
        item("Storm: bridge open", "/live", f"{SITE}/live", 1, "The bridge is open again."),
        id="a report that goes on",
    ),
]  # fmt: skip
DIFFERENT = [
    pytest.param(item("One", "/all", "a"), item("Two", "/all", "b"), id="guids, one address"),
    pytest.param(item("One", "/p?id=1"), item("Two", "/p?id=2"), id="a parameter"),
    pytest.param(item("One", "/p?partner=1"), item("Two", "/p?partner=2"), id="no tracker's value"),
    pytest.param(item("One", "/day#a1"), item("Two", "/day#a2"), id="places on a page"),
    pytest.param(
        item("Monday: rain floods the market", "/today", hours=30),
        item("Tuesday: council keeps libraries", "/today", hours=2),
        id="a page that tells a new story every day",
    ),
    pytest.param(
        item("Briefing", "/today", "1", 30, "Rain floods the market hall and two streets."),
        item("Briefing", "/today", "2", 2, "The council keeps both of its libraries open."),
        id="a page with a new story under the same headline",
    ),
    pytest.param(
        item("One", "/1", "0", 3, "Rain floods the hall"), item("Two", "/2", "0", 5, "A prize won"),
        id="one guid for all",
    ),
    pytest.param(
        item("One", "/1", "a", text=LONG), item("Two", "/2", "b", hours=2, text=LONG),
        id="a canned text",
    ),
    pytest.param(
        item("One", "/rss?geo=XX", hours=1), item("Two", "/rss?geo=XX", hours=1),
        id="the address of a feed",
    ),
    pytest.param(
        item("Traffic alert", "/traffic", "1", 2, "Queue at the east gate, ten minutes."),
        item("Traffic alert", "/traffic", "2", 1, "Two lanes of the ring road are shut."),
        id="one headline for all",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), SAME)
def test_what_stayed_the_same_article_is_one(store: Store, first: Item, second: Item) -> None:
    """Told under another address, headline or guid, it is not told twice."""
    assert len(brought(store, first)) == 1
    assert len(brought(store, second)) == 1


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_two_stories_are_two(store: Store, first: Item, second: Item) -> None:
    """Together, one after the other, and again in the other order: nothing is lost or doubled."""
    assert len(brought(store, first)) == 1
    assert len(brought(store, second)) == 2
    assert len(brought(store, second, first)) == 2
    assert len(brought(store, first)) == 2


def test_three_guids_on_one_page_are_three_in_every_source(store: Store) -> None:
    """A second source that brings the same three adds none, whatever it calls them."""
    three = [item(f"Advisory {name}", "/all", name, text=f"Text {name}.") for name in "abc"]
    assert len(brought(store, *three)) == 3
    theirs = [replace(one, guid=f"x{one.guid}") for one in reversed(three)]
    assert len(brought(store, *theirs, source="other")) == 3


def test_an_address_that_is_still_there_was_not_renamed(store: Store) -> None:
    """Two columns with one text and moment, side by side, are two."""
    first, second = item("One", "/1", text=LONG), item("Two", "/2", text=LONG)
    assert len(brought(store, first)) == 1
    assert len(brought(store, second, first)) == 2


@st.composite
def _stories(draw: st.DrawFn) -> list[Item]:
    """Draw items that differ in address or guid, each with words and a date of its own."""
    pages = draw(st.lists(st.sampled_from(["/a", "/b", "/c#1", "/c#2", "/all"]), min_size=2))
    return [
        item(f"Story{place} word{place}", page, f"g{place}", place + 1, f"text{place} body{place}")
        for place, page in enumerate(pages[:6])
    ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stories=_stories(), data=st.data())
def test_no_order_subset_or_growth_loses_or_doubles_an_item(
    sqlite_tables: Path,
    tmp_path_factory: pytest.TempPathFactory,
    stories: Sequence[Item],
    data: st.DataObject,
) -> None:
    """Whatever part of a feed comes in whatever order, the store has what came, once each."""
    folder = tmp_path_factory.mktemp("store")
    shutil.copyfile(sqlite_tables, folder / "digest.db")
    with open_store("sqlite:///digest.db", folder) as store:
        met: set[str] = set()
        for _ in range(4):
            part = data.draw(st.lists(st.sampled_from(stories), unique_by=id, min_size=1))
            met |= {one.title for one in part}
            assert brought(store, *part) == sorted(met)


def test_an_items_id_is_its_own() -> None:
    """It is the same in whatever feed it stands, and in whatever order."""
    origin = Origin("feed", f"{SITE}/feed/", NOW)
    items = [item("A", "/d#1"), item("B", "/d#2"), item("C", "/all", "c"), item("D", "/all", "d")]
    whole = {one.title: one.id for one in clean_all(items, origin)}
    assert len(set(whole.values())) == len(items)
    for one in items:
        assert [found.id for found in clean_all([one], origin)] == [whole[one.title]]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_was_told_before_an_upgrade_stays_told(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """An article that is known by its address alone keeps its id when it comes with its guid."""
    url = "sqlite:///digest.db"
    if kind == "postgres":
        url = str(request.getfixturevalue("bare_postgres_url"))
    engine = connect(url, tmp_path)
    told = item("Told words", "/told?partner=3", "g1")
    (article,) = clean_all([told], Origin("feed", SITE, NOW))
    assert article.names.earlier  # its address lost the parameter then
    with engine.begin() as connection:
        migrate.run(connection, "0015")
        _insert_of_0015(connection, article.names.earlier[0])
    engine.dispose()
    upgrade_store(url, tmp_path)
    with open_store(url, tmp_path) as store:
        other = item("Other words", "/told?partner=4", "g2")
        for _ in range(2):
            assert brought(store, told, other) == ["Other words", "Told words"]
        ids = {one.article.title: one.article.id for one in _window(store)}
        assert ids["Told words"] == article.names.earlier[0]
        assert store.articles.on_page(article.names.pages[0])


def test_an_article_keeps_its_id_when_its_escapes_are_read_alike(store: Store) -> None:
    """It was known by "%d0%bd" as written; "%D0%BD" is the same, under another headline too."""
    (now,) = clean_all([item("Words", "/%d0%bd/")], Origin("feed", SITE, NOW))
    before = now.names.pages[1]
    told = replace(now, id=before, names=ArticleNames((before,)))
    store.articles.save_all({"feed": [told]}, NOW)
    for address in ("/%d0%bd/", "/%D0%BD/"):
        brought(store, item("New words", address))
    assert [one.article.id for one in _window(store)] == [before]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/%d0%bd", "/н"),
        ("/cafe\u0301", "/caf\u00e9"),
        ("/1;jsessionid=0A1B2C", "/1;jsessionid=3D4E5F"),
        ("/1?PHPSESSID=a1b2c3", "/1"),
        ("/1?amp=1", "/1"),
        ("/1?outputType=amp", "/1"),
        ("/1/", "/1/amp/"),
        ("/1?from=yanews", "/1"),
        ("/1?mibextid=x", "/1?fbclid=y"),
    ],
)
def test_one_page_under_two_spellings_is_told_once(store: Store, one: str, other: str) -> None:
    """Escapes, accents, sessions, AMP, and the ways that readers of other countries come."""
    brought(store, item("Words", one))
    assert len(brought(store, item("New words", other))) == 1


def test_a_phrase_that_several_have_tells_none_of_them(store: Store) -> None:
    """A feed whose texts and moments are all the same keeps every story that it ever told."""
    one, two, three = (item(name, f"/{name}", text=LONG) for name in ("One", "Two", "Three"))
    assert len(brought(store, one, two)) == 2
    assert len(brought(store, three)) == 3


def test_a_name_that_is_none_is_no_name(store: Store) -> None:
    """Articles without names are told apart by their ids."""
    (article,) = clean_all([item("A", "/a")], Origin("feed", SITE, NOW))
    bare = replace(article, names=ArticleNames())
    assert store.articles.save("feed", [bare, replace(bare, id="2")], NOW).new == 2
