"""What a mailbox does: it yields mails, and is told which are done with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

LONGEST_MAIL = 1 << 20


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """One mail: its name in the mailbox, and its first megabyte."""

    key: str
    raw: bytes


class FeedbackMailbox(Protocol):
    """A mailbox; it is opened by the first mail that is asked for."""

    def mails(self) -> Iterator[WaitingMail]:
        """Yield the mails that were not read before, the oldest first."""
        ...

    def look(self) -> str:
        """Say what is there, as the reader of these mails; nothing changes. ConfigError.

        TransportUnavailable where a server does not answer.
        """
        ...

    def done(self, key: str) -> None:
        """Mark, move or leave a mail whose event is recorded."""
        ...

    def close(self) -> None:
        """Close what is open; nothing changes in the mailbox."""
        ...
