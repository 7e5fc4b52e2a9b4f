"""Reviews: what editors saw, by its hash, and who approved it first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.store import Review

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Return an SQLite's alone: the statements are the same on either database."""
    return sqlite_url


def _review(newsroom: Newsroom, number: int = 0, key: str = "2026-11-23") -> Review:
    return Review(
        slot=newsroom.slot(key),
        sha256=f"{number:064}",
        content='{"issue": "ä"}',
        content_sha256="c" * 64,
        reasons="because",
        outline={"sections": ["world"]},
        inputs="i" * 64,
        made_at=newsroom.now + number * SECOND,
    )


def test_a_review_is_kept_as_it_was_seen(newsroom: Newsroom) -> None:
    """Every field; one that is known stays as it is, and other hashes and slots are not it."""
    reviews, review = newsroom.store.reviews, _review(newsroom)
    assert reviews.keep(review) == review
    assert reviews.keep(replace(review, inputs="other")) == review
    assert reviews.get(review.slot, review.sha256) == review
    assert reviews.get(review.slot, "0" * 63) is None
    assert reviews.get(newsroom.slot("2026-11-24"), review.sha256) is None
    assert reviews.get(newsroom.slot(edition="weekly"), review.sha256) is None


def test_the_first_to_approve_stays_named(newsroom: Newsroom) -> None:
    """A second approval changes nothing; a review that nobody kept comes back as it is."""
    reviews, review = newsroom.store.reviews, _review(newsroom)
    other = reviews.keep(_review(newsroom, 1))
    reviews.keep(review)
    approved = replace(review, approved_at=newsroom.now, approved_by="Ada")
    assert reviews.approve(review, "Ada", newsroom.now) == approved
    assert reviews.approve(review, "Bob", newsroom.now + DAY) == approved
    assert reviews.keep(review) == approved
    assert reviews.of(review.slot) == (other, approved)
    unknown = _review(newsroom, 2)
    assert reviews.approve(unknown, "Ada", newsroom.now) == unknown
    assert reviews.get(unknown.slot, unknown.sha256) is None


def test_of_a_slot_twenty_that_nobody_approved_are_kept(newsroom: Newsroom) -> None:
    """The newest of them, and every approved one; other slots keep theirs."""
    reviews = newsroom.store.reviews
    other = reviews.keep(_review(newsroom, 0, "2026-11-24"))
    approved = reviews.approve(reviews.keep(_review(newsroom)), "Ada", newsroom.now)
    made = [reviews.keep(_review(newsroom, number)) for number in range(1, 22)]
    assert reviews.of(newsroom.slot()) == (*reversed(made[1:]), approved)
    assert reviews.of(newsroom.slot("2026-11-24")) == (other,)


def test_reviews_of_sixty_days_ago_are_forgotten(newsroom: Newsroom) -> None:
    """At the next one that is kept, of whatever slot, approved or not."""
    reviews = newsroom.store.reviews
    old = reviews.keep(replace(_review(newsroom), made_at=newsroom.now - 60 * DAY - SECOND))
    edge = reviews.keep(replace(_review(newsroom, 1), made_at=newsroom.now - 60 * DAY))
    reviews.approve(old, "Ada", newsroom.now)
    reviews.keep(_review(newsroom, 0, "2026-11-24"))
    assert reviews.of(newsroom.slot()) == (edge,)
