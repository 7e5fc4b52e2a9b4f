"""One request and its answer: what is tried again, how often, and what nobody knows in the end.

The line is one that answers from a list, and time passes only where somebody pauses.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import httpx
import pytest

from digest.errors import TransportUnavailable
from digest.models.calls import CallLimits
from digest.sender.api.contract import ApiRequest, ApiResponse, Provider, Refusal, RefusalKind
from digest.sender.api.exchange import Exchange
from digest.sender.api.throttle import Throttle

if TYPE_CHECKING:
    from digest.sender.api.line import HttpLine

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
REQUEST = ApiRequest("POST", "https://api.example/send", {"X-Key": "k"}, b"body")
KINDS = {429: RefusalKind.WAIT, 409: RefusalKind.DONE, 400: RefusalKind.POISON}
Said = int | tuple[int, dict[str, str]] | type[httpx.HTTPError]
CUT, UNREACHED = httpx.ReadError, httpx.ConnectError


@dataclass
class Line:
    """Says what is listed, the last for good, and keeps what it was asked."""

    says: list[Said]
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    exchange: Exchange | None = None
    aborts_at: int = 0

    async def answer(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> httpx.Response:
        self.asked.append((method, url, headers, body))
        if self.exchange is not None and len(self.asked) == self.aborts_at:
            self.exchange.abort()
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if isinstance(said, type):
            raise said("no")
        status, given = said if isinstance(said, tuple) else (said, {})
        return httpx.Response(status, headers=given, content=b"{}")

    async def close(self) -> None:
        self.asked.clear()


class Paused(Throttle):
    """Keeps its pauses, which are over at once; each makes it so much later."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.pauses: list[float] = []
        super().__init__(lambda: self.time)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds


class OneOf:
    """Knows the kinds of a few statuses, and keys for some seconds."""

    name = "example"

    def __init__(self, seconds: float) -> None:
        self.limits = CallLimits(idempotent_seconds=seconds)

    def refusal(self, response: ApiResponse) -> Refusal:
        return Refusal(KINDS.get(response.status, RefusalKind.UNKNOWN), "words")


@dataclass
class Try:
    """An exchange over a line, and what came of it."""

    line: Line
    throttle: Paused = field(default_factory=Paused)
    seconds: float = 0.0

    def ask(self, repeats: float | None = None) -> int | None:
        """Return the status of the answer, None where nobody knows."""
        provider = cast("Provider", OneOf(self.seconds))
        line = cast("HttpLine", self.line)
        exchange = Exchange(provider, line, self.throttle, (0.0, 0.001), lambda: AT)
        if self.line.aborts_at:
            self.line.exchange = exchange
        found = asyncio.run(exchange.answer(REQUEST, repeats))
        return found.status if found else None

    @property
    def tries(self) -> int:
        return len(self.line.asked)


def tried(*says: Said, seconds: float = 0.0, aborts_at: int = 0) -> Try:
    return Try(Line(list(says), aborts_at=aborts_at), seconds=seconds)


@pytest.mark.parametrize("status", [200, 202, 299, 400])
def test_an_answer_is_taken_at_once(status: int) -> None:
    """A success, or a refusal that says what became of the call."""
    one = tried(status)
    assert one.ask() == status
    assert one.line.asked == [("POST", "https://api.example/send", {"X-Key": "k"}, b"body")]


def test_what_never_left_is_tried_four_times() -> None:
    """Nobody can have it; then the provider cannot be reached, and the error says so in full."""
    one = tried(UNREACHED)
    with pytest.raises(TransportUnavailable) as caught:
        one.ask()
    assert one.tries == 4
    assert caught.value.what == "example cannot be reached: no connection (ConnectError)"
    assert caught.value.where == "example"
    assert caught.value.fix == (
        "Check the network and the provider's status page; run `digest send` again later."
    )


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError]
)
def test_what_never_left_is_tried_again(fault: type[httpx.HTTPError]) -> None:
    """The next answer counts as if it were the first."""
    one = tried(fault, 200)
    assert (one.ask(), one.tries) == (200, 2)


@pytest.mark.parametrize("said", [CUT, 500])
def test_what_left_is_not_tried_again_without_a_key(said: Said) -> None:
    """It could double everybody: nobody knows, and an answer that says so is handed on."""
    one = tried(said, 200)
    assert (one.ask(), one.tries) == (said if said == 500 else None, 1)


