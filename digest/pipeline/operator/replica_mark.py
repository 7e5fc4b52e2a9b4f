"""The mark of a ledger that is pushed: kept beside it at the remote, and pushed with it."""

from __future__ import annotations

import json

from digest.pipeline.operator.remembered import Remembered, remembered_in
from digest.store import Replica


class ReplicaMark:
    """What the remote's mark says; what is learnt is durable with the next push.

    That is in time: a window of readers is pushed before its first mail leaves.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    @property
    def place(self) -> str:
        """The remote."""
        return self._replica.place

    def read(self, epoch: str | None = None) -> Remembered | None:  # noqa: ARG002 - it has one
        """Return what is remembered; None where nothing ever was."""
        text = self._replica.remembered
        return remembered_in(json.loads(text)) if text else None

    def learn(self, more: Remembered) -> None:
        """Keep it for the next push."""
        before = self.read()
        self._replica.remembered = (before.with_more(more) if before else more).text()
