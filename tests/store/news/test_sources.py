"""Sources: polite questions need a memory, and health needs figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digest.models.articles import Article
from digest.store import SourceOutcome, Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
URL = "https://news.example/feed/"
OK = SourceOutcome("feed", URL, "ok", "feed", etag='"1"', last_modified="Mon", items=10)
UNCHANGED = SourceOutcome("feed", URL, "unchanged")
FAILED = SourceOutcome("feed", URL, "failed", error="503 Service Unavailable")


def test_a_source_never_looked_at_is_not_known(store: Store) -> None:
    """It is absent, not empty."""
    assert store.sources.get(["feed"]) == {}
    assert store.sources.get([]) == {}


def test_a_full_answer_is_remembered(store: Store) -> None:
    """Validators, kind, counts and times."""
    store.sources.record([OK], NOW)
    known = store.sources.get(["feed", "other"])["feed"]
    assert (known.etag, known.last_modified, known.kind) == ('"1"', "Mon", "feed")
    assert (known.last_success, known.last_checked, known.last_error) == (NOW, NOW, "")
    assert (known.checks, known.last_items, known.usual_items) == (1, 10, 10.0)


def test_validators_hold_for_their_url_only(store: Store) -> None:
    """Another URL is asked without them: its answer would be another."""
    store.sources.record([OK], NOW)
    known = store.sources.get(["feed"])["feed"]
    assert known.validators(URL) == ('"1"', "Mon")
    assert known.validators("https://news.example/other/") == ("", "")


def test_unchanged_keeps_the_memory_and_counts_as_success(store: Store) -> None:
    """A 304 may say nothing; its validators still hold, and the usual count does not sink."""
    store.sources.record([OK], NOW)
    later = NOW + timedelta(hours=1)
    store.sources.record([UNCHANGED], later)
    known = store.sources.get(["feed"])["feed"]
    assert known.validators(URL) == ('"1"', "Mon")
    assert (known.last_success, known.checks, known.usual_items) == (later, 2, 10.0)


def test_a_failure_forgets_nothing_and_counts_up(store: Store) -> None:
    """The error is kept beside the last success; a success ends the row."""
    store.sources.record([OK], NOW)
    for hour in (1, 2):
        store.sources.record([FAILED], NOW + timedelta(hours=hour))
    known = store.sources.get(["feed"])["feed"]
    assert (known.failures_in_a_row, known.last_error) == (2, "503 Service Unavailable")
    assert (known.last_success, known.validators(URL)) == (NOW, ('"1"', "Mon"))
    store.sources.record([OK], NOW)
    known = store.sources.get(["feed"])["feed"]
    assert (known.failures_in_a_row, known.last_error) == (0, "")


def test_a_full_answer_without_validators_drops_the_old_ones(store: Store) -> None:
    """An old ETag beside a new answer would describe nothing."""
    store.sources.record([OK, SourceOutcome("feed", URL, "ok", items=20)], NOW)
    known = store.sources.get(["feed"])["feed"]
    assert known.validators(URL) == ("", "")
    assert known.usual_items == 15.0


def test_a_failure_of_a_new_address_does_not_lend_it_the_old_validators(store: Store) -> None:
    """The URL changes only with an answer from it."""
    store.sources.record([OK], NOW)
    moved = SourceOutcome("feed", "https://news.example/new/", "failed", error="404")
    store.sources.record([moved], NOW)
    assert store.sources.get(["feed"])["feed"].validators("https://news.example/new/") == ("", "")


def test_a_first_look_that_fails_is_remembered(store: Store) -> None:
    """Never read, and why."""
    store.sources.record([FAILED], NOW)
    known = store.sources.get(["feed"])["feed"]
    assert (known.last_success, known.failures_in_a_row, known.usual_items) == (None, 1, 0.0)


def test_where_a_source_moved_is_asked_next_time(store: Store) -> None:
    """Until the configured URL changes, or the new address is forgotten."""
    moved = replace(OK, moved_to="https://news.example/new/")
    store.sources.record([moved], NOW)
    known = store.sources.get(["feed"])["feed"]
    assert known.address(URL) == "https://news.example/new/"
    assert known.address("https://other.example/") == "https://other.example/"
    store.sources.record([FAILED], NOW)
    assert store.sources.get(["feed"])["feed"].address(URL) == "https://news.example/new/"
    store.sources.record([replace(FAILED, forget_move=True)], NOW)
    assert store.sources.get(["feed"])["feed"].address(URL) == URL


def test_a_retired_source_stays_retired_until_its_url_changes(store: Store) -> None:
    """The mark holds for the very address, and a good answer takes it off."""
    store.sources.record([replace(FAILED, retired=True)], NOW)
    known = store.sources.get(["feed"])["feed"]
    assert known.is_retired(URL)
    assert not known.is_retired("https://news.example/other/")
    store.sources.record([OK], NOW)
    assert not store.sources.get(["feed"])["feed"].is_retired(URL)


def test_when_to_ask_again_is_remembered(store: Store) -> None:
    """It holds for its address, and the next look says anew."""
    later = NOW + timedelta(hours=2)
    store.sources.record([replace(FAILED, not_before=later, seconds=1.5)], NOW)
    known = store.sources.get(["feed"])["feed"]
    assert (known.rests_until(URL), known.last_seconds) == (later, 1.5)
    assert known.rests_until("https://news.example/other/") is None
    store.sources.record([OK], NOW)
    assert store.sources.get(["feed"])["feed"].rests_until(URL) is None


def test_volumes_count_whole_days_back_from_now(store: Store) -> None:
    """Only days since the source was first read; a source that brought nothing is absent."""
    first = NOW - timedelta(days=3, hours=1)
    for number, hours in enumerate((1, 2, 30, 60, 100, 2000)):
        article = Article(
            str(number),
            "feed",
            "https://news.example/",
            "T",
            published=NOW - timedelta(hours=hours),
        )
        store.articles.save("feed", [article], first)
    volumes = store.sources.volumes(["feed", "other"], NOW)
    assert set(volumes) == {"feed"}
    assert volumes["feed"].days == (2, 1, 1)
    assert (volumes["feed"].newest, volumes["feed"].first_seen) == (NOW - timedelta(hours=1), first)
