"""Several workers, crashes and lost leases in any order, on either database, against a model.

The model below knows only what is promised. It is compared with the ledger after each step, and at
the end everybody who can be reached is sent to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from digest.models.compositions import Rendered
from digest.models.deliveries import Claim, ClaimRequest, Outcome, Receipt, Settlement, Start
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import Slot
from digest.store import AudiencePlan, DeliveryRecord, NewIssue, Store
from digest.store.ledger.transitions import SETTLES, Actor, may
from tests.store.conftest import NOW

READERS, LEASE = 2, timedelta(minutes=10)
EXAMPLES, STEPS = 6, 20
WORKERS = st.sampled_from(["one", "two"])
OUTCOMES = st.sampled_from(Outcome)
FEW = st.integers(0, 2)
_editions = count(1)


@dataclass
class Row:
    """What the ledger promises of one delivery; `copies` may have arrived."""

    state: D = D.PENDING
    worker: str = ""
    fence: int = 0
    until: datetime = NOW
    retry_at: datetime = NOW
    copies: int = 0
    resends: int = 0
    left: bool = False


class Model:
    """All rows by id, and what each step makes of them."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}

    def due(self, now: datetime) -> set[int]:
        return {number for number, row in self.rows.items() if self._is_due(row, now)}

    def _is_due(self, row: Row, now: datetime) -> bool:
        overdue = row.state is D.CLAIMED and row.until <= now
        waited = row.state is D.DEFERRED and row.retry_at <= now
        return row.state is D.PENDING or waited or overdue

    def claimed(self, claims: tuple[Claim, ...], worker: str, until: datetime) -> None:
        for one in claims:
            row = self.rows[one.recipient.delivery_id]
            assert not row.left
            assert one.fence > row.fence
            row.state, row.worker, row.fence, row.until = D.CLAIMED, worker, one.fence, until

    def owned(self, number: int, fence: int) -> bool:
        row = self.rows[number]
        return row.fence == fence and row.state in {D.CLAIMED, D.INFLIGHT}

    def begun(self, number: int) -> None:
        self.rows[number].state = D.INFLIGHT
        self.rows[number].copies += 1

    def settled(self, number: int, outcome: Outcome, retry_at: datetime) -> None:
        row = self.rows[number]
        if row.state is D.INFLIGHT and outcome not in {Outcome.ACCEPTED, Outcome.UNCERTAIN}:
            row.copies -= 1  # the server said that it has nothing
        row.state, row.retry_at = SETTLES[outcome], retry_at

    def recovered(self, worker: str, now: datetime) -> int:
        lost = 0
        for row in self.rows.values():
            held = row.state in {D.CLAIMED, D.INFLIGHT}
            if held and (row.worker == worker or row.until <= now):
                lost += row.state is D.INFLIGHT
                row.state = D.PENDING if row.state is D.CLAIMED else D.UNCERTAIN
        return lost


