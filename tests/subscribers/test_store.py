"""The subscribers' store: who is taken in, who stays out, and what an erasure leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from subscribers.address import normalise
from subscribers.consent import Proof, Way
from subscribers.errors import AddressInvalid, SubscriberUnknown, TransitionRefused
from subscribers.lifecycle import State, Suppressed
from subscribers.lists.reading import open_list
from subscribers.lists.terms import ListTerms
from subscribers.store import SubscriberStore
from subscribers.store.models import SUPPRESSION
from subscribers.values import (
    LONGEST_NAME,
    Enrolled,
    ImportReport,
    Listed,
    RejectedLine,
    Row,
    SuppressionRecord,
)

EMAIL = "jane@news.example"
TERMS = ListTerms({"daily": {"tech": "Technology", "world": "World"}}, "daily")


def _add(people: SubscriberStore, now: datetime, email: str = EMAIL) -> str:
    people.add(email, edition="daily", confirmed=True, now=now)
    found = people.find_by_email(email)
    assert found is not None
    return found.public_id


def _state(people: SubscriberStore, public_id: str) -> State:
    found = people.find(public_id)
    assert found is not None
    return found.subscriptions[0].state


def _import(
    people: SubscriberStore, path: Path, now: datetime
) -> tuple[ImportReport, list[RejectedLine]]:
    faults: list[RejectedLine] = []
    report = people.import_rows(
        open_list(path, TERMS).rows(),
        edition="daily",
        confirmed=True,
        now=now,
        told=lambda result: faults.append(result) if isinstance(result, RejectedLine) else None,
    )
    return report, faults


def test_a_reader_is_found_as_they_were_added(people: SubscriberStore, now: datetime) -> None:
    """By public id and by address, however it is written."""
    added = people.add(
        "Jane@News.example",
        edition="daily",
        confirmed=True,
        now=now,
        name="Jane",
        sections=["world", "tech"],
        locale="en-GB",
    )
    assert added is Enrolled.ADDED
    found = people.find_by_email("JANE@news.example")
    assert found is not None
    assert found == people.find(found.public_id)
    assert (found.email, found.name, found.suppressed) == ("Jane@news.example", "Jane", "")
    (subscription,) = found.subscriptions
    assert (subscription.edition, subscription.state) == ("daily", State.ACTIVE)
    assert subscription.sections == {"tech", "world"}
    assert subscription.confirmed_at == now


@pytest.mark.parametrize(
    ("left", "state"), [(-1, State.ACTIVE), (1, State.UNSUBSCRIBED)], ids=["before", "after"]
)
def test_an_old_list_does_not_take_back_a_later_yes(
    people: SubscriberStore, now: datetime, tmp_path: Path, left: int, state: State
) -> None:
    """Who left elsewhere and confirmed here afterwards stays; who left after that is taken out."""
    people.ask(EMAIL, edition="daily", proof=Proof(Way.FORM), now=now)
    found = people.find_by_email(EMAIL)
    assert found is not None
    people.confirm(found.public_id, "daily", now)
    path = tmp_path / "old.csv"
    at = now + timedelta(hours=left)
    path.write_text(f"Email Address,UNSUB_TIME\n{EMAIL},{at:%Y-%m-%d %H:%M:%S}\n")
    _import(people, path, now + timedelta(days=1))
    assert _state(people, found.public_id) is state


def test_adding_again_changes_nothing(people: SubscriberStore, now: datetime) -> None:
    """Neither name nor sections: the reader's own choice stands."""
    public_id = _add(people, now)
    again = people.add(
        EMAIL.upper(), edition="daily", confirmed=True, now=now, name="New", sections=["tech"]
    )
    assert again is Enrolled.UNCHANGED
    found = people.find(public_id)
    assert found is not None
    assert (found.name, found.subscriptions[0].sections) == ("", frozenset())


def test_one_person_may_have_several_editions(people: SubscriberStore, now: datetime) -> None:
    """One row of a person, a subscription for each."""
    public_id = _add(people, now)
    people.add(EMAIL, edition="weekly", confirmed=False, now=now)
    found = people.find(public_id)
    assert found is not None
    assert [(each.edition, each.state) for each in found.subscriptions] == [
        ("daily", State.ACTIVE),
        ("weekly", State.PENDING),
    ]
    assert (people.count(), people.count("daily")) == (2, 1)


