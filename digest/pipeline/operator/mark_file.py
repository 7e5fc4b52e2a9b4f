"""The ledger's mark outside the store: a small file, written durably.

It holds the ledger's mark, and how many readers of the last issues certainly have their mail. It
only ever learns more; several processes may tell it at once.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from digest.errors import LedgerRefused
from digest.store import LedgerMark

# Each is counted in the ledger before a send: a few are enough to notice an old one.
_ISSUES_KEPT = 5


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


class Outside:
    """The file; with no path nothing is kept and nothing known."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def read(self) -> Remembered | None:
        """Return the mark, or None without a file; raise LedgerRefused if it is unreadable."""
        if self.path is None:
            return None
        try:
            return _remembered(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise LedgerRefused(
                f"what is remembered of the ledger cannot be read ({type(error).__name__})",
                where=str(self.path),
                fix="Restore the file from a backup; or move it away and run `digest reconcile`.",
            ) from None

    def learn(self, more: Remembered) -> None:
        """Add to what is remembered; durable when it returns. LedgerRefused if that cannot be."""
        if self.path is None:
            return
        try:
            with _locked(self.path.parent):
                before = self.read()
                after = before.with_more(more) if before else more
                if after != before:
                    _write(self.path, after)
        except OSError as error:
            raise LedgerRefused(
                f"what must be remembered of the ledger cannot be written ({error.strerror})",
                where=str(self.path),
                fix="Make the place writable, or name another one: store.mark in digest.toml.",
            ) from None


def _remembered(raw: dict[str, object]) -> Remembered:
    epoch, number, issues = raw["epoch"], raw["number"], raw["accepted"]
    if not (isinstance(epoch, str) and isinstance(number, int) and isinstance(issues, dict)):
        raise TypeError
    return Remembered(
        LedgerMark(epoch, number), {str(key): int(count) for key, count in issues.items()}
    )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)  # the new name of the file is durable too
    finally:
        os.close(handle)


def _write(path: Path, remembered: Remembered) -> None:
    text = json.dumps(
        {
            "about": "What Digest remembers of its ledger. Keep it, and never copy it back alone.",
            "epoch": remembered.mark.epoch,
            "number": remembered.mark.number,
            "accepted": dict(remembered.accepted),
        },
        indent=1,
    )
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
