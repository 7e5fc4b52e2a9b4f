"""The recipients: the ledger of one issue, reader by reader, for the operator's own eyes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from digest.errors import UsageError
from digest.models.deliveries import DeliveryState
from digest.pipeline.operator.orders import issue_named
from digest.store import DeliveryRecord, Store
from subscribers.address import normalise
from subscribers.errors import AddressInvalid
from subscribers.lists.spreadsheets import safe, safe_address

COLUMNS = (
    "email",
    "state",
    "variant",
    "attempts",
    "resends",
    "code",
    "enhanced",
    "reply",
    "phase",
    "reason",
    "retry_at",
    "updated_at",
)


def deliveries_of(
    store: Store, key: str, state: str | None, address: str | None
) -> Iterator[dict[str, object]]:
    """Return a row of COLUMNS for each delivery, in order, in flat memory.

    `email` is empty once a reader was erased. UsageError if issue, state or address is none.
    """
    issue = issue_named(store, key)
    records = store.ledger.deliveries(issue.id, _state(state), _email_key(address))
    return (_row(record) for record in records)


def write_csv(rows: Iterable[dict[str, object]], stream: TextIO) -> None:
    """Write a header and one line for each row (RFC 4180)."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = {column: "" if row[column] is None else str(row[column]) for column in COLUMNS}
        email = safe_address(cells.pop("email"))
        writer.writerow([email, *(safe(cells[column]) for column in COLUMNS[1:])])


def _state(name: str | None) -> DeliveryState | None:
    if name is None:
        return None
    try:
        return DeliveryState(name)
    except ValueError:
        raise UsageError(
            f'there is no state "{name}"',
            where="--state",
            fix=f"Known: {', '.join(DeliveryState)}",
        ) from None


def _email_key(address: str | None) -> str | None:
    if address is None:
        return None
    try:
        return normalise(address).key
    except AddressInvalid as error:
        raise UsageError(str(error), where="--email") from None


def _row(record: DeliveryRecord) -> dict[str, object]:
    row = {column: getattr(record, column, None) for column in COLUMNS}
    return {**row, "email": record.addr_spec, "state": str(record.state)}
