"""Forgetting: who never confirmed, marks that were no secret, and figures of who came and went."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import text

from subscribers.consent import Proof, Way
from subscribers.lifecycle import State, Suppressed
from subscribers.pseudonyms import Pseudonyms
from subscribers.store import SubscriberStore
from subscribers.values import Enrolled, Growth, Tidied

FORM = Proof(Way.FORM, "Yes.")


def test_who_never_confirmed_is_forgotten_and_nobody_else(
    people: SubscriberStore, now: datetime
) -> None:
    """With their consent; a person with another subscription keeps that one."""
    for email in ("old@news.example", "both@news.example"):
        people.ask(email, edition="daily", proof=FORM, now=now)
    people.add("both@news.example", edition="weekly", confirmed=True, now=now)
    later = now + timedelta(days=31)
    people.ask("fresh@news.example", edition="daily", proof=FORM, now=later)
    before = later - timedelta(days=30)
    assert people.tidy(before, rehearsal=True) == Tidied(2, 0, 0)
    assert people.count() == 4
    assert people.tidy(before, rehearsal=False) == Tidied(2, 0, 0)
    assert people.tidy(before, rehearsal=False) == Tidied(0, 0, 0)
    assert people.find_by_email("old@news.example") is None
    assert people.find_by_email("fresh@news.example") is not None
    both = people.find_by_email("both@news.example")
    assert both is not None
    assert [(one.edition, one.state) for one in both.subscriptions] == [("weekly", State.ACTIVE)]


def test_a_form_takes_nothing_from_the_proof_that_somebody_left(
    people: SubscriberStore, now: datetime
) -> None:
    """They left; anybody types their address into the form; nobody confirms; it is tidied up.

    They are still known to have left, so that no list and no operator's word brings them back.
    """
    email = "left@news.example"
    people.add(email, edition="daily", confirmed=True, now=now)
    reader = people.find_by_email(email)
    assert reader is not None
    people.unsubscribe(reader.public_id, "daily", now)
    asked = people.ask(email, edition="daily", proof=FORM, now=now + timedelta(days=1))
    assert (asked.before, asked.state) == (State.UNSUBSCRIBED, State.UNSUBSCRIBED)
    assert people.tidy(now + timedelta(days=40), rehearsal=False).unconfirmed == 0
    assert people.confirm_operators_word("daily", "fair, 2026", now) == 0
    assert people.add(email, edition="daily", confirmed=True, now=now) is Enrolled.LEFT
    found = people.find_by_email(email)
    assert found is not None
    assert [str(one.act) for one in found.consent] == ["confirmed", "withdrew", "asked"]


def test_plain_marks_become_keyed_and_go_on_keeping_people_out(
    people: SubscriberStore, now: datetime
) -> None:
    """Before and after: no list brings back somebody who was erased."""
    mark = "sha256:" + hashlib.sha256(b"jane@news.example").hexdigest()
    with people._engine.begin() as connection:  # noqa: SLF001 - as version 0.1 left it
        connection.execute(
            text(
                "INSERT INTO suppression (email_key, reason, detail, created_at)"
                " VALUES (:mark, 'erasure', '', '2026-01-01')"
            ),
            {"mark": mark},
        )

    def added() -> Enrolled:
        return people.add("JANE@news.example", edition="daily", confirmed=True, now=now)

    assert added() is Enrolled.SUPPRESSED
    assert people.tidy(now, rehearsal=False).plain_marks == 1
    (left,) = people.everything()
    assert str(getattr(left, "key", "")).startswith("hmac:")
    assert added() is Enrolled.SUPPRESSED
    assert people.lift_suppression("jane@news.example")
    assert added() is Enrolled.ADDED


def test_marks_of_a_lost_key_are_forgotten_only_on_order(
    people: SubscriberStore, now: datetime
) -> None:
    """They are counted until then."""
    people.erase("jane@news.example", now)
    other = SubscriberStore(people._engine, ["another key"])  # noqa: SLF001 - after a new key
    assert other.tidy(now, rehearsal=False).lost_marks == 1
    assert len(list(other.everything())) == 1
    assert other.tidy(now, rehearsal=False, lost_marks=True).lost_marks == 1
    assert list(other.everything()) == []
    assert not Pseudonyms(["another key"]).recognises("hmac:00000000:")


def test_growth_counts_who_came_and_left_by_span(people: SubscriberStore, now: datetime) -> None:
    """The first moment of a span is in it, the last is the next one's."""
    edges = [now, now + timedelta(days=7), now + timedelta(days=14)]
    for number, moment in enumerate((now, now + timedelta(days=6), edges[1])):
        people.add(f"r{number}@news.example", edition="daily", confirmed=True, now=moment)
    found = people.find_by_email("r0@news.example")
    assert found is not None
    people.unsubscribe(found.public_id, "daily", edges[1])
    assert people.growth(edges) == {"daily": Growth((2, 1), (0, 1))}
    people.suppress("x@news.example", Suppressed.BY_HAND, now)
    assert people.counts().by_reason == {"by_hand": 1}


