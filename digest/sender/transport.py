"""The protocol between dispatch and a transport: one mail at a time, or calls of many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from digest.errors import TransportError
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Receipt
from digest.models.mails import Message


class Connection(Protocol):
    """One conversation, carrying one message at a time."""

    @property
    def usable(self) -> bool:
        """Whether another message may be sent on it."""
        ...

    async def send(self, message: Message, following: Message | None = None) -> Receipt:
        """Send to one recipient and say what became of it; a refusal is a receipt.

        `following` is what will be sent next, or nothing: what can be said of it ahead may be
        said, but none of its content. Raises TransportRejected when the server refuses us rather
        than the recipient: then nothing was sent.
        """
        ...

    async def close(self) -> None:
        """Say goodbye, or just go; never raises and takes a few seconds at most."""
        ...

    def abort(self) -> None:
        """Cut at once; a `send` under way ends with an honest receipt."""
        ...


class Transport(Protocol):
    """The way in which mail leaves."""

    async def connect(self) -> Connection:
        """Open one more connection.

        Raises TransportUnavailable (again later, no attempt used up) or TransportRejected
        (ours to mend: the issue pauses).
        """
        ...


class CallResult(NamedTuple):
    """A receipt for each recipient of a call; `fault` is what keeps all further calls from going.

    Recipients whom the fault kept from being sent to have an UNSENT receipt.
    """

    receipts: tuple[Receipt, ...]
    fault: TransportError | None = None


Divided = Callable[[Sequence[Call]], Awaitable[None]]
"""Is told of the parts in which a call goes on."""


class CallConnection(Protocol):
    """Makes one call after the other."""

    async def send(self, call: Call, divided: Divided | None = None) -> CallResult:
        """Make the call; never raises for what the provider or the network does.

        Where it goes on in parts, `divided` is awaited with them before the first is made; a
        TransportError that it raises ends the call.
        """
        ...

    async def repeat(self, call: Call, seconds: float) -> CallResult:
        """Make a call again that a dead worker may have made, while its key holds for `seconds`.

        Each receipt is ACCEPTED, FAILED or UNCERTAIN; or all are UNSENT, and the call may still be
        repeated, if nothing left this time.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection; never raises."""
        ...

    def abort(self) -> None:
        """End soon; a call under way ends with honest receipts."""
        ...


@runtime_checkable
class CallTransport(Protocol):
    """How mail leaves by calls: a variant's content and its recipients' values."""

    @property
    def limits(self) -> CallLimits:
        """Return what one call carries."""
        ...

    @property
    def account(self) -> str:
        """Return what stands for provider, address and credentials: there the keys count."""
        ...

    def prepare(self, call: Call) -> None:
        """Do ahead what can be done of a call that is about to be sent; nothing of it leaves."""
        ...

    async def connect(self) -> CallConnection:
        """Open one more connection. Raises as Transport.connect does."""
        ...
