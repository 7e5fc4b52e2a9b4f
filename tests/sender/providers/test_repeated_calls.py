"""A call whose process died is made again under its own key, or its readers are uncertain.

The judge is what the API kept and what it was asked, never the ledger alone. A process dies here by
an exception that nothing expects; test_kills.py ends real ones.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.errors import TransportRejected, TransportUnavailable
from digest.models.calls import Call, Content
from digest.models.compositions import Rendered
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState, Slot
from digest.sender.api.connection import ApiConnection
from digest.sender.api.transport import ApiTransport
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.keyed_calls import sure_seconds
from digest.sender.dispatch.made_call import CallComposer
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.transport import CallResult, Divided
from digest.store import AudiencePlan, NewIssue, Store
from tests.sender.providers.conftest import Api, Fault, served
from tests.sender.providers.fakes import all_fakes
from tests.sender.providers.parts import content, share

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
READERS = 7
NEVER = 1_000


class DiedError(Exception):
    """The process is no more."""


@dataclass
class Dying:
    """A connection whose process dies: before the request, or after the answer came.

    With `divisions` it dies once so many divisions are durable, before what follows.
    """

    inner: ApiConnection
    before: bool = False
    divisions: int = NEVER

    async def send(self, call: Call, divided: Divided | None = None) -> CallResult:
        async def dying(parts: Sequence[Call]) -> None:
            assert divided is not None
            await divided(parts)
            self.divisions -= 1
            if not self.divisions:
                raise DiedError

        if not self.before:
            await self.inner.send(call, dying)
        raise DiedError

    async def repeat(self, call: Call, seconds: float) -> CallResult:
        await self.inner.repeat(call, seconds)
        raise DiedError

    async def close(self) -> None:
        await self.inner.close()

    def abort(self) -> None:
        self.inner.abort()


@dataclass
class DyingTransport:
    """A transport of such connections."""

    inner: ApiTransport
    before: bool = False
    divisions: int = NEVER

    def __post_init__(self) -> None:
        self.limits, self.account = self.inner.limits, self.inner.account
        self.prepare = self.inner.prepare

    async def connect(self) -> Dying:
        return Dying(await self.inner.connect(), self.before, self.divisions)


@dataclass
class Room:
    """An issue to seven readers, in one call, over an API that knows keys."""

    store: Store
    api: Api
    issue_id: int
    now: datetime = NOW
    seconds: Callable[[], float] | None = None
    made: Content = field(default_factory=content)

    @property
    def transport(self) -> ApiTransport:
        provider = self.api.fake.make(self.api.url)
        return ApiTransport(provider, backoff=(0.01, 0.02), seconds=self.seconds)

    @property
    def states(self) -> dict[DeliveryState, int]:
        counts = self.store.ledger.counts(self.issue_id)
        return {state: number for state, number in counts.items() if number}

    @property
    def copies(self) -> Counter[str]:
        return Counter(one.to for one in self.api.kept)

    def die(self, *, before: bool = False, divisions: int = NEVER) -> None:
        """Begin to send, and die."""
        transport = DyingTransport(self.transport, before, divisions)
        with pytest.raises(DiedError):
            asyncio.run(self.run_as(transport, "dead"))
        assert self.states == {DeliveryState.INFLIGHT: READERS}

    def send(self, after: timedelta = timedelta(minutes=2)) -> DispatchReport:
        """Send in another process, which knows that the first one is dead."""
        self.now += after
        self.recover()
        return asyncio.run(self.run_as(self.transport, "alive"))

    def send_twice_at_once(self) -> list[DispatchReport]:
        """Send in two processes."""
        self.now += timedelta(minutes=2)
        self.recover()

        async def both() -> list[DispatchReport]:
            runs = (self.run_as(self.transport, name) for name in ("one", "two"))
            return await asyncio.gather(*runs)

        return asyncio.run(both())

    def recover(self) -> int:
        since = self.now - timedelta(seconds=sure_seconds(self.transport))
        return self.store.ledger.recover(
            self.issue_id, self.now, gone=lambda name: name == "dead", calls_since=since
        )

    async def run_as(self, transport: Any, worker: str) -> DispatchReport:  # noqa: ANN401
        composer = CallComposer(lambda _recipient: self.made, share)
        options = DispatchOptions(worker, NOW + timedelta(days=3), connections=2)
        dispatcher = Dispatcher(
            self.store.ledger,
            transport,
            composer,
            lambda: self.now,
            calls=self.store.begun_calls,
        )
        return await dispatcher.run(self.issue_id, options)


@pytest.fixture(params=["resend", "brevo"])
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    with served(all_fakes()[request.param]()) as running:
        yield running


@pytest.fixture
def room(store: Store, api: Api) -> Room:
    for number in range(READERS):
        email = f"reader{number}@inbox.example"
        store.subscribers.add(email, edition="daily", confirmed=True, now=NOW)
    rendered = {"all": Rendered("all", "en", "Issue", "<p>x</p>", "x")}
    issue, _ = store.issues.create_and_plan(
        NewIssue(Slot("daily", "2026-11-23", NOW), "{}", "0" * 64, rendered=rendered),
        AudiencePlan("daily", {"": "all"}),
        NOW,
    )
    return Room(store, api, issue.id)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def assert_one_copy_each(room: Room) -> None:
    assert room.states == {DeliveryState.ACCEPTED: READERS}
    assert (len(room.copies), set(room.copies.values())) == (READERS, {1})
    assert room.api.faults == []


def assert_uncertain(room: Room, requests: int) -> None:
    """All are uncertain, nobody has two copies, and the API was asked no more than this."""
    assert room.states == {DeliveryState.UNCERTAIN: READERS}
    assert set(room.copies.values()) <= {1}
    assert len(room.api.asked) == requests


@pytest.mark.parametrize("before", [True, False])
def test_the_same_request_under_the_same_key(room: Room, before: bool) -> None:
    """Whether it was carried out before or not, all are accepted, and the bytes are the same."""
    room.die(before=before)
    report = room.send()
    assert (report.accepted, report.uncertain, report.error) == (READERS, 0, None)
    assert_one_copy_each(room)
    assert len(room.api.asked) == (1 if before else 2)
    assert len({(one.body, room.api.fake.idempotent(one)) for one in room.api.asked}) == 1  # type: ignore[misc]


def test_who_dies_while_repeating_is_followed_by_a_third(room: Room) -> None:
    """The key counts from the first beginning, so that may go on as long as it holds."""
    room.die()
    room.now += timedelta(minutes=2)
    room.recover()
    with pytest.raises(DiedError):
        asyncio.run(room.run_as(DyingTransport(room.transport), "dead"))
    room.send()
    assert_one_copy_each(room)
    assert len(room.api.asked) == 3


def test_a_key_that_no_longer_holds(room: Room) -> None:
    """The provider may have forgotten it: nobody asks, and all are uncertain."""
    room.die()
    seconds = room.transport.limits.idempotent_seconds
    room.send(timedelta(seconds=0.95 * seconds))
    assert_uncertain(room, 1)


def test_a_window_that_ends_between_recovery_and_call(room: Room) -> None:
    """What was left to be repeated is uncertain then, by the next recovery."""
    room.die()
    room.now += timedelta(minutes=2)
    assert room.recover() == 0
    assert room.states == {DeliveryState.INFLIGHT: READERS}
    room.send(timedelta(days=1))
    assert_uncertain(room, 1)


def test_a_call_of_other_content(room: Room) -> None:
    """A theme or a key for links that was changed since makes another request: nobody asks."""
    room.die()
    room.made = replace(room.made, text="Another text HOLE1")
    room.send()
    assert_uncertain(room, 1)


@pytest.mark.parametrize("leave", ["unsubscribe", "erase"])
def test_a_reader_who_left_meanwhile(room: Room, leave: str) -> None:
    """The call cannot be made without them, and must not be made with them."""
    room.die()
    found = room.store.subscribers.find_by_email("reader3@inbox.example")
    assert found is not None
    if leave == "erase":
        room.store.subscribers.erase("reader3@inbox.example", NOW)
    else:
        room.store.subscribers.unsubscribe(found.public_id, "daily", NOW)
    room.send()
    assert_uncertain(room, 1)


def test_an_address_that_changed_meanwhile(room: Room) -> None:
    """It would be another request, and another mailbox."""
    room.die()
    found = room.store.subscribers.find_by_email("reader3@inbox.example")
    assert found is not None
    room.store.subscribers.change_address(found.public_id, "moved@inbox.example")
    room.send()
    assert_uncertain(room, 1)


def test_another_account(room: Room) -> None:
    """A key counts at one provider and account: elsewhere the call would be carried out anew."""
    room.die()
    with served(all_fakes()[room.api.fake.name]()) as other:
        first, room.api = room.api, other
        room.send()
        assert other.asked == []
        room.api = first
    assert_uncertain(room, 1)


def test_two_workers_at_once(room: Room) -> None:
    """One of them gets the call, and the other one finds nothing to do."""
    room.die()
    reports = room.send_twice_at_once()
    assert sorted(one.accepted for one in reports) == [0, READERS]
    assert_one_copy_each(room)
    assert len(room.api.asked) == 2


@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        (Fault("status", 429), False),
        (Fault("status", 500), False),
        (Fault("status", 400), False),
        (Fault("status", 413), False),
        (Fault("status", 401), True),
        (Fault("reset after"), False),
        (Fault("garbage", raw=b"{}"), False),
    ],
)
def test_any_other_answer_leaves_them_uncertain(room: Room, fault: Fault, ends: bool) -> None:
    """It says nothing of the first time: pending would double, and so would a smaller call."""
    room.die()
    room.api.fault = fault
    report = room.send()
    assert_uncertain(room, 1)
    assert isinstance(report.error, TransportRejected) == ends
    room.api.fault = None
    assert room.send().accepted == 0
    assert_uncertain(room, 1)


@pytest.mark.parametrize("api", ["resend"], indirect=True)
def test_another_payload_under_the_key(room: Room) -> None:
    """Resend answers 409; the run goes on, because nobody's account is at fault."""
    room.die()
    room.api.fault = Fault("status", 409, body={"name": "invalid_idempotent_request"})
    report = room.send()
    assert_uncertain(room, 1)
    assert (report.uncertain, report.error) == (READERS, None)


