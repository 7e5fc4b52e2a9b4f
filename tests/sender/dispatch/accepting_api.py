"""An e-mail API in this process: whoever is asked for is accepted, once the test lets it answer."""

from __future__ import annotations

from typing import Self

from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt
from digest.sender.transport import CallResult, Divided


class AcceptingApi:
    """A transport and its connections; `wait` is called with each call before its answer."""

    limits = CallLimits(recipients=5)
    account = "account"

    def prepare(self, call: Call) -> None:
        """Write nothing ahead."""

    async def connect(self) -> Self:
        """Return itself: it is every connection."""
        return self

    async def send(self, call: Call, divided: Divided | None = None) -> CallResult:
        """Accept everybody in the call."""
        del divided
        await self.wait(call)
        return CallResult(tuple(Receipt(one.delivery_id, Outcome.ACCEPTED) for one in call.shares))

    async def wait(self, call: Call) -> None:
        """Return when the call is to be answered."""
        raise NotImplementedError

    async def repeat(self, call: Call, seconds: float) -> CallResult:
        """Be asked for no repetition."""
        raise NotImplementedError

    async def close(self) -> None:
        """Hold nothing."""

    def abort(self) -> None:
        """Repeat nothing."""
