"""Lists on their way into the store: what is written of each line, and what is only told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from subscribers.address import normalise
from subscribers.consent import Act, Proof, Way
from subscribers.lifecycle import State, Suppressed
from subscribers.store import SubscriberStore
from subscribers.store.importing import words_for
from subscribers.values import (
    Enrolled,
    ImportReport,
    ListedState,
    RejectedLine,
    Row,
    RowVerdict,
    SubscriberRecord,
)

EMAIL = "jane@news.example"
DAY = timedelta(days=1)
LEFT = ListedState(State.UNSUBSCRIBED)


def _row(name: str = "jane", **fields: object) -> Row:
    return Row(1, normalise(f"{name}@news.example"), **fields)  # type: ignore[arg-type]


def _import(
    people: SubscriberStore,
    rows: Sequence[Row | RejectedLine],
    now: datetime,
    *,
    confirmed: bool = True,
    words: str = "",
    rehearsal: bool = False,
) -> tuple[ImportReport, list[RowVerdict | RejectedLine]]:
    told: list[RowVerdict | RejectedLine] = []
    report = people.import_rows(
        rows,
        edition="daily",
        confirmed=confirmed,
        now=now,
        told=told.append,
        words=words,
        rehearsal=rehearsal,
    )
    return report, told


def _found(people: SubscriberStore, name: str = "jane") -> SubscriberRecord:
    found = people.find_by_email(f"{name}@news.example")
    assert found is not None
    return found


def test_a_rehearsal_tells_everything_and_writes_nothing(
    people: SubscriberStore, now: datetime
) -> None:
    """Line by line in their order; the import then says the same, and what it takes from whom."""
    people.add("here@news.example", edition="daily", confirmed=True, now=now)
    people.add("gone@news.example", edition="daily", confirmed=True, now=now)
    rows: list[Row | RejectedLine] = [
        _row("new"),
        RejectedLine(2, "odd"),
        _row("here", standing=LEFT),
        RejectedLine(4, "of another", other=True),
        _row("gone", standing=ListedState(None, Suppressed.HARD_BOUNCE)),
        _row("rest", standing=ListedState(State.PAUSED, paused_until=now + DAY)),
        _row("wait", standing=ListedState(State.PENDING)),
    ]
    outcomes = [
        (Enrolled.ADDED, False),
        None,
        (Enrolled.LEFT, True),
        None,
        (Enrolled.SUPPRESSED, True),
        (Enrolled.PAUSED, False),
        (Enrolled.PENDING, False),
    ]
    said = {"unsubscribed": 1, "hard_bounce": 1, "paused": 1, "pending": 1}
    expected = ImportReport(
        added=1,
        pending=1,
        paused=1,
        left=1,
        suppressed=1,
        rejected=1,
        other=1,
        lowered=2,
        said=said,
    )
    before = list(people.everything())
    for rehearsal in (True, False):
        report, told = _import(people, rows, now + DAY, rehearsal=rehearsal)
        assert report == expected
        assert report.lines == 7
        assert [
            (one.outcome, one.lowered) if isinstance(one, RowVerdict) else None for one in told
        ] == outcomes
        assert [one for one in told if isinstance(one, RejectedLine)] == [rows[1], rows[3]]
        assert (list(people.everything()) == before) is rehearsal
    resting = _found(people, "rest").subscriptions[0]
    assert (resting.state, resting.paused_until) == (State.PAUSED, now + DAY)
    assert resting.confirmed_at == now + DAY
    assert _found(people, "wait").subscriptions[0].confirmed_at is None


def test_who_comes_in_by_a_list_has_its_dates_and_its_proofs(
    people: SubscriberStore, now: datetime
) -> None:
    """When they joined and confirmed, as the list has it, else now."""
    asked, confirmed = now - 9 * DAY, now - 8 * DAY
    proofs = (
        (Act.ASKED, Proof(Way.LIST, at=asked)),
        (Act.CONFIRMED, Proof(Way.LIST, "their words", at=confirmed)),
    )
    rows = [
        _row(joined_at=asked, proofs=proofs, sections="tech", locale="fr", public_id="x" * 22),
        _row("joe"),
        _row("kim", confirmed_at=asked),
    ]
    _import(people, rows, now, words="fair\nof 2025")
    jane, joe, kim = (_found(people, name) for name in ("jane", "joe", "kim"))
    assert (jane.created_at, jane.locale, jane.public_id) == (asked, "fr", "x" * 22)
    (one,) = jane.subscriptions
    assert (one.edition, sorted(one.sections), one.created_at) == ("daily", ["tech"], asked)
    assert one.confirmed_at == confirmed
    assert [(act.act, act.words, act.at, act.recorded_at) for act in jane.consent] == [
        (Act.ASKED, "fair of 2025", asked, now),
        (Act.CONFIRMED, "their words", confirmed, now),
    ]
    assert (joe.created_at, joe.subscriptions[0].confirmed_at) == (now, now)
    assert [(act.act, act.way, act.words, act.at) for act in joe.consent] == [
        (Act.CONFIRMED, Way.LIST, "fair of 2025", None)
    ]
    assert len(joe.public_id) == 22
    assert kim.subscriptions[0].confirmed_at == asked


@pytest.mark.parametrize(
    ("standing", "confirmed", "act"),
    [
        (ListedState(State.ACTIVE), False, Act.ASKED),
        (ListedState(State.PENDING), True, Act.ASKED),
        (ListedState(State.PAUSED), True, Act.CONFIRMED),
    ],
)
def test_who_is_not_confirmed_has_asked(
    people: SubscriberStore, now: datetime, standing: ListedState, act: Act, *, confirmed: bool
) -> None:
    """By the list's word, or by the operator's."""
    _import(people, [_row(standing=standing)], now, confirmed=confirmed, words="fair")
    assert [(one.act, one.words) for one in _found(people).consent] == [(act, "fair")]


def test_who_left_elsewhere_left_then_and_for_that_reason(
    people: SubscriberStore, now: datetime
) -> None:
    """New here or not; of who is suppressed as well, the day of leaving and not of that."""
    people.add("here@news.example", edition="daily", confirmed=True, now=now)
    then = now - 5 * DAY
    left = ListedState(State.UNSUBSCRIBED, None, then, "too many")
    both = ListedState(State.UNSUBSCRIBED, Suppressed.BLOCKED, now, "", None, then)
    blocked = ListedState(State.UNSUBSCRIBED, Suppressed.BLOCKED, then, "spam trap")
    rows = [
        _row(standing=left),
        _row("here", standing=left),
        _row("joe", standing=both),
        _row("kim", standing=blocked),
        _row("ann", standing=LEFT),
    ]
    _import(people, rows, now + DAY)
    days = {
        name: _found(people, name).subscriptions[0].unsubscribed_at
        for name in ("jane", "here", "joe", "kim", "ann")
    }
    assert days == {"jane": then, "here": then, "joe": then, "kim": now + DAY, "ann": now + DAY}
    act = _found(people, "here").consent[-1]
    assert (act.act, act.way, act.words, act.at) == (Act.WITHDREW, Way.LIST, "too many", then)
    (record,) = people.suppressions("kim@news.example")
    assert (record.reason, record.detail) == (Suppressed.BLOCKED, "spam trap")
    assert record.created_at == then
    assert people.suppressions("joe@news.example")[0].created_at == now


def test_who_complained_elsewhere_leaves_every_edition_here(
    people: SubscriberStore, now: datetime
) -> None:
    """With an act for each; who only bounced stays subscribed."""
    for name in ("jane", "joe"):
        for edition in ("daily", "weekly"):
            people.add(f"{name}@news.example", edition=edition, confirmed=True, now=now)
    rows = [
        _row(standing=ListedState(None, Suppressed.COMPLAINT)),
        _row("joe", standing=ListedState(None, Suppressed.HARD_BOUNCE)),
    ]
    report, _ = _import(people, rows, now + DAY)
    assert report == ImportReport(suppressed=2, lowered=2, said={"complaint": 1, "hard_bounce": 1})
    jane, joe = _found(people), _found(people, "joe")
    assert [(one.state, one.unsubscribed_at) for one in jane.subscriptions] == [
        (State.UNSUBSCRIBED, now + DAY)
    ] * 2
    assert [(one.edition, one.way, one.words) for one in jane.consent[2:]] == [
        ("daily", Way.LIST, "complaint"),
        ("weekly", Way.LIST, "complaint"),
    ]
    assert jane.suppressed == "complaint"
    assert [one.state for one in joe.subscriptions] == [State.ACTIVE] * 2
    assert people.suppressions(EMAIL)[0].created_at == now + DAY


def test_who_is_here_without_any_proof_gets_that_of_the_list(
    people: SubscriberStore, now: datetime
) -> None:
    """Only in that edition, and only once."""
    for edition in ("daily", "weekly"):
        people.add(EMAIL, edition=edition, confirmed=True, now=now)
    with people._engine.begin() as connection:  # noqa: SLF001 - as version 0.1 left it
        connection.exec_driver_sql("DELETE FROM consent WHERE edition = 'daily'")
    for words in ("fair", "again"):
        report, _ = _import(people, [_row()], now + DAY, words=words)
        assert report == ImportReport(unchanged=1)
    acts = [(one.edition, one.words, one.way) for one in _found(people).consent]
    assert acts == [("weekly", "", Way.BY_HAND), ("daily", "fair", Way.LIST)]


def test_an_id_that_somebody_has_is_not_given_to_another(
    people: SubscriberStore, now: datetime
) -> None:
    """They are taken in with a new one; a free one is kept."""
    people.add("joe@news.example", edition="daily", confirmed=True, now=now)
    taken = _found(people, "joe").public_id
    _import(people, [_row(public_id=taken), _row("kim", public_id="k" * 22)], now)
    assert _found(people).public_id not in {taken, ""}
    assert _found(people, "kim").public_id == "k" * 22
    assert people.find(taken) == _found(people, "joe")


def test_many_at_once_are_written_as_a_few_are(people: SubscriberStore, now: datetime) -> None:
    """Also columns that are empty of the first of them and filled of a later one."""
    zone = now.astimezone().tzinfo
    standing = ListedState(State.PAUSED, paused_until=(now + DAY).astimezone(zone))
    few = [_row("few", standing=standing, joined_at=now - DAY)]
    many = [_row(f"r{number:03}") for number in range(40)]
    many[30] = _row("r030", standing=standing, joined_at=now - DAY)
    _import(people, few, now)
    _import(people, many, now)
    one, other = _found(people, "few"), _found(people, "r030")
    assert one.subscriptions == other.subscriptions
    assert (one.created_at, one.locale, one.name) == (other.created_at, other.locale, other.name)
    assert [(act.act, act.at, act.recorded_at) for act in one.consent] == [
        (act.act, act.at, act.recorded_at) for act in other.consent
    ]
    assert _found(people, "r000").subscriptions[0].paused_until is None
    assert people.count() == 41


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (ListedState(), ""),
        (ListedState(None), ""),
        (ListedState(State.PENDING), "pending"),
        (LEFT, "unsubscribed"),
        (ListedState(State.UNSUBSCRIBED, Suppressed.DELETED), "deleted"),
    ],
)
def test_a_standing_is_told_in_a_word(standing: ListedState, words: str) -> None:
    """What keeps mail away comes first; of who is active there is nothing to say."""
    assert words_for(standing) == words


def test_several_faults_and_several_of_one_standing_are_counted(
    people: SubscriberStore, now: datetime
) -> None:
    """And somebody who stands there twice is taken in by the first line, and left by the next."""
    rows: list[Row | RejectedLine] = [
        RejectedLine(1, "odd"),
        RejectedLine(2, "odd"),
        _row(),
        _row(standing=LEFT),
        _row("joe", standing=LEFT),
    ]
    report, told = _import(people, rows, now)
    assert report == ImportReport(added=1, left=2, rejected=2, lowered=1, said={"unsubscribed": 2})
    assert len(told) == 5
    assert _found(people).subscriptions[0].state is State.UNSUBSCRIBED


def test_a_readers_last_own_word_is_of_each_edition_and_each_reader(
    people: SubscriberStore, now: datetime
) -> None:
    """Whoever agreed after they left elsewhere stays; nobody stays by another's word."""
    agreed = {
        ("jane", "daily"): now + 3 * DAY,
        ("jane", "weekly"): now + 4 * DAY,
        ("joe", "daily"): now + 4 * DAY,
        ("joe", "weekly"): now + DAY,
    }
    for (name, edition), at in agreed.items():
        form = Proof(Way.FORM)
        asked = people.ask(f"{name}@news.example", edition=edition, proof=form, now=now)
        people.confirm(asked.public_id, edition, at)
    left = ListedState(State.UNSUBSCRIBED, None, now + 2 * DAY)
    rows = [_row(name, edition=edition, standing=left) for name, edition in agreed]
    _import(people, rows, now + 9 * DAY)
    stayed = {(one.email[:4].strip("@"), one.edition) for one in people.list(state=State.ACTIVE)}
    assert stayed == {("jane", "daily"), ("jane", "weekly"), ("joe", "daily")}
