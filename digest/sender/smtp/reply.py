"""SMTP replies (RFC 5321 section 4.2, RFC 3463), and the classes that they fall into.

`reply_table` says which reply falls into which class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from digest.models.deliveries import Outcome

_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


class Phase(StrEnum):
    """The phase of a conversation; the order is that of the wire."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"
    RSET = "rset"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: three-digit code, enhanced status code where given, all lines of text."""

    code: int
    lines: tuple[str, ...] = ()
    enhanced: str = ""

    @property
    def text(self) -> str:
        """Return the words of all lines as one; the enhanced status code is no word."""
        return " ".join(_ENHANCED.sub("", line) for line in self.lines).strip()

    @property
    def said(self) -> str:
        """Return the whole reply on one line, each code once."""
        return " ".join(filter(None, (str(self.code), self.enhanced, self.text)))

    @property
    def positive(self) -> bool:
        """Whether the command was carried out."""
        return 200 <= self.code <= 299  # noqa: PLR2004 - RFC 5321's 2yz

    @classmethod
    def of(cls, code: int, lines: list[str]) -> Reply:
        """Take the enhanced status code (RFC 2034) out of the first line."""
        found = _ENHANCED.match(lines[0]) if lines else None
        return cls(code, tuple(lines), found.group(1) if found else "")


class ReplyClass(StrEnum):
    """The meaning of a reply; the words after the name are for people."""

    ACCEPTED = "accepted"
    GREYLISTED = "try this recipient again later"
    MAILBOX_FULL = "the mailbox is full for now"
    SERVER_BUSY = "the server wants less from us"
    CONNECTION_SPENT = "this connection has carried enough mails"
    BAD_ADDRESS = "this address does not exist"
    REFUSED = "this mail is refused for this recipient"
    SENDER_REFUSED = "the server refuses us"
    UNAVAILABLE = "the server cannot serve us at the moment"
    PROTOCOL_ERROR = "not an answer to what was asked"

    @property
    def outcome(self) -> Outcome:
        """The outcome for the recipient; UNSENT leaves them pending."""
        return _OUTCOMES[self]


_OUTCOMES = {
    ReplyClass.ACCEPTED: Outcome.ACCEPTED,
    ReplyClass.GREYLISTED: Outcome.DEFERRED,
    ReplyClass.MAILBOX_FULL: Outcome.DEFERRED,
    ReplyClass.SERVER_BUSY: Outcome.DEFERRED,
    ReplyClass.CONNECTION_SPENT: Outcome.UNSENT,
    ReplyClass.BAD_ADDRESS: Outcome.FAILED,
    ReplyClass.REFUSED: Outcome.FAILED,
    ReplyClass.SENDER_REFUSED: Outcome.UNSENT,
    ReplyClass.UNAVAILABLE: Outcome.UNSENT,
    ReplyClass.PROTOCOL_ERROR: Outcome.DEFERRED,
}
