"""A Maildir (cr.yp.to/proto/maildir.html): one file a mail; new/ holds what nobody has seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from digest.config.feedback import Afterwards
from digest.errors import ConfigError
from digest.pipeline.feedback.mailboxes.contract import LONGEST_MAIL, WaitingMail

_INFO, _SEEN = ":2,", "S"


class MaildirMailbox:
    """Reads new/ and what is not seen in cur/; other programs may use the Maildir meanwhile."""

    def __init__(self, folder: Path, afterwards: Afterwards, move_to: str) -> None:
        """Take a Maildir. ConfigError if the folder is none."""
        if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
            raise ConfigError(
                "is not a Maildir: it has no folders new/ and cur/",
                where=str(folder),
                fix="Name the folder that holds both in [feedback] maildir.",
            )
        self._folder, self._afterwards = folder, afterwards
        # Maildir++: a folder within a Maildir begins with a dot.
        self._target = folder / f".{move_to.lstrip('.')}"

    def mails(self) -> Iterator[WaitingMail]:
        """Yield them; one that another program takes away meanwhile is passed over."""
        for name in ("new", "cur"):
            for path in sorted((self._folder / name).iterdir()):
                if path.name.startswith(".") or self._is_seen(path.name):
                    continue
                with suppress(FileNotFoundError, IsADirectoryError), path.open("rb") as file:
                    yield WaitingMail(f"{name}/{path.name}", file.read(LONGEST_MAIL))

    def look(self) -> str:
        """Count what waits in new/. ConfigError if its mails could not be marked or moved."""
        waiting = sum(1 for _ in (self._folder / "new").iterdir())
        is_left = self._afterwards is Afterwards.LEAVE
        if not is_left and not os.access(self._folder / "cur", os.W_OK):
            raise ConfigError(
                "mails could be read there, and not marked as seen",
                where=str(self._folder),
                fix='Give the user that runs Digest the right to write, or set after = "leave".',
            )
        return f"{self._folder}: {waiting} in new/"

    def done(self, key: str) -> None:
        """Rename the file, which is one step: it is in the old place or in the new one."""
        if self._afterwards is Afterwards.LEAVE:
            return
        path = self._folder / key
        target = self._folder if self._afterwards is Afterwards.MARK else self._target
        for name in ("cur", "new", "tmp"):
            (target / name).mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            path.rename(target / "cur" / _seen(path.name))

    def close(self) -> None:
        """Close nothing: each file is closed once it is read."""

    def _is_seen(self, name: str) -> bool:
        return self._afterwards is Afterwards.MARK and _SEEN in name.partition(_INFO)[2]


def _seen(name: str) -> str:
    base, _, flags = name.partition(_INFO)
    return f"{base}{_INFO}{''.join(sorted({*flags, _SEEN}))}"