def test_an_invalid_address_is_refused(people: SubscriberStore, now: datetime) -> None:
    """Nothing is kept of it."""
    with pytest.raises(AddressInvalid):
        people.add("nonsense", edition="daily", confirmed=True, now=now)
    assert people.counts().subscribers == 0


def test_pending_becomes_active_by_confirming(people: SubscriberStore, now: datetime) -> None:
    """The moment of consent is kept."""
    people.add(EMAIL, edition="daily", confirmed=False, now=now)
    found = people.find_by_email(EMAIL)
    assert found is not None
    later = now + timedelta(hours=1)
    assert people.confirm(found.public_id, "daily", later) is State.ACTIVE
    confirmed = people.find(found.public_id)
    assert confirmed is not None
    assert confirmed.subscriptions[0].confirmed_at == later


def test_a_pause_ends_by_hand_or_by_itself(people: SubscriberStore, now: datetime) -> None:
    """Its end is kept, and forgotten when it is over."""
    public_id = _add(people, now)
    until = now + timedelta(days=7)
    assert people.pause(public_id, "daily", now, until) is State.PAUSED
    found = people.find(public_id)
    assert found is not None
    assert found.subscriptions[0].paused_until == until
    assert people.resume(public_id, "daily", now) is State.ACTIVE
    found = people.find(public_id)
    assert found is not None
    assert found.subscriptions[0].paused_until is None


def test_leaving_twice_is_leaving_once(people: SubscriberStore, now: datetime) -> None:
    """The first time counts, and nothing but the reader's own wish undoes it."""
    public_id = _add(people, now)
    people.unsubscribe(public_id, "daily", now)
    people.unsubscribe(public_id, "daily", now + timedelta(days=1))
    found = people.find(public_id)
    assert found is not None
    assert found.subscriptions[0].unsubscribed_at == now
    with pytest.raises(TransitionRefused):
        people.resume(public_id, "daily", now)
    with pytest.raises(TransitionRefused):
        people.confirm(public_id, "daily", now)
    assert people.add(EMAIL, edition="daily", confirmed=True, now=now) is Enrolled.LEFT
    for before, after in ((now - timedelta(seconds=1), None), (now, State.ACTIVE)):
        if after is None:
            with pytest.raises(TransitionRefused, match="not asked since"):
                people.confirm(public_id, "daily", now, asked_at=before)
        else:
            assert people.confirm(public_id, "daily", now, asked_at=before) is after


def test_an_unknown_link_is_said_to_be_unknown(people: SubscriberStore, now: datetime) -> None:
    """As is an edition the reader never subscribed to."""
    public_id = _add(people, now)
    for who, edition in (("stranger", "daily"), (public_id, "weekly")):
        with pytest.raises(SubscriberUnknown):
            people.unsubscribe(who, edition, now)
        with pytest.raises(SubscriberUnknown):
            people.set_sections(who, edition, ["tech"], now)
    assert people.find("stranger") is None


def test_sections_are_chosen_and_taken_back(people: SubscriberStore, now: datetime) -> None:
    """None is all again."""
    public_id = _add(people, now)
    for chosen in ({"tech", "world"}, set()):
        people.set_sections(public_id, "daily", chosen, now)
        found = people.find(public_id)
        assert found is not None
        assert found.subscriptions[0].sections == chosen


def test_a_complaint_ends_every_subscription(people: SubscriberStore, now: datetime) -> None:
    """And suppresses the address; a hard bounce only suppresses it."""
    public_id = _add(people, now)
    people.suppress(EMAIL, Suppressed.HARD_BOUNCE, now, "550 5.1.1")
    assert _state(people, public_id) is State.ACTIVE
    people.suppress(EMAIL, Suppressed.COMPLAINT, now)
    assert _state(people, public_id) is State.UNSUBSCRIBED
    found = people.find(public_id)
    assert found is not None
    assert found.suppressed == "hard_bounce"