@pytest.mark.parametrize("api", ["resend"], indirect=True)
def test_a_call_that_is_still_being_carried_out(room: Room) -> None:
    """Resend asks to wait (409), and then answers as the first time."""
    room.die()
    room.api.fault = Fault("status", 409, body={"name": "concurrent_idempotent_requests"}, times=2)
    room.send()
    assert_one_copy_each(room)


def test_a_cut_while_repeating_is_tried_again(room: Room) -> None:
    """As for a call of one's own, while the key holds."""
    room.die()
    room.api.fault = Fault("reset after", times=1)
    room.send()
    assert_one_copy_each(room)


def test_a_key_that_runs_out_while_repeating(room: Room) -> None:
    """No try begins after the end, whatever the machine's clock says."""
    room.die()
    room.api.fault = Fault("reset after")
    ticks = iter(range(0, 10_000_000, 20_000))  # seconds: more than half of Resend's window
    room.seconds = lambda: float(next(ticks))
    asked = len(room.api.times)
    room.send()
    assert_uncertain(room, 1)
    assert len(room.api.times) - asked <= 3


def test_a_first_call_that_has_to_wait_for_longer_than_its_key_holds(room: Room) -> None:
    """Cut after the request left, then told to wait: the third try would double everybody."""
    room.api.fault = Fault("reset after", kept=True, times=1)
    room.api.then = Fault("status", 429, times=1)
    days = timedelta(days=2).total_seconds()
    room.seconds = lambda: time.monotonic() + (days if len(room.api.times) > 1 else 0)
    room.send()
    assert_uncertain(room, 1)
    assert len(room.api.times) == 2


