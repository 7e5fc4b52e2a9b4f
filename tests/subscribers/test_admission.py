"""What an import may do: every listed standing against every stored one. It only ever lowers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from subscribers.address import normalise
from subscribers.admission import Admission, Known, admit
from subscribers.lifecycle import State, Suppressed, listed
from subscribers.values import Enrolled, ListedState, Row

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
STORED = [
    Known(state, suppressed, erased, agreed)
    for state, suppressed, erased, agreed in product(
        (None, *State), (False, True), (False, True), (None, NOW)
    )
]
LISTED = [
    ListedState(state, reason, since)
    for state, reason, since in product(
        (None, *State),
        (None, *Suppressed),
        (None, NOW - timedelta(days=1), NOW + timedelta(days=1)),
    )
    if state is not None or reason is not None
]


def _row(standing: ListedState) -> Row:
    return Row(1, normalise("jane@news.example"), edition="daily", standing=standing)


@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize("known", STORED)
def test_a_list_never_raises_a_state(known: Known, confirmed: bool) -> None:
    """Whatever it says of somebody who is here, they are nowhere nearer to mail than before."""
    for standing in LISTED:
        event = listed(standing.state or State.UNSUBSCRIBED, confirmed=confirmed)
        admission = admit(_row(standing), known, event)
        if known.state is not None and admission.state is not None:
            assert admission.state.rank <= known.state.rank
        if known.erased or (known.suppressed and known.state is None):
            assert admission.state is None or standing.suppressed is not None
        if known.erased:
            assert admission.state is None
        if standing.lowers and not known.erased and known.state is None:
            assert admission.suppress or admission.state in {None, State.UNSUBSCRIBED}


@pytest.mark.parametrize("standing", LISTED)
def test_who_left_bounced_or_was_blocked_elsewhere_gets_no_mail(standing: ListedState) -> None:
    """New here: active only if the list calls them active, and nothing else besides."""
    admission = admit(
        _row(standing), Known(), listed(standing.state or State.UNSUBSCRIBED, confirmed=True)
    )
    gets_mail = admission.state is State.ACTIVE and not admission.suppress
    assert gets_mail is (standing.state is State.ACTIVE and standing.suppressed is None)
    assert (admission.outcome is Enrolled.ADDED) is gets_mail


@pytest.mark.parametrize("state", [State.ACTIVE, State.PAUSED])
def test_who_came_back_by_themselves_after_leaving_elsewhere_stays(state: State) -> None:
    """Their own later word counts; an earlier one, or none, does not."""
    left = ListedState(State.UNSUBSCRIBED, since=NOW)
    event = listed(State.UNSUBSCRIBED, confirmed=True)
    for agreed, expected in (
        (NOW + timedelta(days=1), state),
        (NOW - timedelta(days=1), State.UNSUBSCRIBED),
        (None, State.UNSUBSCRIBED),
    ):
        admission = admit(_row(left), Known(state, agreed_at=agreed), event)
        assert admission.state is expected
        assert admission.lowered is (expected is State.UNSUBSCRIBED)


def test_without_a_word_of_confirmation_nobody_comes_in_active() -> None:
    """Pending at most, whatever the list says."""
    for state in State:
        admission = admit(_row(ListedState(state)), Known(), listed(state, confirmed=False))
        assert admission.state in {State.PENDING, State.UNSUBSCRIBED}


LEFT, ACTIVE, PENDING = State.UNSUBSCRIBED, State.ACTIVE, State.PENDING
BOUNCED = Suppressed.HARD_BOUNCE


@pytest.mark.parametrize(
    ("standing", "known", "expected"),
    [
        # Erased or suppressed here: nothing comes in, but who leaves leaves.
        (ListedState(ACTIVE), Known(erased=True), Admission(Enrolled.SUPPRESSED)),
        (ListedState(ACTIVE), Known(suppressed=True), Admission(Enrolled.SUPPRESSED)),
        (ListedState(ACTIVE), Known(ACTIVE, suppressed=True), Admission(Enrolled.SUPPRESSED)),
        (ListedState(LEFT), Known(suppressed=True), Admission(Enrolled.SUPPRESSED)),
        (ListedState(LEFT), Known(ACTIVE, suppressed=True), Admission(Enrolled.SUPPRESSED, LEFT)),
        # Suppressed by the list: as just that, with a state where the list has one.
        (
            ListedState(None, BOUNCED),
            Known(ACTIVE),
            Admission(Enrolled.SUPPRESSED, None, suppress=True, lowered=True),
        ),
        (
            ListedState(LEFT, BOUNCED),
            Known(State.PAUSED),
            Admission(Enrolled.SUPPRESSED, LEFT, suppress=True, lowered=True),
        ),
        (
            ListedState(None, BOUNCED),
            Known(PENDING),
            Admission(Enrolled.SUPPRESSED, None, suppress=True),
        ),
        (
            ListedState(None, BOUNCED),
            Known(ACTIVE, suppressed=True),
            Admission(Enrolled.SUPPRESSED, None, suppress=True),
        ),
        # Neither: the state decides, and it is lower only for those who had mail.
        (ListedState(ACTIVE), Known(), Admission(Enrolled.ADDED, ACTIVE)),
        (ListedState(ACTIVE), Known(ACTIVE), Admission(Enrolled.UNCHANGED, ACTIVE)),
        (ListedState(PENDING), Known(), Admission(Enrolled.PENDING, PENDING)),
        (ListedState(PENDING), Known(PENDING), Admission(Enrolled.UNCHANGED, PENDING)),
        (ListedState(State.PAUSED), Known(), Admission(Enrolled.PAUSED, State.PAUSED)),
        (ListedState(LEFT), Known(), Admission(Enrolled.LEFT, LEFT)),
        (ListedState(LEFT), Known(PENDING), Admission(Enrolled.LEFT, LEFT)),
        (ListedState(LEFT), Known(ACTIVE), Admission(Enrolled.LEFT, LEFT, lowered=True)),
        # A word given in the same moment is not a later one.
        (
            ListedState(LEFT, since=NOW),
            Known(ACTIVE, agreed_at=NOW),
            Admission(Enrolled.LEFT, LEFT, lowered=True),
        ),
    ],
)
def test_each_standing_meets_each_record(
    standing: ListedState, known: Known, expected: Admission
) -> None:
    """The whole decision: the outcome that is told, and what is written."""
    event = listed(standing.state or State.UNSUBSCRIBED, confirmed=True)
    assert admit(_row(standing), known, event) == expected