@pytest.mark.parametrize("said", [CUT, 500])
def test_what_left_is_tried_again_while_its_key_holds(said: Said) -> None:
    """Four times at most; the first answer of a success is the answer."""
    assert tried(said, 200, seconds=60).ask() == 200
    one = tried(said, seconds=60)
    assert (one.ask(), one.tries) == (said if said == 500 else None, 4)


def test_a_key_that_holds_no_more_ends_the_tries() -> None:
    """Whoever asks us to wait for longer than that is not asked again."""
    one = tried(CUT, (429, {"retry-after": "60"}), 200, seconds=60)
    assert (one.ask(), one.tries) == (None, 2)
    one = tried(CUT, (429, {"retry-after": "59"}), 200, seconds=60)
    assert (one.ask(), one.tries) == (200, 3)


def test_a_refusal_after_a_try_that_left_says_nothing_of_that() -> None:
    """Nobody knows what became of the first one."""
    one = tried(CUT, UNREACHED, seconds=60)
    assert (one.ask(), one.tries) == (None, 4)
    one = tried(CUT, (429, {"retry-after": "121"}), seconds=60)
    assert (one.ask(), one.tries) == (None, 2)


@pytest.mark.parametrize(("wait", "again"), [("0", True), ("120", True), ("121", False)])
def test_who_asks_us_to_wait_is_waited_for_up_to_two_minutes(wait: str, *, again: bool) -> None:
    """For as long as it says; a longer wait is the answer."""
    one = tried((429, {"Retry-After": wait}), 200)
    assert one.ask() == (200 if again else 429)
    assert one.throttle.pauses == ([float(wait)] if again else [])


def test_who_does_not_say_how_long_is_waited_for_twelve_times() -> None:
    """By pauses that grow to the last of ours."""
    one = tried(429)
    assert (one.ask(), one.tries) == (429, 13)
    assert one.throttle.pauses == [0.0, *[0.001] * 11]


def test_waits_are_no_failures() -> None:
    """Four of each are allowed beside each other."""
    one = tried(UNREACHED, 429, UNREACHED, 429, UNREACHED, 429, 200)
    assert (one.ask(), one.tries) == (200, 7)


def test_a_call_that_was_carried_out_before() -> None:
    """After a try that left, or of a dead process, it is the answer; else nobody knows."""
    assert tried(CUT, 409, seconds=60).ask() == 409
    assert tried(409, seconds=60).ask(repeats=60) == 409
    assert tried(409, seconds=60).ask() is None
    assert tried(UNREACHED, 409, seconds=60).ask() is None


def test_what_a_dead_process_sent_is_sent_only_while_its_key_holds() -> None:
    """Not once more when the time is over; what does not leave this time is an error."""
    one = tried(200)
    assert (one.ask(repeats=0), one.tries) == (None, 0)
    assert tried(200).ask(repeats=1) == 200
    one = tried(UNREACHED)
    with pytest.raises(TransportUnavailable):
        one.ask(repeats=60)
    assert one.tries == 4


@pytest.mark.parametrize(("said", "answer"), [(CUT, None), (429, 429), (500, 500)])
def test_no_try_begins_once_it_is_aborted(said: Said, answer: int | None) -> None:
    """The one under way ends as it ends."""
    one = tried(said, 200, seconds=60, aborts_at=1)
    assert (one.ask(), one.tries) == (answer, 1)


def test_a_signature_is_of_the_time_at_which_it_is_sent() -> None:
    """Its headers come to those of the request; names of the answer's are in lower case."""
    line = Line([(200, {"X-Request-Id": "r"})])
    provider = cast("Provider", OneOf(0))
    exchange = Exchange(provider, cast("HttpLine", line), Paused(), (0.0,), lambda: AT)
    signed = ApiRequest("GET", "https://api.example", {"A": "b"}, signed=lambda at: {"At": str(at)})
    response = asyncio.run(exchange.once(signed))
    assert line.asked == [("GET", "https://api.example", {"A": "b", "At": str(AT)}, b"")]
    assert (response.status, response.body) == (200, b"{}")
    assert response.headers["x-request-id"] == "r"
    asyncio.run(exchange.close())
    assert line.asked == []
