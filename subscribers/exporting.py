"""Readers as CSV, in the columns an import reads, with what the store knows beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from subscribers.importing import COLUMNS
from subscribers.sections import canonical
from subscribers.values import SubscriberRecord, SubscriptionRecord

_HEADER = (*COLUMNS, "edition", "state", "suppressed", "subscribed_at")
# A spreadsheet computes what begins so (CWE-1236); an import takes the mark off again.
_COMPUTED = ("=", "+", "-", "@")


def write_csv(readers: Iterable[SubscriberRecord], stream: TextIO, edition: str | None) -> int:
    """Write one line for each subscription, of one edition or of all; give how many."""
    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180 section 2
    writer.writerow(_HEADER)
    lines = 0
    for reader in readers:
        for subscription in reader.subscriptions:
            if edition is None or subscription.edition == edition:
                writer.writerow(_line(reader, subscription))
                lines += 1
    return lines


def _line(reader: SubscriberRecord, subscription: SubscriptionRecord) -> tuple[str, ...]:
    return (
        _text(reader.email),
        _text(reader.name),
        canonical(subscription.sections),
        reader.locale,
        reader.timezone,
        subscription.edition,
        str(subscription.state),
        reader.suppressed,
        subscription.created_at.isoformat(),
    )


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_COMPUTED) else value
