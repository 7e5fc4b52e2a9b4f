"""A mail's reading and its proven delivery → one event; policy of who is believed, and how far."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.models.events import DeliveryEvent, EventKind
from digest.models.feedback import FailedRecipient, Failure, MailKind, MailReading
from digest.pipeline.feedback.proving import MailOrigin
from digest.store.ledger.events import AboutDelivery
from subscribers.address import normalise
from subscribers.errors import AddressInvalid

MAILBOX = "mailbox"  # the provider of events that came by mail
_LATEST = timedelta(days=30)  # servers give up after five days; a month later it is somebody's game
_FAILURES = {
    Failure.HARD: EventKind.BOUNCED_HARD,
    Failure.SOFT: EventKind.BOUNCED_SOFT,
    Failure.POLICY: EventKind.REFUSED,
    Failure.CONTENT: EventKind.REFUSED,
}
_KINDS = {
    MailKind.COMPLAINT: EventKind.COMPLAINED,
    MailKind.UNSUBSCRIBE: EventKind.UNSUBSCRIBED,
    MailKind.DELIVERED: EventKind.DELIVERED,
}
# Those that are of interest even if nobody knows whose they are.
_REPORTS = frozenset({MailKind.BOUNCE, MailKind.COMPLAINT})


def event_of(
    reading: MailReading, origin: MailOrigin, about: AboutDelivery | None, now: datetime
) -> DeliveryEvent | None:
    """Return the event of a mail; None for one that is of no mail of ours and no report."""
    if about is None and reading.kind not in _REPORTS:
        return None
    kind, said = _kind_of(reading, about, now)
    if kind is None:
        return None
    return DeliveryEvent(
        provider=MAILBOX,
        event_id=f"{reading.name}-{origin.name}",
        kind=kind,
        at=reading.at if reading.at and now - _LATEST < reading.at <= now else now,
        delivery_id=origin.delivery if about is not None else None,
        single_mail_id=origin.single_mail if about is not None else None,
        detail=said,
    )


def _kind_of(
    reading: MailReading, about: AboutDelivery | None, now: datetime
) -> tuple[EventKind | None, str]:
    """Return the event's kind, and the words behind it."""
    if reading.kind is not MailKind.BOUNCE:
        return _KINDS.get(reading.kind), str(reading.kind)
    recipient, is_named = _recipient(reading, about)
    words = " ".join(recipient.said.split())
    said = words if recipient.status in words else f"{recipient.status} {words}"
    is_late = about is not None and now - about.updated_at > _LATEST
    return EventKind.UNKNOWN if is_late else _bounced(recipient, is_named=is_named), said


def _recipient(reading: MailReading, about: AboutDelivery | None) -> tuple[FailedRecipient, bool]:
    """Return the recipient who is the reader, and whether the report names the reader."""
    for one in reading.recipients:
        if about is None or about.email_key in {_key(address) for address in one.addresses}:
            return one, True
    first = reading.recipients[0]
    return first, not any(one.addresses for one in reading.recipients)


def _bounced(recipient: FailedRecipient, *, is_named: bool) -> EventKind:
    if recipient.delayed:
        return EventKind.DEFERRED
    kind = _FAILURES[recipient.failure]
    # The reader's mailbox forwards to one that is gone: theirs may still be read.
    return EventKind.BOUNCED_SOFT if kind is EventKind.BOUNCED_HARD and not is_named else kind


def _key(address: str) -> str:
    try:
        return normalise(address).key
    except AddressInvalid:
        return ""
