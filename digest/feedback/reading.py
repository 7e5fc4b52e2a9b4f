"""One mail's bytes → its reading: the order in which the kinds are asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from digest.feedback.automatic import is_automatic_reply, says_replied
from digest.feedback.bounces import bounced_recipients, is_delivered
from digest.feedback.complaints import feedback_type, is_complaint, is_opt_out
from digest.feedback.originals import candidates, original_ids, unsubscribe_links
from digest.feedback.parts import LONGEST_MAIL, MimePart, decoded, parts_of
from digest.models.feedback import FailedRecipient, MailKind, MailReading

_LONGEST_SUBJECT, _LONGEST_DATE = 500, 100
_LEAVING = re.compile(r"\b(unsubscribe|opt-?out|remove me|abmelden|désabonner)\b", re.IGNORECASE)
_ASKED: tuple[tuple[Callable[[Sequence[MimePart]], object], MailKind], ...] = (
    (is_complaint, MailKind.COMPLAINT),
    (is_opt_out, MailKind.UNSUBSCRIBE),
    (feedback_type, MailKind.AUTOMATIC),
    (is_automatic_reply, MailKind.AUTOMATIC),
    (is_delivered, MailKind.DELIVERED),
)


def read_mail(raw: bytes) -> MailReading:
    """Return what a mail says. Only its first megabyte is read; nothing is raised."""
    parts = parts_of(raw)
    top = parts[0]
    kind, recipients = _kind(parts)
    return MailReading(
        kind=kind,
        name=_name(top, raw),
        at=_date(top.first("date")),
        recipients=recipients,
        addresses=candidates(parts),
        links=unsubscribe_links(parts),
        original_ids=original_ids(parts),
        subject=decoded(top.first("subject"))[:_LONGEST_SUBJECT],
    )


def _kind(parts: Sequence[MimePart]) -> tuple[MailKind, tuple[FailedRecipient, ...]]:
    kind = next((kind for says, kind in _ASKED if says(parts)), None)
    if kind is not None:
        return kind, ()
    if recipients := bounced_recipients(parts):
        return MailKind.BOUNCE, recipients
    if _LEAVING.search(decoded(parts[0].first("subject"))):
        return MailKind.UNSUBSCRIBE, ()
    return (MailKind.AUTOMATIC if says_replied(parts) else MailKind.UNKNOWN), ()


def _name(top: MimePart, raw: bytes) -> str:
    """Return a hash of the Message-ID, else of the bytes: the same for every copy of a mail."""
    named = top.first("message-id").strip().strip("<>")
    return sha256(named.encode() if named else raw[:LONGEST_MAIL]).hexdigest()[:40]


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value[:_LONGEST_DATE])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
