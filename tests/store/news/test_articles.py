"""Articles: saved in bulk, merged on the way, found again by window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import StatementError

from digest.models.articles import Article, Picture, Prominence
from digest.store import ArticleChange, Saved, Store
from digest.store.database.rows import article_key
from digest.store.database.tables import ARTICLE

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)

FULL = Article(
    "1",
    "feed",
    "https://news.example/1",
    "Tïtle 🎉",
    excerpt="Excerpt",
    excerpt_html="<b>Excerpt</b>",
    author="Author",
    published=NOW - HOUR,
    updated=NOW - HOUR,
    picture=Picture("https://news.example/1.jpg", 600, 400, "alt"),
    tags=("one", "two"),
    comments=3,
    popularity=2.5,
    language="en",
    reading_minutes=4,
)


def _window(store: Store, *sources: str) -> list[str]:
    found = store.articles.window(sources or ("feed",), NOW - 24 * HOUR, NOW)
    return [known.article.id for known in found]


def test_an_article_comes_back_as_it_went_in(store: Store) -> None:
    """Every field, and when and through what it was met."""
    assert store.articles.save("feed", [FULL], NOW) == Saved(new=1, updated=0)
    (known,) = store.articles.window(["feed"], NOW - 2 * HOUR, NOW)
    assert known.article == FULL
    assert (known.first_seen, known.sources) == (NOW, ("feed",))


def test_saving_the_same_again_changes_nothing(store: Store) -> None:
    """Neither new nor updated, and still first seen when it was."""
    store.articles.save("feed", [FULL], NOW)
    assert store.articles.save("feed", [FULL], NOW + HOUR) == Saved(0, 0)
    (known,) = store.articles.window(["feed"], NOW - 2 * HOUR, NOW)
    assert (known.article, known.first_seen) == (FULL, NOW)


def test_what_is_known_is_read_whole_before_it_is_changed(store: Store) -> None:
    """A new headline leaves every other field as it was: moments to the microsecond, tags, sizes.

    An article without any of them is known as well.
    """
    exact = replace(FULL, published=NOW - HOUR + timedelta(microseconds=7), tags=("é", '"two"'))
    bare = Article("2", "feed", "https://news.example/2", "Bare")
    store.articles.save("feed", [exact, bare], NOW)
    assert store.articles.save("feed", [exact, bare], NOW) == Saved(0, 0)
    changed = replace(exact, title="Corrected", updated=NOW)
    assert store.articles.save("feed", [changed, bare], NOW) == Saved(0, 1)
    known = store.articles.window(["feed"], NOW - 24 * HOUR, NOW)
    assert {one.article.id: one.article for one in known} == {"1": changed, "2": bare}


def test_an_older_copy_takes_nothing_away(store: Store) -> None:
    """No title, no picture, an earlier date: what is known stays."""
    store.articles.save("feed", [FULL], NOW)
    barer = replace(FULL, title="", picture=None, updated=NOW - 5 * HOUR)
    assert store.articles.save("feed", [barer], NOW) == Saved(0, 0)
    assert store.articles.window(["feed"], NOW - 2 * HOUR, NOW)[0].article == FULL


def test_a_new_comment_count_is_kept_without_calling_the_article_changed(store: Store) -> None:
    """Signals move all the time; they are no news about the article."""
    store.articles.save("feed", [FULL], NOW)
    assert store.articles.save("feed", [replace(FULL, comments=50)], NOW) == Saved(0, 0)
    assert store.articles.window(["feed"], NOW - 2 * HOUR, NOW)[0].article.comments == 50


def test_a_correction_is_counted_as_updated(store: Store) -> None:
    """A newer title of the same source replaces the old one."""
    store.articles.save("feed", [FULL], NOW)
    better = replace(FULL, title="Corrected", updated=NOW)
    assert store.articles.save("feed", [better], NOW) == Saved(0, 1)
    assert store.articles.window(["feed"], NOW - 2 * HOUR, NOW)[0].article.title == "Corrected"


def test_an_article_met_through_another_source_gains_a_source(store: Store) -> None:
    """One article, two sources, and it is found through either."""
    store.articles.save("feed", [FULL], NOW)
    theirs = replace(FULL, source_id="front", title="Their title")
    assert store.articles.save("front", [theirs], NOW + HOUR) == Saved(0, 0)
    for source in ("feed", "front"):
        (known,) = store.articles.window([source], NOW - 2 * HOUR, NOW)
        assert (known.article.title, known.sources) == (FULL.title, ("feed", "front"))
    assert store.articles.count() == 1


def test_an_article_that_stands_twice_in_one_feed_is_one(store: Store) -> None:
    """Feeds repeat themselves."""
    assert store.articles.save("feed", [FULL, FULL], NOW) == Saved(1, 0)


def test_more_articles_than_a_batch_are_all_saved(store: Store) -> None:
    """Batches join without a gap."""
    many = [replace(FULL, id=str(number)) for number in range(1203)]
    assert store.articles.save("feed", many, NOW) == Saved(1203, 0)
    assert store.articles.count() == 1203
    later = [replace(article, title="New", updated=NOW) for article in many]
    assert store.articles.save("feed", later, NOW) == Saved(0, 1203)


def test_a_late_arrival_with_an_old_date_is_in_the_window(store: Store) -> None:
    """Dated long ago, first seen now: else nobody would ever read it."""
    late = replace(FULL, id="late", published=NOW - 500 * HOUR)
    store.articles.save("feed", [late], NOW)
    assert _window(store) == ["late"]


def test_what_is_old_both_ways_is_outside(store: Store) -> None:
    """Dated and first seen before the window."""
    store.articles.save("feed", [replace(FULL, published=NOW - 500 * HOUR)], NOW - 400 * HOUR)
    assert _window(store) == []


def test_an_undated_article_counts_by_when_it_was_first_seen(store: Store) -> None:
    """Inside while its first sight is, outside afterwards."""
    store.articles.save("feed", [replace(FULL, published=None)], NOW - HOUR)
    assert _window(store) == ["1"]
    assert store.articles.window(["feed"], NOW, NOW + HOUR) == ()


def test_what_is_dated_ahead_waits_unless_there_is_no_end(store: Store) -> None:
    """A window with an end leaves it out; one without takes it in."""
    store.articles.save("feed", [replace(FULL, published=NOW + HOUR)], NOW)
    assert _window(store) == []
    assert len(store.articles.window(["feed"], NOW - HOUR, None)) == 1


def test_a_window_keeps_to_its_sources_and_goes_newest_first(store: Store) -> None:
    """Other sources' articles are not in it."""
    for number in (1, 3, 2):
        article = replace(FULL, id=str(number), published=NOW - number * HOUR)
        store.articles.save("feed", [article], NOW)
    store.articles.save("other", [replace(FULL, id="x")], NOW)
    assert _window(store) == ["1", "2", "3"]
    assert store.articles.window([], NOW - 24 * HOUR, NOW) == ()


