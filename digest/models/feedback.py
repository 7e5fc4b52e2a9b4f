"""The reading of a mail that came back: a bounce, a complaint, a wish to leave, or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailKind(StrEnum):
    """The kind of a mail that came back; UNKNOWN is a mail that a person should read."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    DELIVERED = "delivered"
    AUTOMATIC = "automatic reply"
    UNKNOWN = "unknown"


class Failure(StrEnum):
    """Why a mail was not delivered. Only HARD says that there is no such mailbox."""

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One recipient of a bounce.

    `addresses` are all its names in the report, lower case; `status` is the enhanced status code
    (RFC 3463), `code` the SMTP reply code, 0 where there is none; `said` the server's words.
    `delayed`: the mail is still being tried.
    """

    addresses: tuple[str, ...]
    failure: Failure
    status: str = ""
    code: int = 0
    said: str = ""
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class MailReading:
    """The reading of one mail.

    `name` is the same for the same mail, however often it is read. `at` is the mail's own date,
    None where it has none. `addresses` are those that may be a reverse path of ours, and `links`
    those that may hold a reader's token; `original_ids` are Message-IDs of the mail that came back.
    """

    kind: MailKind
    name: str
    at: datetime | None = None
    recipients: tuple[FailedRecipient, ...] = ()
    addresses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    original_ids: tuple[str, ...] = ()
    subject: str = ""
