"""Renaming an edition: everything that names it goes on under the present id, or keeps its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.issues import IssueState, Slot
from digest.store import NewIssue, Review, SlotOutcome, SlotState
from subscribers.lifecycle import State

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

DAY = timedelta(days=1)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Return an SQLite's alone: the statements are the same on either database."""
    return sqlite_url


def _slot(newsroom: Newsroom, edition: str, day: int = 0) -> Slot:
    return Slot(edition, f"day {day}", newsroom.now + day * DAY)


def _freeze(newsroom: Newsroom, edition: str, day: int = 0) -> int:
    new = NewIssue(_slot(newsroom, edition, day), "{}", "a" * 64)
    return newsroom.store.issues.create(new, IssueState.APPROVED, newsroom.now).id


def _reviewed(newsroom: Newsroom, edition: str) -> Review:
    slot = _slot(newsroom, edition)
    review = Review(slot, "a" * 64, "{}", "c" * 64, "", {}, "i" * 64, newsroom.now)
    return newsroom.store.reviews.keep(review)


def _missed(newsroom: Newsroom, edition: str, day: int) -> SlotOutcome:
    slot = _slot(newsroom, edition, day)
    return SlotOutcome(slot, SlotState.MISSED, "late", newsroom.now)


def test_everything_goes_on_under_the_present_id(newsroom: Newsroom) -> None:
    """Readers, issues, reviews, what became of slots, and how far the schedule was followed."""
    newsroom.subscribe(3)
    store, now = newsroom.store, newsroom.now
    number, other = _freeze(newsroom, "daily"), _freeze(newsroom, "weekly")
    review = _reviewed(newsroom, "daily")
    store.slots.advance("daily", now, [_missed(newsroom, "daily", 1)])
    assert store.rename_edition("daily", "morning", now) == 3
    assert [one.id for one in store.issues.list("morning")] == [number]
    assert [one.id for one in store.issues.list("weekly")] == [other]
    assert store.issues.list("daily") == ()
    here = _slot(newsroom, "morning")
    assert store.reviews.of(here) == (replace(review, slot=here),)
    (missed,) = store.slots.outcomes("morning", now)
    assert missed == _missed(newsroom, "morning", 1)
    assert (store.slots.cursor("morning"), store.slots.cursor("daily")) == (now, None)
    assert {one.state for one in store.subscribers.list("morning")} == {State.ACTIVE}
    assert store.rename_edition("daily", "morning", now) == 0


def test_where_both_have_a_slot_each_keeps_its_own(newsroom: Newsroom) -> None:
    """No issue takes another's place; the other slots go on."""
    kept, present, moved = (
        _freeze(newsroom, "daily"),
        _freeze(newsroom, "morning"),
        _freeze(newsroom, "daily", 1),
    )
    newsroom.store.rename_edition("daily", "morning", newsroom.now)
    assert [one.id for one in newsroom.store.issues.list("daily")] == [kept]
    assert [one.id for one in newsroom.store.issues.list("morning")] == [moved, present]


@pytest.mark.parametrize("further", ["daily", "morning"])
def test_the_cursor_that_came_further_is_kept(newsroom: Newsroom, further: str) -> None:
    """A slot that was told of as missed is told once; another edition's stays."""
    slots = newsroom.store.slots
    for edition in ("daily", "morning", "weekly"):
        slots.advance(edition, newsroom.now + (DAY if edition == further else DAY / 2), [])
    newsroom.store.rename_edition("daily", "morning", newsroom.now)
    found = {edition: slots.cursor(edition) for edition in ("daily", "morning", "weekly")}
    assert found == {"daily": None, "morning": newsroom.now + DAY, "weekly": newsroom.now + DAY / 2}


@pytest.mark.parametrize("what", ["reader", "issue", "review", "outcome", "cursor"])
def test_whatever_is_kept_under_the_former_id_is_found(newsroom: Newsroom, what: str) -> None:
    """Each of them alone; the readers are counted."""
    store, now = newsroom.store, newsroom.now
    match what:
        case "reader":
            newsroom.subscribe(1)
        case "issue":
            _freeze(newsroom, "daily")
        case "review":
            _reviewed(newsroom, "daily")
        case "outcome":
            store.slots.record(_missed(newsroom, "daily", 0))
        case _:
            store.slots.advance("daily", now, [])
    assert store.rename_edition("daily", "morning", now) == int(what == "reader")
    slot = _slot(newsroom, "morning")
    found = {
        "reader": bool(list(store.subscribers.list("morning"))),
        "issue": bool(store.issues.list("morning")),
        "review": bool(store.reviews.of(slot)),
        "outcome": bool(store.slots.outcomes("morning", now)),
        "cursor": store.slots.cursor("morning") is not None,
    }
    assert [name for name, there in found.items() if there] == [what]
