"""Figures for a report: events and their latest, bounces by domain, who came and who left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from digest.models.events import DeliveryEvent, EventKind
from digest.store.ledger.events import AboutDelivery
from digest.store.ledger.figures import KeptEvent

if TYPE_CHECKING:
    from tests.store.conftest import Newsroom

SECOND = timedelta(seconds=1)


def _heard(newsroom: Newsroom, number: int | None, kind: EventKind, detail: str = "") -> None:
    event_id = f"{number} {kind} {detail}"
    event = DeliveryEvent("postmark", event_id, kind, newsroom.now, number, detail=detail)
    newsroom.store.events.record([event], newsroom.now)


def _subscribe(newsroom: Newsroom, *emails: str) -> None:
    for email in emails:
        newsroom.store.subscribers.add(email, edition="daily", confirmed=True, now=newsroom.now)


def test_the_latest_events_come_first_and_name_their_issue(newsroom: Newsroom) -> None:
    """All of them, those of an issue or of a kind, and never more than were asked for."""
    newsroom.subscribe(1)
    first, _ = newsroom.plan()
    second, _ = newsroom.plan(key="2026-11-24")
    _heard(newsroom, 1, EventKind.DELIVERED, "Ok")
    _heard(newsroom, 2, EventKind.BOUNCED_SOFT, "Full")
    _heard(newsroom, None, EventKind.DELIVERED)
    events = newsroom.store.figures.events
    delivered = KeptEvent(newsroom.now, EventKind.DELIVERED, "postmark", first.key, 1, "Ok")
    bounced = KeptEvent(newsroom.now, EventKind.BOUNCED_SOFT, "postmark", second.key, 2, "Full")
    strange = KeptEvent(newsroom.now, EventKind.DELIVERED, "postmark", "", None, "")
    assert events(None, None, 9) == [strange, bounced, delivered]
    assert events(None, None, 2) == [strange, bounced]
    assert events(first.id, None, 9) == [delivered]
    assert events(second.id, EventKind.DELIVERED, 9) == []
    assert events(None, EventKind.DELIVERED, 9) == [strange, delivered]


def test_bounces_are_counted_by_domain(newsroom: Newsroom) -> None:
    """Readers and not events, most first, then by name; of one issue, and of no other kind."""
    readers = ("a@b.example", "b@b.example", "c@a.example", "d@c.example", "e@d.example")
    _subscribe(newsroom, *readers)
    issue, _ = newsroom.plan()
    other, _ = newsroom.plan(key="2026-11-24")
    for number, kind in (
        (1, EventKind.BOUNCED_SOFT),
        (1, EventKind.BOUNCED_HARD),
        (2, EventKind.REFUSED),
        (3, EventKind.BOUNCED_SOFT),
        (4, EventKind.BOUNCED_HARD),
        (5, EventKind.COMPLAINED),
        (10, EventKind.BOUNCED_SOFT),
    ):
        _heard(newsroom, number, kind)
    by_domain = newsroom.store.figures.bounces_by_domain
    assert by_domain(issue.id) == [("b.example", 2), ("a.example", 1), ("c.example", 1)]
    assert by_domain(issue.id, 2) == [("b.example", 2), ("a.example", 1)]
    assert by_domain(other.id) == [("d.example", 1)]


def test_who_had_come_and_who_left_is_counted_to_the_moment(newsroom: Newsroom) -> None:
    """A reader counts from the moment they subscribed up to the moment they left."""
    newsroom.subscribe(2)
    newsroom.subscribe(1, "weekly")
    left = newsroom.now + timedelta(days=1)
    for edition in ("daily", "weekly"):
        reader = newsroom.public_id("reader0@news.example")
        newsroom.store.subscribers.unsubscribe(reader, edition, left)
    figures = newsroom.store.figures
    for moment, number in ((newsroom.now - SECOND, 0), (newsroom.now, 2)):
        assert figures.readers_at("daily", moment) == number
    for moment, number in ((left - SECOND, 2), (left, 1)):
        assert figures.readers_at("daily", moment) == number
    assert figures.left_between("daily", left, left + SECOND) == 1
    assert figures.left_between("daily", left - SECOND, left) == 0
    assert figures.left_between("daily", left + SECOND, left + 2 * SECOND) == 0


def test_what_is_known_of_deliveries_is_told_by_number(newsroom: Newsroom) -> None:
    """Those that are there; a reader who was erased has no address any more."""
    newsroom.subscribe(2)
    issue, _ = newsroom.plan()
    newsroom.start(newsroom.claim(issue.id, 1)[0], now=newsroom.now + SECOND)
    newsroom.store.erase_reader("reader1@news.example", newsroom.now)
    assert newsroom.store.events.about([2, 1, 1, 9]) == {
        1: AboutDelivery("reader0@news.example", newsroom.now + SECOND),
        2: AboutDelivery("", newsroom.now),
    }
    assert newsroom.store.events.about([]) == {}


def test_a_reader_s_deliveries_come_the_latest_first(newsroom: Newsroom) -> None:
    """Each with its issue, and those of this reader only."""
    newsroom.subscribe(2)
    for key in ("2026-11-23", "2026-11-24"):
        newsroom.plan(key=key)
    deliveries = newsroom.store.events.deliveries_of(newsroom.public_id("reader1@news.example"))
    assert deliveries == [(4, "daily/2026-11-24"), (2, "daily/2026-11-23")]