def test_text_that_no_database_takes_is_cleaned(store: Store) -> None:
    """NUL and broken surrogates go; the rest stays."""
    odd = replace(FULL, id="a\x00b", title="Ti\x00tle\ud83d", tags=("t\x00",))
    store.articles.save("feed", [odd], NOW)
    store.articles.save("feed", [odd], NOW)
    (known,) = store.articles.window(["feed"], NOW - 2 * HOUR, NOW)
    assert (known.article.id, known.article.title, known.article.tags) == ("ab", "Title", ("t",))


def test_a_source_without_articles_is_no_fault(store: Store) -> None:
    """An empty feed saves nothing."""
    assert store.articles.save("feed", [], NOW) == Saved(0, 0)
    assert store.articles.count() == 0


def test_the_state_changes_when_an_article_does(store: Store) -> None:
    """A new article, and a corrected one, each give another state; the same again does not."""
    states = [store.articles.state()]
    for when, article in (
        (NOW, FULL),
        (NOW + HOUR, FULL),
        (NOW + 2 * HOUR, replace(FULL, title="Corrected", updated=NOW)),
    ):
        store.articles.save("feed", [article], when)
        states.append(store.articles.state())
    assert states[1] == states[2]
    assert len(set(states)) == 3


def test_what_a_headline_and_a_picture_were_is_kept(store: Store) -> None:
    """Each change with its moment; other words, and the same again, are none."""
    store.articles.save("feed", [FULL], NOW)
    store.articles.save("feed", [replace(FULL, title="Corrected", excerpt="Other")], NOW + HOUR)
    picture = Picture("https://news.example/2.jpg")
    for _ in range(2):
        better = replace(FULL, title="Corrected", picture=picture)
        store.articles.save("feed", [better], NOW + 2 * HOUR)
    assert store.articles.changes("1") == (
        ArticleChange("1", NOW + HOUR, "title", "T\u00eftle \U0001f389", "Corrected"),
        ArticleChange("1", NOW + 2 * HOUR, "picture", "https://news.example/1.jpg", picture.url),
    )