def test_a_suppressed_address_is_not_taken_in(people: SubscriberStore, now: datetime) -> None:
    """Until the suppression is lifted."""
    people.suppress(EMAIL.upper(), Suppressed.BY_HAND, now)
    assert people.add(EMAIL, edition="daily", confirmed=True, now=now) is Enrolled.SUPPRESSED
    assert people.find_by_email(EMAIL) is None
    assert people.lift_suppression(EMAIL)
    assert not people.lift_suppression(EMAIL)
    assert people.add(EMAIL, edition="daily", confirmed=True, now=now) is Enrolled.ADDED


def test_an_erasure_leaves_only_a_fingerprint(people: SubscriberStore, now: datetime) -> None:
    """Person, subscription and the address in clear go, and no list brings them back."""
    public_id = _add(people, now)
    people.suppress(EMAIL, Suppressed.HARD_BOUNCE, now)
    assert people.erase(EMAIL, now)
    assert not people.erase(EMAIL, now)
    assert people.find(public_id) is None
    counts = people.counts()
    assert (counts.subscribers, counts.by_edition, counts.suppressed) == (0, {}, 1)
    assert people.add(EMAIL, edition="daily", confirmed=True, now=now) is Enrolled.SUPPRESSED
    assert people.lift_suppression(EMAIL)


def test_an_id_is_never_given_twice(people: SubscriberStore, now: datetime) -> None:
    """The ledger remembers ids of erased readers: the next reader must not inherit one."""
    _add(people, now)
    first = people.find_by_email(EMAIL)
    people.erase(EMAIL, now)
    _add(people, now, "joe@news.example")
    second = people.find_by_email("joe@news.example")
    assert first is not None
    assert second is not None
    assert second.id > first.id


def test_an_import_counts_every_line_once(
    people: SubscriberStore, now: datetime, tmp_path: Path
) -> None:
    """Added, confirmed, unchanged, left, suppressed or rejected, and a second time harmless."""
    people.add("pending@news.example", edition="daily", confirmed=False, now=now)
    left = _add(people, now, "left@news.example")
    people.unsubscribe(left, "daily", now)
    _add(people, now, "here@news.example")
    people.suppress("bounced@news.example", Suppressed.HARD_BOUNCE, now)
    _add(people, now, "erased@news.example")
    people.erase("erased@news.example", now)
    path = tmp_path / "readers.csv"
    path.write_text(
        "email,sections\n"
        "new@news.example,tech\n"
        "pending@news.example,\n"
        "left@news.example,\n"
        "here@news.example,tech\n"
        "bounced@news.example,\n"
        "ERASED@news.example,\n"
        "nonsense,\n"
    )
    report, faults = _import(people, path, now)
    assert report == ImportReport(added=1, unchanged=2, left=1, suppressed=2, rejected=1)
    assert report.lines == 7
    assert [fault.line for fault in faults] == [8]
    before = list(people.list())
    again, _ = _import(people, path, now + timedelta(days=1))
    assert (again.added, again.pending, again.unchanged) == (0, 0, 3)
    assert list(people.list()) == before
    assert _state(people, left) is State.UNSUBSCRIBED


def test_an_unconfirmed_import_asks_nobody_who_left(
    people: SubscriberStore, now: datetime, tmp_path: Path
) -> None:
    """Not even as pending."""
    left = _add(people, now)
    people.unsubscribe(left, "daily", now)
    path = tmp_path / "readers.csv"
    path.write_text(f"email\n{EMAIL}\n")
    report = people.import_rows(
        open_list(path, TERMS).rows(), edition="daily", confirmed=False, now=now, told=print
    )
    assert report == ImportReport(left=1)
    assert _state(people, left) is State.UNSUBSCRIBED


def test_a_list_longer_than_a_page_comes_whole(
    people: SubscriberStore, now: datetime, tmp_path: Path
) -> None:
    """An import of several batches, and a list of several pages, lose and repeat nobody."""
    path = tmp_path / "readers.csv"
    path.write_text("email\n" + "".join(f"reader{n}@news.example\n" for n in range(2500)))
    report, _ = _import(people, path, now)
    assert report == ImportReport(added=2500)
    emails = [line.email for line in people.list("daily", State.ACTIVE)]
    assert sorted(emails) == sorted(f"reader{n}@news.example" for n in range(2500))
    assert list(people.list("weekly")) == []
    assert list(people.list(state=State.PAUSED)) == []


