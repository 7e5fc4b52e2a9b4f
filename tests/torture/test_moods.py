"""A mail server that misbehaves at random, in every phase of every conversation, the whole way.

The judge is what it wrote down: it knows what it kept, whatever it answered.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.errors import LedgerRefused
from digest.models.deliveries import DeliveryState
from digest.pipeline.operator.orders import resume_issue
from digest.store import open_store

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom

READERS = 40
_MOST_ROUNDS = 40
_AGAIN = (DeliveryState.DEFERRED, DeliveryState.FAILED, DeliveryState.UNCERTAIN)


def have_all_tried_again(newsroom: Newsroom) -> None:
    """Do what an operator can: let it go on, and have everybody tried again who has no mail."""
    now = datetime.now(UTC)
    with open_store(newsroom.url, newsroom.folder) as store:
        issue = store.issues.get(newsroom.issue_key)
        if issue is None:
            return
        with suppress(LedgerRefused):
            resume_issue(store, issue.key, now)
        for state in _AGAIN:
            store.operator.move(issue.id, state, DeliveryState.PENDING, now)


def test_everybody_gets_a_mail_from_a_server_that_misbehaves(
    moody_newsroom: Callable[[int, int], Newsroom], long_form: bool, figure: Callable[[str], None]
) -> None:
    """Nobody is lost, and nobody has a copy more than was recorded as uncertain and resent."""
    for seed in range(1, 21 if long_form else 2):
        newsroom = moody_newsroom(READERS, seed)
        rounds = 0
        while set(newsroom.states().values()) != {DeliveryState.ACCEPTED}:
            rounds += 1
            assert rounds < _MOST_ROUNDS, newsroom.said()[-3000:]
            have_all_tried_again(newsroom)
            for running in [newsroom.send(sender) for sender in newsroom.senders]:
                running.wait()
        copies, recorded = newsroom.sink.copies(), newsroom.recorded()
        assert set(copies) == set(newsroom.states())
        assert len(copies) == READERS
        assert not {name for name, number in copies.items() if number > 1 + recorded[name]}
        figure(
            f"seed {seed}: {rounds} rounds, {copies.total() - READERS} copies too many,"
            f" {recorded.total()} recorded"
        )