def test_growth_is_of_each_edition_by_itself(people: SubscriberStore, now: datetime) -> None:
    """Nobody who came or left before the first edge or after the last is in it."""
    edges = [now, now + timedelta(days=7)]
    before, after = now - timedelta(seconds=1), edges[1]
    for name, edition, moment in (
        ("a", "daily", now),
        ("b", "daily", before),
        ("c", "weekly", after),
        ("d", "weekly", now),
        ("e", "weekly", now),
    ):
        people.add(f"{name}@news.example", edition=edition, confirmed=True, now=moment)
    people.add("f@news.example", edition="monthly", confirmed=False, now=now)
    assert people.growth(edges) == {
        "daily": Growth((1,), (0,)),
        "weekly": Growth((2,), (0,)),
        "monthly": Growth((0,), (0,)),
    }


def test_figures_count_suppressions_by_their_reason(people: SubscriberStore, now: datetime) -> None:
    """And all of them together."""
    for name, reason in (("a", "blocked"), ("b", "blocked"), ("c", "by_hand")):
        people.suppress(f"{name}@news.example", Suppressed(reason), now)
    counts = people.counts()
    assert (counts.suppressed, counts.by_reason) == (3, {"blocked": 2, "by_hand": 1})
    assert (counts.subscribers, counts.by_edition) == (0, {})


def test_who_asked_at_that_very_moment_is_kept(people: SubscriberStore, now: datetime) -> None:
    """Whoever asked before it goes, and whoever is here for something else does not."""
    second = timedelta(seconds=1)
    for name, moment in (("old", now - second), ("edge", now)):
        people.ask(f"{name}@news.example", edition="daily", proof=FORM, now=moment)
    people.add("reader@news.example", edition="daily", confirmed=True, now=now - second)
    assert people.tidy(now, rehearsal=False).unconfirmed == 1
    assert [one.email for one in people.list()] == ["edge@news.example", "reader@news.example"]


def test_only_marks_of_the_erased_are_made_keyed_and_each_is_kept_once(
    people: SubscriberStore, now: datetime
) -> None:
    """One that is there in both ways; a rehearsal counts, and an address is no mark."""
    plain = "sha256:" + hashlib.sha256(b"jane@news.example").hexdigest()
    with people._engine.begin() as connection:  # noqa: SLF001 - as version 0.1 left it
        for key, reason in ((plain, "erasure"), ("sha256:joe@news.example", "by_hand")):
            connection.execute(
                text(
                    "INSERT INTO suppression (email_key, reason, detail, created_at)"
                    " VALUES (:key, :reason, '', '2026-01-01')"
                ),
                {"key": key, "reason": reason},
            )
    people.erase("jane@news.example", now)
    before = list(people.everything())
    assert people.tidy(now, rehearsal=True) == Tidied(0, 1, 0)
    assert list(people.everything()) == before
    assert people.tidy(now, rehearsal=False, lost_marks=True) == Tidied(0, 1, 0)
    keys = [str(getattr(one, "key", "")) for one in people.everything()]
    assert [key.partition(":")[0] for key in sorted(keys)] == ["hmac", "sha256"]
    assert people.tidy(now, rehearsal=False) == Tidied(0, 0, 0)


def test_a_rehearsal_forgets_no_mark(people: SubscriberStore, now: datetime) -> None:
    """Even where it is ordered."""
    people.erase("jane@news.example", now)
    other = SubscriberStore(people._engine, ["another key"])  # noqa: SLF001 - after a new key
    assert other.tidy(now, rehearsal=True, lost_marks=True).lost_marks == 1
    assert len(list(other.everything())) == 1
