"""The ledger's mark in a file that the configuration names, written durably.

It holds the ledger's mark, and how many readers of the last issues certainly have their mail. It
only ever learns more; several processes may tell it at once.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.errors import LedgerRefused
from digest.pipeline.operator.remembered import Remembered, remembered_in
from digest.private_files import private

BESIDE = ".digest-ledger.json"  # beside digest.toml, where there is no folder of state files


class MarkFile:
    """The file, for whatever ledger its newsroom has."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def place(self) -> str:
        """The file."""
        return str(self.path)

    def read(self, epoch: str | None = None) -> Remembered | None:  # noqa: ARG002 - one for all
        """Return the mark, or None without a file; raise LedgerRefused if it is unreadable."""
        raw = raw_mark(self.path)
        return remembered_in(raw) if raw is not None else None

    def learn(self, more: Remembered) -> None:
        """Add to what is remembered; durable when it returns. LedgerRefused if that cannot be."""
        with written_durably(self.path.parent):
            before = self.read()
            after = before.with_more(more) if before else more
            if after != before:
                write_mark(self.path, after.text())


def raw_mark(path: Path) -> dict[str, object] | None:
    """Return a file's object, or None without a file; LedgerRefused if it is no mark."""
    try:
        raw: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        remembered_in(raw)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise LedgerRefused(
            f"what is remembered of the ledger cannot be read ({type(error).__name__})",
            where=str(path),
            fix="Restore the file from a backup; or move it away and run `digest reconcile`.",
        ) from None
    return raw


@contextmanager
def written_durably(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the names in it are durable afterwards."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise LedgerRefused(
            f"what must be remembered of the ledger cannot be written ({error.strerror})",
            where=str(folder),
            fix="Make the place writable, or name another one: store.mark in digest.toml.",
        ) from None


def write_mark(path: Path, text: str) -> None:
    """Put a file in the place of another at once: no reader sees half of one."""
    unfinished = path.with_name(f"{path.name}.part")
    with open(unfinished, "w", encoding="utf-8", opener=private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
