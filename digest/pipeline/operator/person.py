"""One person, with everything that is kept of them: to look at, and to hand over to them."""

from __future__ import annotations

from dataclasses import dataclass

from digest.errors import UsageError
from digest.pipeline.operator.audience import translated
from digest.store import Store
from digest.store.values import ReceivedIssue
from subscribers.values import SubscriberRecord, SuppressionRecord

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Person:
    """The record of an address: `record` is None where nobody has it but it gets no mail."""

    address: str
    record: SubscriberRecord | None
    suppressions: tuple[SuppressionRecord, ...]
    received: tuple[ReceivedIssue, ...]
    mails: tuple[tuple[str, str, str], ...]

    def as_json(self) -> dict[str, object]:
        """Return all of it, as JSON has it (GDPR Articles 15 and 20)."""
        person = self.record.as_dict() if self.record else {"email": self.address}
        return {
            **person,
            "suppressions": [
                {
                    "reason": str(one.reason),
                    "detail": one.detail,
                    "since": one.created_at.isoformat(),
                }
                for one in self.suppressions
            ],
            "issues": [
                {"issue": one.issue, "state": one.state, "at": one.at.isoformat()}
                for one in self.received
            ],
            "mails": [{"kind": kind, "state": state, "at": at} for kind, state, at in self.mails],
        }

    def sentences(self) -> list[str]:
        """Say it to a person at a terminal."""
        lines = [self.address if self.record is None else _who(self.record)]
        if self.record is None:
            lines.append("Nobody has this address.")
        else:
            lines += _subscriptions(self.record)
            lines += _acts(self.record)
        lines += [
            f"No mail goes there: {one.reason}, since {one.created_at:%Y-%m-%d}"
            + (f" ({one.detail})" if one.detail else "")
            for one in self.suppressions
        ]
        if self.received:
            lines.append(f"Issues: {len(self.received)}, the last ones:")
            lines += [f"  {one.issue}: {one.state}" for one in self.received[-_SHOWN:]]
        return lines


def person_with(store: Store, email: str) -> Person:
    """Return what is kept of an address. UsageError if it is none, or nothing is kept of it."""
    with translated():
        record = store.subscribers.find_by_email(email)
        suppressions = store.subscribers.suppressions(email)
    if record is None and not suppressions:
        raise UsageError(
            f"nothing is kept of {email}", fix="`digest subscribers list` shows who is here."
        )
    received = store.ledger.received_by(record.id) if record else ()
    mails = store.single_mails.of_subscriber(record.id) if record else ()
    return Person(
        record.email if record else email.strip(),
        record,
        suppressions,
        received,
        tuple((one.kind, str(one.state), one.created_at.isoformat()) for one in mails),
    )


def _who(record: SubscriberRecord) -> str:
    name = f"{record.name} <{record.email}>" if record.name else record.email
    return f"{name}, here since {record.created_at:%Y-%m-%d}"


def _subscriptions(record: SubscriberRecord) -> list[str]:
    return [
        f"{one.edition}: {one.state}"
        + (f", only {', '.join(sorted(one.sections))}" if one.sections else "")
        + (f", until {one.paused_until:%Y-%m-%d}" if one.paused_until else "")
        for one in record.subscriptions
    ]


def _acts(record: SubscriberRecord) -> list[str]:
    return [
        f"  {one.at or one.recorded_at:%Y-%m-%d %H:%M} {one.edition}: {one.act}, by {one.way}"
        + (f": {one.words}" if one.words else "")
        for one in record.consent
    ]
