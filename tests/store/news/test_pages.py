"""Pages of articles are remembered as they were read last."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digest.store import Store, StoredPage

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ONE = "https://news.example/one/"
PAGE = StoredPage("a1", NOW - timedelta(hours=3), '"1"', "", NOW - timedelta(hours=2), NOW)


def test_what_is_remembered_comes_back(store: Store) -> None:
    """By source and address, moments in UTC, nothing of other sources."""
    bare = StoredPage("", None, "", "Mon, 23 Nov 2026 06:00:00 GMT", NOW, NOW)
    store.pages.replace("world", {ONE: PAGE, ONE + "b": bare})
    store.pages.replace("sport", {ONE: replace(PAGE, etag='"2"')})
    assert store.pages.get(["world"]) == {"world": {ONE: PAGE, ONE + "b": bare}}
    assert store.pages.get(["sport", "arts"]) == {"sport": {ONE: replace(PAGE, etag='"2"')}}
    assert store.pages.get([]) == {}


def test_what_a_source_lists_no_more_is_forgotten(store: Store) -> None:
    """So the memory is never larger than the pages themselves."""
    store.pages.replace("world", {ONE: PAGE, ONE + "b": PAGE})
    store.pages.replace("world", {ONE: replace(PAGE, read_at=NOW + timedelta(hours=1))})
    (pages,) = store.pages.get(["world"]).values()
    assert list(pages) == [ONE]
    assert pages[ONE].read_at == NOW + timedelta(hours=1)
    store.pages.replace("world", {})
    assert store.pages.get(["world"]) == {}


def test_what_no_database_takes_is_left_out(store: Store) -> None:
    """An ETag may hold anything."""
    store.pages.replace("world", {ONE: replace(PAGE, etag='"\x00\ud800"')})
    assert store.pages.get(["world"])["world"][ONE].etag == '""'


def test_an_address_that_no_index_takes_is_not_remembered(store: Store) -> None:
    """Its letters were quoted, and it grew; the others of its source are kept all the same."""
    letters = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(100))
    store.pages.replace("world", {ONE: PAGE, ONE + letters: PAGE})
    assert list(store.pages.get(["world"])["world"]) == [ONE]
