"""The protocol between dispatch and a transport."""

from __future__ import annotations

from typing import Protocol

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
