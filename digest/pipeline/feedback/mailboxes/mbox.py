"""An mbox, or one mail: a file or a pipe that is read through once and left as it is (RFC 4155)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from digest.errors import ConfigError
from digest.pipeline.feedback.mailboxes.contract import LONGEST_MAIL, WaitingMail

_LONGEST_LINE = 1 << 16


class StreamMailbox:
    """Reads a stream: an mbox where it begins with "From ", else one mail."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def mails(self) -> Iterator[WaitingMail]:
        """Yield the mails; of one that is too long, the rest is dropped."""
        mail, size, number = bytearray(), 0, 0
        blank, begun = True, False
        while line := self._stream.readline(_LONGEST_LINE):
            if blank and line.startswith(b"From "):
                if begun and size:
                    yield WaitingMail(str(number), bytes(mail))
                    number += 1
                mail, size, begun = bytearray(), 0, True
                blank = False
                continue
            size += len(line)
            if len(mail) < LONGEST_MAIL:
                mail += line
            blank = line in {b"\n", b"\r\n"}
        if mail.strip():
            yield WaitingMail(str(number), bytes(mail))

    def look(self) -> str:
        """Say that it can be read: whoever has this has opened it."""
        return f"{getattr(self._stream, 'name', 'the stream')} can be read"

    def done(self, key: str) -> None:
        """Leave it: reading it again changes nothing."""

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


def open_mbox(path: Path) -> StreamMailbox:
    """Open a file. ConfigError if it cannot be read."""
    try:
        return StreamMailbox(path.open("rb"))
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror})",
            where=str(path),
            fix="Name the file of the mailbox in [feedback] mbox, and check its permissions.",
        ) from None