def test_a_withdrawn_article_is_marked_until_it_is_brought_again(store: Store) -> None:
    """Marked once; a source that brings it again takes the mark off."""
    store.articles.save("feed", [FULL], NOW)
    before = store.articles.state()
    assert store.articles.withdraw(["1", "unknown"], NOW + HOUR) == 1
    assert store.articles.withdraw(["1"], NOW + 2 * HOUR) == 0
    assert store.articles.withdrawn(["1", "2"]) == {"1"}
    assert store.articles.state() != before
    store.articles.save("feed", [FULL], NOW + 3 * HOUR)
    assert store.articles.withdrawn(["1"]) == frozenset()


def test_a_page_has_an_article_that_is_known_and_not_withdrawn(store: Store) -> None:
    """Neither what was never met nor what its site took back."""
    store.articles.save("feed", [FULL, replace(FULL, id="2")], NOW)
    store.articles.withdraw(["1"], NOW)
    assert [store.articles.on_page(name) for name in ("1", "2", "unknown")] == [False, True, False]


def test_missing_are_a_sources_own_recent_articles_that_it_no_longer_brings(store: Store) -> None:
    """Newest first; older ones, those present, and those marked already are left out."""
    many = [replace(FULL, id=str(n), published=NOW - n * HOUR) for n in range(1, 7)]
    store.articles.save("feed", many, NOW)
    store.articles.save("other", [replace(FULL, id="x"), replace(FULL, id="y")], NOW)
    store.articles.save("third", [replace(FULL, id="z")], NOW)
    store.articles.withdraw(["3"], NOW)
    found = store.articles.missing(
        {"feed": {"2"}, "other": {"x"}, "third": {"z"}},
        {"feed": NOW - 5 * HOUR, "other": NOW - 2 * HOUR, "third": NOW - 9 * HOUR},
    )
    names = {source: [name for name, _ in missing] for source, missing in found.items()}
    assert names == {"feed": ["1", "4"], "other": ["y"]}


def test_what_several_sources_bring_is_saved_at_once(store: Store) -> None:
    """As if each had been saved by itself: one article, all of its sources, counts by source."""
    bare = replace(FULL, title="Their title", picture=None)
    store.articles.save("old", [replace(FULL, id="2", title="")], NOW)
    saved = store.articles.save_all(
        {"front": [bare], "feed": [FULL, replace(FULL, id="2")], "quiet": []}, NOW
    )
    assert saved == {"front": Saved(1, 0), "feed": Saved(0, 2), "quiet": Saved(0, 0)}
    found = {known.article.id: known for known in store.articles.window(["feed"], NOW - HOUR, NOW)}
    assert found["1"].article.title == "Their title"
    assert found["1"].article.picture == FULL.picture
    assert (found["1"].sources, found["2"].sources) == (("feed", "front"), ("feed", "old"))


