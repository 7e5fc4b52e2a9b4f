"""The ledger's mark in the user's state directory: a file a ledger, named by the ledger's epoch.

It stands outside the newsroom's folder, which may be backed up and restored as a whole. A ledger is
looked up by the place of its database first, so that an older or another one in that place is
noticed, and then by its epoch, so that a folder may be moved.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from digest.errors import LedgerRefused
from digest.pipeline.operator.mark_file import (
    BESIDE,
    MarkFile,
    raw_mark,
    write_mark,
    written_durably,
)
from digest.pipeline.operator.remembered import Remembered, remembered_in


class MarkFolder:
    """The marks of all newsrooms of one user, seen from the one whose database is at `store`."""

    def __init__(self, folder: Path, store: str, newsroom: Path) -> None:
        """Keep files in `folder`, which is made; one beside `newsroom`'s digest.toml moves there.

        `store` names the database for people, without a password.
        """
        self._folder = folder
        self._store = store
        self._former = MarkFile((newsroom / BESIDE).absolute())

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def read(self, epoch: str | None) -> Remembered | None:
        """Return what is remembered of the ledger in this place, or else of this ledger."""
        found = self._found(epoch)
        if found is not None:
            raw = raw_mark(found)
            return remembered_in(raw) if raw is not None else None
        return self._former.read()

    def learn(self, more: Remembered) -> None:
        """Add to what is remembered; durable when it returns. LedgerRefused if that cannot be."""
        self._make_folder()
        with written_durably(self._folder):
            before = self.read(more.mark.epoch)
            after = before.with_more(more) if before else more
            path = self._folder / f"{after.mark.epoch}.json"
            raw = raw_mark(path)
            if after != before or raw is None or raw.get("store") != self._store:
                write_mark(path, after.text(store=self._store))
            for other in list(self._here()):
                if other != path:  # the ledger that was in this place before it was adopted
                    other.unlink(missing_ok=True)
        self._former.path.unlink(missing_ok=True)

    def _found(self, epoch: str | None) -> Path | None:
        here = next(self._here(), None)
        if here is not None or epoch is None:
            return here
        named = self._folder / f"{epoch}.json"
        return named if named.exists() else None

    def _here(self) -> Iterator[Path]:
        """Yield the files of ledgers whose database was in this place last."""
        for path in sorted(self._folder.glob("*.json")):
            raw = raw_mark(path)
            if raw is not None and raw.get("store") == self._store:
                yield path

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerRefused(
                f"the folder that remembers the ledger cannot be made ({error.strerror})",
                where=str(self._folder),
                fix="Make it writable, or name a file that lasts: store.mark in digest.toml.",
            ) from None


def state_folder(state_home: Path) -> Path:
    """Return where the marks are in the user's folder of state files."""
    return Path(os.path.realpath(state_home)) / "digest" / "ledgers"
