"""Changes beyond one subscription: an address, a language, ids of editions and sections."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from digest.store import Store
from subscribers.address import normalise
from subscribers.consent import Act, Proof, Way
from subscribers.errors import AddressTaken, SubscriberUnknown
from subscribers.lifecycle import State, Suppressed
from subscribers.store import SubscriberStore
from subscribers.values import SubscriberRecord

FORM = Proof(Way.FORM, "Yes.")
LATER = timedelta(days=1)


def _add(people: SubscriberStore, name: str, now: datetime, edition: str = "daily") -> str:
    people.add(f"{name}@news.example", edition=edition, confirmed=True, now=now)
    return _found(people, name).public_id


def _found(people: SubscriberStore, name: str) -> SubscriberRecord:
    found = people.find_by_email(f"{name}@news.example")
    assert found is not None
    return found


def _states(people: SubscriberStore, name: str) -> dict[str, State]:
    return {one.edition: one.state for one in _found(people, name).subscriptions}


def test_an_address_is_changed_for_one_reader_alone(people: SubscriberStore, now: datetime) -> None:
    """It is written as it was typed; what was said of the former address stays with that."""
    public_id = _add(people, "jane", now)
    other = _add(people, "joe", now)
    people.suppress("jane@news.example", Suppressed.HARD_BOUNCE, now)
    people.change_address(public_id, " Moved@Inbox.example ")
    found = people.find(public_id)
    assert found is not None
    assert (found.email, found.suppressed) == ("Moved@inbox.example", "")
    assert people.find_by_email("moved@inbox.example") == found
    assert people.find_by_email("jane@news.example") is None
    assert people.suppressions("jane@news.example")[0].reason is Suppressed.HARD_BOUNCE
    assert _found(people, "joe").public_id == other


def test_an_address_may_be_written_in_another_way(people: SubscriberStore, now: datetime) -> None:
    """A reader's own address is not taken: their capital letters may change."""
    public_id = _add(people, "jane", now)
    people.change_address(public_id, "Jane@News.example")
    assert _found(people, "jane").email == "Jane@news.example"


def test_two_people_are_not_made_one(people: SubscriberStore, now: datetime) -> None:
    """An address that is somebody else's is refused, and so is a reader who is not there."""
    public_id = _add(people, "jane", now)
    _add(people, "joe", now)
    with pytest.raises(AddressTaken) as taken:
        people.change_address(public_id, "JOE@news.example")
    assert str(taken.value) == (
        "this address has a subscription of its own. Manage it by the links in the mails that"
        " come there, and unsubscribe here."
    )
    with pytest.raises(SubscriberUnknown) as unknown:
        people.change_address("stranger", "new@news.example")
    assert str(unknown.value) == "there is no such reader. They were erased."
    assert _found(people, "jane").public_id == public_id


def test_a_language_is_chosen_for_one_reader_alone(people: SubscriberStore, now: datetime) -> None:
    """And taken back."""
    public_id = _add(people, "jane", now)
    _add(people, "joe", now)
    for locale in ("fr", ""):
        people.set_locale(public_id, locale)
        assert (_found(people, "jane").locale, _found(people, "joe").locale) == (locale, "")


def test_choices_follow_the_sections_that_were_renamed(
    people: SubscriberStore, now: datetime
) -> None:
    """Only of that edition, sorted, each once; who chose nothing renamed is not counted."""
    chosen = {
        "jane": ["tech", "world"],
        "joe": ["world"],
        "kim": ["arts"],
        "ann": ["tech", "science"],
        "all": [],
    }
    for name, sections in chosen.items():
        address = f"{name}@news.example"
        people.add(address, edition="daily", confirmed=True, now=now, sections=sections)
    weekly = ["tech"]
    people.add("jane@news.example", edition="weekly", confirmed=True, now=now, sections=weekly)
    renamed = {"tech": "science", "world": "abroad"}
    assert people.rename_sections("daily", renamed, now + LATER) == 3
    found = {
        name: [",".join(sorted(one.sections)) for one in _found(people, name).subscriptions]
        for name in chosen
    }
    assert found == {
        "jane": ["abroad,science", "tech"],
        "joe": ["abroad"],
        "kim": ["arts"],
        "ann": ["science"],
        "all": [""],
    }
    listed = {one.email: one.sections for one in people.list("daily")}
    assert listed["jane@news.example"] == "abroad,science"
    assert people.rename_sections("daily", renamed, now + LATER) == 0