def test_an_import_that_breaks_off_keeps_what_was_done(
    people: SubscriberStore, now: datetime
) -> None:
    """Whole batches are kept; running it again does the rest."""

    def breaking(after: int) -> Iterator[Row]:
        for number in range(after):
            yield Row(number, normalise(f"reader{number}@news.example"))
        raise RuntimeError("the disk was pulled out")

    with pytest.raises(RuntimeError):
        people.import_rows(breaking(2500), edition="daily", confirmed=True, now=now, told=print)
    assert people.counts().subscribers == 2000


def test_counts_go_by_edition_and_state(people: SubscriberStore, now: datetime) -> None:
    """Every state of an edition, zeros included."""
    _add(people, now)
    people.add("joe@news.example", edition="daily", confirmed=False, now=now)
    counts = people.counts()
    assert counts.subscribers == 2
    assert counts.by_edition == {
        "daily": {State.PENDING: 1, State.ACTIVE: 1, State.PAUSED: 0, State.UNSUBSCRIBED: 0}
    }


def _by_add(people: SubscriberStore, name: str, now: datetime) -> None:
    people.add(EMAIL, edition="daily", confirmed=True, now=now, name=name)


def _by_ask(people: SubscriberStore, name: str, now: datetime) -> None:
    people.ask(EMAIL, edition="daily", proof=Proof(Way.FORM), now=now, name=name)


def _by_list(people: SubscriberStore, name: str, now: datetime) -> None:
    rows = [Row(1, normalise(EMAIL), name)]
    people.import_rows(rows, edition="daily", confirmed=True, now=now, told=lambda _: None)


@pytest.mark.parametrize("enter", [_by_add, _by_ask, _by_list])
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Jane\r\nBcc: all@news.example", "Jane Bcc: all@news.example"),
        ("\u202eenaJ\u2066\x00\x1b[2J", "enaJ [2J"),
        ("Zoë \ud83d\u2028Ō", "Zoë \ufffd Ō"),
        ("x" * 100_000, "x" * LONGEST_NAME),
        ("\x85\t ", ""),
    ],
)
def test_a_name_is_one_plain_line_whichever_way_it_comes_in(
    people: SubscriberStore,
    now: datetime,
    enter: Callable[[SubscriberStore, str, datetime], None],
    name: str,
    kept: str,
) -> None:
    """Line breaks, controls, what turns a page around, halves of pairs and any length."""
    enter(people, name, now)
    found = people.find_by_email(EMAIL)
    assert found is not None
    assert found.name == kept


def test_a_person_is_told_everything_as_json_has_it(people: SubscriberStore, now: datetime) -> None:
    """But for the number that only the store knows (GDPR Article 20)."""
    people.add(
        EMAIL,
        edition="daily",
        confirmed=True,
        now=now,
        name="Zoë",
        locale="fr",
        sections=["world", "tech"],
    )
    found = people.find_by_email(EMAIL)
    assert found is not None
    moment = now.isoformat()
    assert found.as_dict() == {
        "public_id": found.public_id,
        "email": EMAIL,
        "name": "Zoë",
        "locale": "fr",
        "created_at": moment,
        "suppressed": "",
        "subscriptions": [
            {
                "edition": "daily",
                "state": "active",
                "sections": ["tech", "world"],
                "paused_until": None,
                "created_at": moment,
                "confirmed_at": moment,
                "unsubscribed_at": None,
            }
        ],
        "consent": [
            {
                "edition": "daily",
                "act": "confirmed",
                "way": "by_hand",
                "words": "",
                "network": "",
                "at": None,
                "recorded_at": moment,
            }
        ],
    }