class AnyOrder(RuleBasedStateMachine):
    """One issue, two workers. Each worker knows its claims until it crashes."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.ledger, self.now, self.model = self.store.ledger, NOW, Model()
        self.edition = f"edition{next(_editions)}"  # with readers of its own
        for number in range(READERS):
            email = f"reader{number}@{self.edition}.example"
            self.store.subscribers.add(email, edition=self.edition, confirmed=True, now=NOW)
        self.issue, _ = self.store.issues.create_and_plan(
            NewIssue(
                Slot(self.edition, "2026-11-23", NOW),
                "{}",
                "a" * 64,
                rendered={"all": Rendered("all", "en", "", "", "")},
            ),
            AudiencePlan(self.edition, {"": "all"}),
            NOW,
        )
        self.readers = {one.delivery_id: one.addr_spec for one in self._records()}
        self.model.rows = {number: Row() for number in self.readers}
        self.held: dict[str, list[Claim]] = {}

    def _records(self) -> list[DeliveryRecord]:
        return list(self.ledger.deliveries(self.issue.id))

    @rule(worker=WORKERS, limit=st.integers(1, 2))
    def claim(self, worker: str, limit: int) -> None:
        due = self.model.due(self.now)
        request = ClaimRequest(worker, limit, LEASE.total_seconds())
        claims = self.ledger.claim(self.issue.id, request, self.now)
        willing = {number for number in due if not self.model.rows[number].left}
        assert {one.recipient.delivery_id for one in claims} <= willing
        assert len(claims) == min(limit, len(willing))
        self.model.claimed(claims, worker, self.now + LEASE)
        self.held.setdefault(worker, []).extend(claims)
        self._see_skipped()

    def _see_skipped(self) -> None:
        """Learn which of those who left this claim met, and whom it took back for the next one."""
        for one in self._records():
            row = self.model.rows[one.delivery_id]
            if one.state is D.SKIPPED:
                assert row.left
                row.state = D.SKIPPED
            elif row.state is D.CLAIMED and row.until <= self.now and one.state is D.PENDING:
                row.state = D.PENDING

    @rule(worker=WORKERS, ended=FEW, begun=st.integers(1, READERS), outcome=OUTCOMES, minutes=FEW)
    def advance(self, worker: str, ended: int, begun: int, outcome: Outcome, minutes: int) -> None:
        """Settle some and start others, among them what was lost long ago."""
        mine = self.held.get(worker, [])
        settling, starting = mine[:ended], mine[ended : ended + begun]
        again = self.now + timedelta(minutes=minutes)
        done = self.ledger.advance(
            settled=[_settlement(one, outcome, again) for one in settling],
            starting=[Start(one.recipient.delivery_id, one.fence) for one in starting],
            now=self.now,
        )
        expected = {
            one.recipient.delivery_id
            for one in settling
            if self._owned(one)
            and may(
                Actor.WORKER, self.model.rows[one.recipient.delivery_id].state, SETTLES[outcome]
            )
        }
        assert done.settled == expected
        can = {
            one.recipient.delivery_id
            for one in starting
            if self._owned(one) and self.model.rows[one.recipient.delivery_id].state is D.CLAIMED
        }
        assert done.inflight == can
        for number in done.settled:
            self.model.settled(number, outcome, again)
        for number in done.inflight:
            self.model.begun(number)

    def _owned(self, claim: Claim) -> bool:
        return self.model.owned(claim.recipient.delivery_id, claim.fence)

    @rule(worker=WORKERS)
    def release(self, worker: str) -> None:
        claims = tuple(self.held.pop(worker, []))
        self.ledger.release(claims, self.now)
        for one in claims:
            row = self.model.rows[one.recipient.delivery_id]
            if self._owned(one) and row.state is D.CLAIMED:
                row.state = D.PENDING

    @rule(worker=WORKERS, known=st.booleans())
    def crash(self, worker: str, known: bool) -> None:
        """Forget everything; who comes next may know for certain that the process is gone."""
        self.held.pop(worker, None)
        gone = worker if known else ""
        expected = self.model.recovered(gone, self.now)
        assert self.ledger.recover(self.issue.id, self.now, gone=gone.__eq__) == expected

    @rule(minutes=st.sampled_from([1, 11]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(slow=WORKERS)
    def overtake(self, slow: str) -> None:
        """Sleep past a lease, and begin what another has claimed meanwhile: rare by chance."""
        self.claim(slow, 2)
        self.wait(11)
        self.claim("two" if slow == "one" else "one", 2)
        self.advance(slow, 0, READERS, Outcome.ACCEPTED, 0)

    @rule()
    def resend(self) -> None:
        moved = self.store.operator.move(self.issue.id, D.UNCERTAIN, D.PENDING, self.now)
        uncertain = [row for row in self.model.rows.values() if row.state is D.UNCERTAIN]
        assert moved == len(uncertain)
        for row in uncertain:
            row.state, row.resends = D.PENDING, row.resends + 1

    @rule(place=st.integers(0, READERS - 1))
    def leave(self, place: int) -> None:
        number = sorted(self.readers)[place]
        reader = self.store.subscribers.find_by_email(self.readers[number])
        assert reader is not None
        if not self.model.rows[number].left:
            self.store.subscribers.unsubscribe(reader.public_id, self.edition, self.now)
            self.model.rows[number].left = True

    @invariant()
    def nobody_is_lost_and_no_copy_is_unrecorded(self) -> None:
        counts = Counter(row.state for row in self.model.rows.values())
        assert self.ledger.counts(self.issue.id) == {state: counts[state] for state in D}
        for row in self.model.rows.values():
            assert row.copies <= 1 + row.resends

    def teardown(self) -> None:
        """Whatever happened: the next run reaches everybody who is still to be reached."""
        self.now += timedelta(days=1)
        self.crash("one", known=True)
        self.resend()
        request = ClaimRequest("last", READERS, LEASE.total_seconds())
        claims = self.ledger.claim(self.issue.id, request, self.now)
        starts = [Start(one.recipient.delivery_id, one.fence) for one in claims]
        self.ledger.advance(settled=(), starting=starts, now=self.now)
        sent = [_settlement(one, Outcome.ACCEPTED, self.now) for one in claims]
        self.ledger.advance(settled=sent, starting=(), now=self.now)
        assert self.ledger.finish(self.issue.id, self.now)


def _settlement(claim: Claim, outcome: Outcome, again: datetime) -> Settlement:
    number = claim.recipient.delivery_id
    retry_at = again if outcome is Outcome.DEFERRED else None
    return Settlement(number, claim.fence, Receipt(number, outcome, 250, "2.0.0", "Ok"), retry_at)


def test_in_any_order_nobody_is_lost_and_no_copy_is_unrecorded(store: Store) -> None:
    """Some histories of a few dozen steps each; one that fails is made as short as it can be."""
    machine = type("OfThisStore", (AnyOrder,), {"store": store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
