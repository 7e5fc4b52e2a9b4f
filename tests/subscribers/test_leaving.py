"""Many readers leave at once: each as if they had left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from subscribers.consent import Act, Proof, Way
from subscribers.lifecycle import State, Suppressed
from subscribers.store import SubscriberStore
from subscribers.values import Departure, Leaving, SubscriberRecord

CLICK = Proof(Way.ONE_CLICK, "too\nmany")


def _same(edition: str, _theirs: Sequence[str]) -> str:
    return edition


def _add(people: SubscriberStore, name: str, now: datetime, edition: str = "daily") -> str:
    address = f"{name}@news.example"
    people.add(address, edition=edition, confirmed=True, now=now, locale="fr")
    return _found(people, name).public_id


def _found(people: SubscriberStore, name: str) -> SubscriberRecord:
    found = people.find_by_email(f"{name}@news.example")
    assert found is not None
    return found


def test_each_who_leaves_is_told_where_from_and_has_left(
    people: SubscriberStore, now: datetime
) -> None:
    """In the order of their wishes; None for who is not here, or not in that edition."""
    ids = {name: _add(people, name, now) for name in ("jane", "joe", "kim")}
    _add(people, "jane", now, "weekly")
    later = now + timedelta(hours=1)
    people.pause(ids["joe"], "daily", now, later)
    wishes = [
        Leaving(ids["joe"], "daily", CLICK),
        Leaving("stranger", "daily", CLICK),
        Leaving(ids["kim"], "weekly", CLICK),
        Leaving(ids["jane"], "daily", CLICK),
    ]
    assert people.leave_many(wishes, _same, later) == [
        Departure("daily", "joe@news.example", "fr"),
        None,
        None,
        Departure("daily", "jane@news.example", "fr"),
    ]
    states = {
        (name, one.edition): (one.state, one.unsubscribed_at, one.paused_until)
        for name in ids
        for one in _found(people, name).subscriptions
    }
    assert states == {
        ("jane", "daily"): (State.UNSUBSCRIBED, later, None),
        ("jane", "weekly"): (State.ACTIVE, None, None),
        ("joe", "daily"): (State.UNSUBSCRIBED, later, None),
        ("kim", "daily"): (State.ACTIVE, None, None),
    }
    act = _found(people, "joe").consent[-1]
    assert (act.edition, act.act, act.way) == ("daily", Act.WITHDREW, Way.ONE_CLICK)
    assert (act.words, act.at) == ("too many", later)


def test_leaving_twice_at_once_or_again_is_one_act(people: SubscriberStore, now: datetime) -> None:
    """Both are told the same; the first moment stays."""
    public_id = _add(people, "jane", now)
    wish = Leaving(public_id, "daily", CLICK)
    told = Departure("daily", "jane@news.example", "fr")
    assert people.leave_many([wish, wish], _same, now) == [told, told]
    assert people.leave_many([wish], _same, now + timedelta(hours=1)) == [told]
    found = _found(people, "jane")
    assert found.subscriptions[0].unsubscribed_at == now
    assert [one.act for one in found.consent] == [Act.CONFIRMED, Act.WITHDREW]
    assert people.leave_many([], _same, now) == []


def test_a_link_of_a_former_edition_is_resolved_among_the_readers_own(
    people: SubscriberStore, now: datetime
) -> None:
    """`resolve` is handed the link's edition and those the reader has."""
    public_id = _add(people, "jane", now, "weekly")
    _add(people, "jane", now, "morning")
    asked: list[tuple[str, list[str]]] = []

    def resolve(edition: str, theirs: Sequence[str]) -> str:
        asked.append((edition, list(theirs)))
        return "morning"

    wishes = [Leaving(public_id, "daily", CLICK), Leaving("stranger", "daily", CLICK)]
    assert people.leave_many(wishes, resolve, now) == [
        Departure("morning", "jane@news.example", "fr"),
        None,
    ]
    assert asked == [("daily", ["weekly", "morning"]), ("daily", [])]
    states = {one.edition: one.state for one in _found(people, "jane").subscriptions}
    assert states == {"morning": State.UNSUBSCRIBED, "weekly": State.ACTIVE}


def test_a_complaint_takes_every_edition_with_an_act_for_each(
    people: SubscriberStore, now: datetime
) -> None:
    """But none for what had ended before; nobody else leaves."""
    public_id = _add(people, "jane", now)
    for edition in ("weekly", "evening"):
        _add(people, "jane", now, edition)
    _add(people, "joe", now)
    people.unsubscribe(public_id, "weekly", now)
    people.pause(public_id, "evening", now, now + timedelta(days=9))
    later = now + timedelta(hours=1)
    people.suppress("jane@news.example", Suppressed.COMPLAINT, later)
    found = _found(people, "jane")
    assert [(one.edition, one.unsubscribed_at) for one in found.subscriptions] == [
        ("daily", later),
        ("evening", later),
        ("weekly", now),
    ]
    assert {one.state for one in found.subscriptions} == {State.UNSUBSCRIBED}
    assert found.subscriptions[1].paused_until is None
    withdrew = [(one.edition, one.way) for one in found.consent if one.act is Act.WITHDREW]
    assert withdrew == [
        ("weekly", Way.LINK),
        ("daily", Way.BY_HAND),
        ("evening", Way.BY_HAND),
    ]
    assert _found(people, "joe").subscriptions[0].state is State.ACTIVE