def test_a_store_that_fails_half_way_keeps_nothing_of_a_batch(store: Store) -> None:
    """All that several sources brought, or nothing."""
    naive = replace(FULL, id="2", published=datetime(2026, 11, 23))  # noqa: DTZ001 - what fails
    with pytest.raises(StatementError):
        store.articles.save_all({"feed": [FULL], "other": [naive]}, NOW)
    assert store.articles.count() == 0


def test_counts_of_readers_come_and_go_without_changing_articles(store: Store) -> None:
    """A complete count takes the place of the last one; what a source itself counted stays."""
    plain = [replace(FULL, id=name, popularity=None) for name in ("2", "3")]
    store.articles.save("feed", [FULL, *plain], NOW)
    state = store.articles.state()
    assert store.articles.record_popularity({"2": 7.0, "unknown": 1.0}, complete=True) == 1
    assert store.articles.record_popularity({"3": 9.0}, complete=False) == 1
    assert _popularity(store) == {"1": 2.5, "2": 7.0, "3": 9.0}
    store.articles.record_popularity({"3": 4.0}, complete=True)
    assert _popularity(store) == {"1": 2.5, "2": None, "3": 4.0}
    store.articles.save("feed", plain, NOW + HOUR)
    assert _popularity(store)["3"] == 4.0
    assert store.articles.state() == state


def _popularity(store: Store) -> dict[str, float | None]:
    found = store.articles.window(["feed"], NOW - 2 * HOUR, None)
    return {known.article.id: known.article.popularity for known in found}


def test_of_two_articles_with_one_key_the_first_stays(store: Store) -> None:
    """A stranger can look for such ids; what else all sources brought is saved all the same."""
    store.articles.save("world", [replace(FULL, id="a1")], NOW)
    _give_key(store, "a1", article_key("a2"))
    brought = {
        "world": [replace(FULL, id="a2"), replace(FULL, id="a3")],
        "sport": [replace(FULL, id="a4")],
    }
    for _ in range(2):
        store.articles.save_all(brought, NOW)
    assert sorted(_window(store, "world", "sport")) == ["a1", "a3", "a4"]
    assert store.articles.record_popularity({"a2": 9.0, "a3": 9.0}, complete=False) == 1


def _give_key(store: Store, name: str, key: int) -> None:
    with store._engine.begin() as connection:  # noqa: SLF001 - nobody can look for 2^32 ids here
        connection.execute(ARTICLE.update().where(ARTICLE.c.id == name).values(key=key))


def test_how_sources_put_an_article_forward_is_kept_until_they_say_otherwise(store: Store) -> None:
    """The best place of several sources, and one's name for it; what is not named has no place."""
    other = replace(FULL, id="2", url="https://news.example/2")
    store.articles.save("feed", [FULL, other], NOW)
    store.articles.save("front", [FULL], NOW)
    first = {"1": Prominence(4), "2": Prominence(7), "never brought": Prominence(1)}
    assert store.articles.record_prominence({"feed": first}) == 2
    assert store.articles.record_prominence({"feed": first}) == 0
    assert store.articles.record_prominence({"front": {"1": Prominence(2, "Most read")}}) == 1
    assert _prominence(store) == {"1": Prominence(2, "Most read"), "2": Prominence(7)}
    assert store.articles.record_prominence({"feed": {}, "front": {}}) == 3
    assert _prominence(store) == {"1": Prominence(), "2": Prominence()}


def _prominence(store: Store) -> dict[str, Prominence]:
    found = store.articles.window(["feed"], NOW - 24 * HOUR, NOW)
    return {known.article.id: known.prominence for known in found}
