"""The ledger's mark: it begins once, grows with every plan and finish, and changes on adoption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.models.deliveries import Outcome
from digest.store import LedgerMark

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom


def test_a_new_ledger_has_no_mark_until_it_begins(newsroom: Newsroom) -> None:
    """To begin twice is to begin once."""
    marks = newsroom.store.marks
    assert marks.current() is None
    begun = marks.begin()
    assert (begun.number, marks.begin(), marks.current()) == (0, begun, begun)


def test_it_grows_with_every_plan_and_finish_and_with_nothing_else(newsroom: Newsroom) -> None:
    """A plan that was there, or a finish too early, is neither."""
    newsroom.subscribe(1)
    epoch = newsroom.store.marks.begin().epoch
    issue, _ = newsroom.plan()
    newsroom.plan()
    assert not newsroom.store.ledger.finish(issue.id, newsroom.now)
    assert newsroom.store.marks.current() == LedgerMark(epoch, 1)
    (claim,) = newsroom.claim(issue.id)
    newsroom.start(claim)
    newsroom.settle(claim, Outcome.ACCEPTED)
    assert newsroom.store.ledger.finish(issue.id, newsroom.now)
    assert newsroom.store.ledger.finish(issue.id, newsroom.now)
    assert newsroom.store.marks.current() == LedgerMark(epoch, 2)


def test_a_plan_marks_a_ledger_that_never_began(newsroom: Newsroom) -> None:
    """Planned by whatever way, it is from then on one that can be told apart."""
    newsroom.subscribe(1)
    newsroom.plan()
    found = newsroom.store.marks.current()
    assert found is not None
    assert found.number == 1


def test_an_adopted_ledger_is_a_new_one_and_ahead_of_both(newsroom: Newsroom) -> None:
    """Its epoch is its own; no number it gives was given before."""
    first = newsroom.store.marks.adopt(7)
    second = newsroom.store.marks.adopt(3)
    assert (first.number, second.number) == (8, 9)
    assert first.epoch != second.epoch
    assert newsroom.store.marks.current() == second