def test_readers_and_their_acts_follow_an_edition_that_was_renamed(
    people: SubscriberStore, now: datetime, store: Store
) -> None:
    """They keep their state; other editions, and acts of people who were not in it, stay."""
    _add(people, "jane", now)
    left = _add(people, "joe", now)
    people.unsubscribe(left, "daily", now)
    _add(people, "kim", now, "weekly")
    assert store.rename_edition("daily", "morning", now + LATER) == 2
    assert _states(people, "jane") == {"morning": State.ACTIVE}
    assert _states(people, "joe") == {"morning": State.UNSUBSCRIBED}
    assert _states(people, "kim") == {"weekly": State.ACTIVE}
    assert [one.edition for one in _found(people, "joe").consent] == ["morning", "morning"]
    assert [one.edition for one in _found(people, "kim").consent] == ["weekly"]


def test_acts_of_a_subscription_that_is_gone_keep_their_edition(
    people: SubscriberStore, now: datetime, store: Store
) -> None:
    """Whoever never confirmed was forgotten there: they are no reader of the new id."""
    people.ask("jane@news.example", edition="daily", proof=FORM, now=now)
    _add(people, "jane", now, "weekly")
    people.tidy(now + LATER, rehearsal=False)
    assert store.rename_edition("daily", "morning", now + LATER) == 0
    assert [one.edition for one in _found(people, "jane").consent] == ["daily", "weekly"]


@pytest.mark.parametrize("by_themselves", [False, True])
def test_who_has_both_ids_of_an_edition_is_one_reader_and_never_raised(
    people: SubscriberStore, now: datetime, store: Store, *, by_themselves: bool
) -> None:
    """Leaving the former id counts, unless they confirmed the present one by themselves.

    An operator's word, and asking alone, are no such confirmation.
    """
    public_id = _add(people, "jane", now)
    people.unsubscribe(public_id, "daily", now)
    _add(people, "jane", now, "morning")
    people.ask("jane@news.example", edition="morning", proof=FORM, now=now)
    asked = people.ask("joe@news.example", edition="morning", proof=FORM, now=now)
    people.confirm(asked.public_id, "morning", now)
    if by_themselves:
        people.unsubscribe(public_id, "morning", now)
        people.confirm(public_id, "morning", now, asked_at=now)
    assert store.rename_edition("daily", "morning", now + LATER) == 1
    (one,) = _found(people, "jane").subscriptions
    assert one.edition == "morning"
    assert one.state is (State.ACTIVE if by_themselves else State.UNSUBSCRIBED)
    assert one.unsubscribed_at == (now if by_themselves else now + LATER)


def test_who_left_the_present_id_stays_away_when_the_former_one_joins_it(
    people: SubscriberStore, now: datetime, store: Store
) -> None:
    """An active subscription to the former id raises nobody, and their day of leaving stays."""
    public_id = _add(people, "jane", now)
    _add(people, "jane", now, "morning")
    people.unsubscribe(public_id, "morning", now)
    _add(people, "joe", now)
    _add(people, "kim", now, "morning")
    assert store.rename_edition("daily", "morning", now + LATER) == 2
    (one,) = _found(people, "jane").subscriptions
    assert (one.state, one.unsubscribed_at) == (State.UNSUBSCRIBED, now)
    assert _states(people, "kim") == {"morning": State.ACTIVE}
    acts = [(one.edition, one.act) for one in _found(people, "jane").consent]
    assert acts == [
        ("morning", Act.CONFIRMED),
        ("morning", Act.CONFIRMED),
        ("morning", Act.WITHDREW),
    ]


def test_an_address_of_nobody_may_be_had(people: SubscriberStore, now: datetime) -> None:
    """Also one that is suppressed: that is of the address, and the reader learns of it."""
    public_id = _add(people, "jane", now)
    people.suppress("new@news.example", Suppressed.BY_HAND, now)
    people.change_address(public_id, "new@news.example")
    assert _found(people, "new").suppressed == "by_hand"
    assert normalise("new@news.example").addr_spec == _found(people, "new").email
