"""What is remembered of the ledger outside the database, and the protocol of a place for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from digest.store import LedgerMark

# Each is counted in the ledger before a send: a few are enough to notice an old one.
_ISSUES_KEPT = 5
_ABOUT = "What Digest remembers of its ledger. Keep it, and never copy it back alone."


@dataclass(frozen=True, slots=True)
class Remembered:
    """The mark, and by issue how many had been accepted at least; the latest issue is last."""

    mark: LedgerMark
    accepted: Mapping[str, int] = field(default_factory=dict)

    def with_more(self, later: Remembered) -> Remembered:
        """Return what both know together; another epoch replaces this one."""
        if later.mark.epoch != self.mark.epoch:
            return later
        accepted = {key: at for key, at in self.accepted.items() if key not in later.accepted}
        for key, number in later.accepted.items():
            accepted[key] = max(number, self.accepted.get(key, 0))
        kept = dict(list(accepted.items())[-_ISSUES_KEPT:])
        number = max(self.mark.number, later.mark.number)
        return Remembered(LedgerMark(self.mark.epoch, number), kept)

    def text(self, **more: str) -> str:
        """Return it as a JSON object, with more fields that `remembered_in` does not need."""
        fields = {
            "about": _ABOUT,
            "epoch": self.mark.epoch,
            "number": self.mark.number,
            "accepted": dict(self.accepted),
            **more,
        }
        return json.dumps(fields, indent=1) + "\n"


def remembered_in(raw: Mapping[str, object]) -> Remembered:
    """Return what the object of `Remembered.text` says. KeyError, TypeError, ValueError if bad."""
    epoch, number, issues = raw["epoch"], raw["number"], raw["accepted"]
    if not (isinstance(epoch, str) and isinstance(number, int) and isinstance(issues, dict)):
        raise TypeError
    return Remembered(
        LedgerMark(epoch, number), {str(key): int(count) for key, count in issues.items()}
    )


class Outside(Protocol):
    """A place outside the database that remembers its ledger."""

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        ...

    def read(self, epoch: str | None) -> Remembered | None:
        """Return what is remembered, or None; `epoch` is the ledger's own, where it has one.

        LedgerRefused if it is there and makes no sense.
        """
        ...

    def learn(self, more: Remembered) -> None:
        """Add to what is remembered; durable when it returns. LedgerRefused if that cannot be."""
        ...