def test_everything_of_a_store_has_consent_and_lone_suppressions(
    people: SubscriberStore, now: datetime
) -> None:
    """Of one edition neither the others nor what belongs to none; a list has no consent."""
    for edition in ("daily", "weekly"):
        people.add(EMAIL, edition=edition, confirmed=True, now=now)
    later = now + timedelta(hours=1)
    people.suppress(EMAIL, Suppressed.BY_HAND, later, "on the\nphone" + "x" * LONGEST_NAME)
    people.suppress("b@news.example", Suppressed.HARD_BOUNCE, later, "550")
    people.suppress("a@news.example", Suppressed.BLOCKED, now)
    daily, weekly, *lone = people.everything()
    assert lone == [
        SuppressionRecord("b@news.example", Suppressed.HARD_BOUNCE, "550", later),
        SuppressionRecord("a@news.example", Suppressed.BLOCKED, "", now),
    ]
    assert [one.edition for one in (daily, weekly) if isinstance(one, Listed)] == [
        "daily",
        "weekly",
    ]
    assert isinstance(daily, Listed)
    assert (daily.suppressed, daily.suppressed_at) == ("by_hand", later)
    assert (daily.suppressed_detail[:14], len(daily.suppressed_detail)) == ("on the phonexx", 200)
    assert [(one.edition, one.way) for one in daily.consent] == [("daily", Way.BY_HAND)]
    assert list(people.everything("daily")) == [daily]
    assert [one.consent for one in people.list()] == [(), ()]


def test_who_asks_has_what_they_said_and_an_id_of_their_own(
    people: SubscriberStore, now: datetime
) -> None:
    """What they did not say is empty; asking twice is one person."""
    asked = people.ask(EMAIL, edition="daily", proof=Proof(Way.FORM), now=now)
    other = people.ask(
        "joe@news.example",
        edition="daily",
        proof=Proof(Way.FORM),
        now=now,
        name="Joe",
        sections=["world", "tech"],
        locale="fr",
    )
    jane, joe = people.find_by_email(EMAIL), people.find_by_email("joe@news.example")
    assert jane is not None
    assert joe is not None
    assert (jane.name, jane.locale, jane.created_at) == ("", "", now)
    assert (joe.name, joe.locale) == ("Joe", "fr")
    assert sorted(joe.subscriptions[0].sections) == ["tech", "world"]
    assert joe.subscriptions[0].created_at == now
    assert {len(jane.public_id), len(joe.public_id)} == {22}
    again = people.ask(EMAIL, edition="daily", proof=Proof(Way.FORM), now=now)
    assert (again.public_id, again.before) == (asked.public_id, State.PENDING)
    assert other.public_id == joe.public_id


def test_who_is_added_without_words_has_none(people: SubscriberStore, now: datetime) -> None:
    """Neither name nor language; a suppression without a detail has none either."""
    public_id = _add(people, now)
    found = people.find(public_id)
    assert found is not None
    assert (found.name, found.locale) == ("", "")
    people.suppress(EMAIL, Suppressed.BY_HAND, now)
    assert people.suppressions(EMAIL)[0].detail == ""


def test_a_key_that_was_folded_stands_for_every_address_that_folds_to_it(
    people: SubscriberStore, now: datetime
) -> None:
    """As version 0.1 wrote them; others stand for themselves alone."""
    for key, folded in (("strasse@news.example", True), ("gasse@news.example", False)):
        people.suppress(key, Suppressed.COMPLAINT, now)
        if folded:
            with people._engine.begin() as connection:  # noqa: SLF001 - as version 0.1 left it
                connection.execute(
                    SUPPRESSION.update().where(SUPPRESSION.c.email_key == key).values(folded=True)
                )
    outcomes = {
        name: people.add(f"{name}@news.example", edition="daily", confirmed=True, now=now)
        for name in ("straße", "strasse", "gaße", "gasse")
    }
    assert outcomes == {
        "straße": Enrolled.SUPPRESSED,
        "strasse": Enrolled.SUPPRESSED,
        "gaße": Enrolled.ADDED,
        "gasse": Enrolled.SUPPRESSED,
    }
    assert [one.key for one in people.suppressions("straße@news.example")] == [
        "strasse@news.example"
    ]
    assert not people.lift_suppression("gaße@news.example")
    assert people.lift_suppression("straße@news.example")


def test_counts_are_of_every_edition(people: SubscriberStore, now: datetime) -> None:
    """Each state of each."""
    for name in ("a", "b"):
        people.add(f"{name}@news.example", edition="daily", confirmed=True, now=now)
    people.add("a@news.example", edition="weekly", confirmed=True, now=now)
    none = dict.fromkeys(State, 0)
    assert people.counts().by_edition == {
        "daily": {**none, State.ACTIVE: 2},
        "weekly": {**none, State.ACTIVE: 1},
    }
