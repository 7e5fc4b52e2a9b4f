"""SMTP replies (RFC 5321 section 4.2, RFC 3463) and what each class means for a recipient.

The meaning is a table, read from the top; the first row that fits decides. Nothing here looks
at the words of a reply: servers word the same refusal in a hundred ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

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
    BAD_ADDRESS = "this address does not exist"
    REFUSED = "this mail is refused for this recipient"
    SENDER_REFUSED = "the server refuses us"
    UNAVAILABLE = "the server cannot serve us at the moment"
    PROTOCOL_ERROR = "not an answer to what was asked"

    @property
    def outcome(self) -> Outcome:
        """The outcome for the recipient; SENDER_REFUSED and UNAVAILABLE leave them pending."""
        return _OUTCOMES[self]


_OUTCOMES = {
    ReplyClass.ACCEPTED: Outcome.ACCEPTED,
    ReplyClass.GREYLISTED: Outcome.DEFERRED,
    ReplyClass.MAILBOX_FULL: Outcome.DEFERRED,
    ReplyClass.SERVER_BUSY: Outcome.DEFERRED,
    ReplyClass.BAD_ADDRESS: Outcome.FAILED,
    ReplyClass.REFUSED: Outcome.FAILED,
    ReplyClass.SENDER_REFUSED: Outcome.UNSENT,
    ReplyClass.UNAVAILABLE: Outcome.UNSENT,
    ReplyClass.PROTOCOL_ERROR: Outcome.DEFERRED,
}


@dataclass(frozen=True, slots=True)
class _Row:
    """`phases` empty: any; `codes` and `enhanced` are patterns that must match at the start."""

    phases: frozenset[Phase]
    codes: re.Pattern[str]
    enhanced: re.Pattern[str]
    kind: ReplyClass

    def fits(self, phase: Phase, code: int, enhanced: str) -> bool:
        return (
            (not self.phases or phase in self.phases)
            and self.codes.fullmatch(str(code)) is not None
            and self.enhanced.match(enhanced) is not None
        )


def _row(phases: str, codes: str, enhanced: str, kind: ReplyClass) -> _Row:
    which = frozenset(Phase(name) for name in phases.split())
    return _Row(which, re.compile(codes), re.compile(enhanced), kind)


_SESSION = "connect greeting ehlo auth"
# Code and enhanced code are patterns. RFC 5321 4.2.2 and 4.2.3, RFC 4954 6, RFC 3463 3.
TABLE: tuple[_Row, ...] = (
    # phases           codes        enhanced            kind
    _row("data", "354", "", ReplyClass.ACCEPTED),
    _row("auth", "334", "", ReplyClass.ACCEPTED),
    _row("data", "2..", "", ReplyClass.PROTOCOL_ERROR),
    _row("greeting", "220", "", ReplyClass.ACCEPTED),
    _row("greeting", "2..", "", ReplyClass.PROTOCOL_ERROR),
    _row("", "2..", "", ReplyClass.ACCEPTED),
    # TLS: never plain text instead, but the next run may find it mended.
    _row("starttls", "[45]..", "", ReplyClass.UNAVAILABLE),
    # The session: a 4xx passes, a 5xx is for the operator.
    _row(_SESSION, "4..", "", ReplyClass.UNAVAILABLE),
    _row(_SESSION, "5..", "", ReplyClass.SENDER_REFUSED),
    # Whoever asks for a login or refuses the sender means us, in whatever phase.
    _row("", "53[0458]", "", ReplyClass.SENDER_REFUSED),
    _row("mail", "5..", "", ReplyClass.SENDER_REFUSED),
    _row("", "5..", r"5\.3\.4", ReplyClass.SENDER_REFUSED),
    # Later, by whose fault.
    _row("", "421", "", ReplyClass.SERVER_BUSY),
    _row("", "4..", r"4\.(3\.1|3\.2|4\.5|7\.28)", ReplyClass.SERVER_BUSY),
    _row("", "4..", r"4\.2\.2", ReplyClass.MAILBOX_FULL),
    _row("mail", "4..", "", ReplyClass.SERVER_BUSY),
    _row("", "4..", "", ReplyClass.GREYLISTED),
    # Never: 5.1.x is the address itself (but 5.1.7 and 5.1.8 are the sender's).
    _row("rcpt dot", "5..", r"5\.1\.[78]", ReplyClass.SENDER_REFUSED),
    _row("rcpt dot", "55[013]", r"5\.1\.", ReplyClass.BAD_ADDRESS),
    _row("", "5..", "", ReplyClass.REFUSED),
)


@lru_cache(maxsize=512)
def _classified(phase: Phase, code: int, enhanced: str) -> ReplyClass:
    for row in TABLE:
        if row.fits(phase, code, enhanced):
            return row.kind
    return ReplyClass.PROTOCOL_ERROR


def classify(phase: Phase, reply: Reply) -> ReplyClass:
    """Say what `reply` means when it answers `phase`."""
    return _classified(phase, reply.code, reply.enhanced)
