"""The transport that writes files: one .eml a mail, exactly as it would go over the wire."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from digest.errors import TransportUnavailable
from digest.models.deliveries import Outcome, Receipt
from digest.models.mails import Message
from digest.private_files import make_private_folder, private
from digest.sender.declaration import Opening, TransportKind, TransportSettings


class OutboxSettings(TransportSettings):
    """The table [outbox]: where one .eml file a mail is written, a folder for each issue."""

    path: Path = Path("outbox")


class Outbox:
    """Writes into one folder, the issue's own; a file is named by its delivery.

    A repeated run therefore overwrites a file and never adds a second one.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the folder; it is made when the first connection opens."""
        self._folder = folder

    async def connect(self) -> OutboxConnection:
        """Make the folder. Raises TransportUnavailable if it cannot be written."""
        try:
            await asyncio.to_thread(make_private_folder, self._folder)
        except OSError as error:
            raise _unwritable(self._folder, error) from None
        return OutboxConnection(self._folder)


class OutboxConnection:
    """Writes one file after the other."""

    usable = True

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self._folder = folder

    async def send(self, message: Message, following: Message | None = None) -> Receipt:
        """Write the mail so that it is there whole or not at all, also after a power cut."""
        del following  # a file says nothing ahead
        target = self._folder / f"{message.delivery_id:08d}.eml"
        try:
            await asyncio.to_thread(_write, target, message.data)
        except OSError as error:
            raise _unwritable(self._folder, error) from None
        return Receipt(message.delivery_id, Outcome.ACCEPTED, text=target.name, phase="file")

    async def close(self) -> None:
        """Do nothing: every file is complete already."""

    def abort(self) -> None:
        """Do nothing: a file is written or not."""


def _write(target: Path, data: bytes) -> None:
    unfinished = target.with_suffix(".part")
    try:
        with open(unfinished, "wb", opener=private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _unwritable(folder: Path, error: OSError) -> TransportUnavailable:
    return TransportUnavailable(
        f"the outbox cannot be written ({error.strerror})",
        where=str(folder),
        fix="Check permissions and free space; nobody is lost, run `digest send` again.",
    )


def _open(opening: Opening[OutboxSettings]) -> Outbox:
    return Outbox(opening.folder / opening.settings.path / opening.label)


TRANSPORT = TransportKind(name="outbox", keys=OutboxSettings, open=_open)