def test_a_provider_that_cannot_be_reached(room: Room) -> None:
    """Nothing left this time: the call waits for the next run."""
    port = free_port()
    room.api.url = f"http://127.0.0.1:{port}"
    room.die(before=True)
    report = room.send()
    assert isinstance(report.error, TransportUnavailable)
    assert room.states == {DeliveryState.INFLIGHT: READERS}
    assert room.store.begun_calls.count(room.issue_id, room.now) == READERS
    with served(room.api.fake, port) as room.api:
        room.send()
        assert_one_copy_each(room)


def test_an_issue_that_is_held(room: Room) -> None:
    """Holding it stops this as well; the call waits."""
    room.die()
    room.store.issues.set_state(room.issue_id, IssueState.HELD, NOW, "wait")
    room.send()
    assert room.states == {DeliveryState.INFLIGHT: READERS}
    assert len(room.api.asked) == 1


def test_an_issue_whose_time_is_over(room: Room) -> None:
    """No mail begins then, not even one that perhaps began before."""
    room.die()
    room.send(timedelta(days=4))
    assert_uncertain(room, 1)


@pytest.mark.parametrize("divisions", [1, 2, 3, 4])
def test_a_call_that_went_on_in_parts(room: Room, divisions: int) -> None:
    """Each part is repeated under its own key, even if the API would take the whole call now."""
    room.api.most = 2
    room.die(divisions=divisions)
    room.api.most = NEVER
    room.send()
    assert_one_copy_each(room)


@pytest.mark.parametrize("divisions", [1, 3])
def test_a_call_with_a_poisonous_recipient(room: Room, divisions: int) -> None:
    """Who is refused alone when repeated is uncertain: the answer speaks of this time only."""
    poisoned = "reader6@inbox.example"
    room.api.poison = frozenset({poisoned})
    room.die(divisions=divisions)
    room.send()
    assert set(room.copies.values()) <= {1}
    assert room.copies[poisoned] == 0
    assert set(room.states) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert sum(room.copies.values()) == room.states[DeliveryState.ACCEPTED]


@pytest.mark.parametrize("api", ["postmark"], indirect=True)
def test_a_provider_without_keys(room: Room) -> None:
    """All are uncertain, as ever."""
    room.die()
    room.send()
    assert_uncertain(room, 1)
