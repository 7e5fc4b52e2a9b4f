"""The tables of the ledger: deliveries, their events, rates, leases and the mark.

`delivery` is the ledger. Its `subscriber_id` is not a foreign key, on purpose: an erased reader
leaves, and what was planned must still equal the sum of the states.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from digest.models.deliveries import DeliveryState
from digest.store.database.tables.partial_index import partial_index
from subscribers.store.columns import Identity, UtcDateTime
from subscribers.store.models import table


class DeliveryRow(SQLModel, table=True):
    """The ledger: one row per issue and reader. `attempts` counts those that were begun.

    `resends` counts how often an operator had an uncertain one sent again: a reader can have at
    most so many copies more than one.
    """

    __tablename__ = "delivery"
    __table_args__: tuple[Any, ...] = (
        UniqueConstraint("issue_id", "subscriber_id"),
        Index("ix_delivery_issue_state", "issue_id", "state", "id"),
        # Literal, because a partial index is used only where the query says the same words.
        partial_index(
            "ix_delivery_due", "issue_id", "retry_at", where=f"state = '{DeliveryState.DEFERRED}'"
        ),
        partial_index("ix_delivery_provider_id", "provider_id", where="provider_id IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    issue_id: int = Field(foreign_key="issue.id", sa_type=Identity)
    subscriber_id: int = Field(sa_type=Identity)
    variant: str | None = None
    state: str
    fence: int = 0
    attempts: int = 0
    resends: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    code: int | None = None
    enhanced: str | None = None
    reply: str | None = None
    phase: str | None = None
    reason: str | None = None
    updated_at: datetime = Field(sa_type=UtcDateTime)
    call_key: str | None = None
    provider_id: str | None = None


class DeliveryEventRow(SQLModel, table=True):
    """An event of a delivery; without `delivery_id` it is not matched yet (events.py).

    `subscriber_id` is no foreign key, as in `delivery`: the counts outlive an erased reader.
    """

    __tablename__ = "delivery_event"
    __table_args__: tuple[Any, ...] = (
        UniqueConstraint("provider", "event_id"),
        Index("ix_delivery_event_delivery", "delivery_id"),
        Index("ix_delivery_event_reader", "subscriber_id", "kind"),
        partial_index("ix_delivery_event_unmatched", "provider_id", where="delivery_id IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    provider: str
    event_id: str
    kind: str
    delivery_id: int | None = Field(default=None, sa_type=Identity)
    subscriber_id: int | None = Field(default=None, sa_type=Identity)
    provider_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    heard_at: datetime = Field(sa_type=UtcDateTime)
    detail: str = Field(sa_type=Text)
    raw: str = Field(sa_type=Text)


class AllowanceRow(SQLModel, table=True):
    """The number of mails in an hour or a day, over all runs: "hour 2026-11-23T07"."""

    __tablename__ = "allowance"

    period: str = Field(primary_key=True)
    taken: int


class TurnRow(SQLModel, table=True):
    """When the next permit of the rate is free, over all runs: the only row (shared_rate.py)."""

    __tablename__ = "turn"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    free_at: float


class LedgerMarkRow(SQLModel, table=True):
    """The ledger's identity and progress: the only row, `number` only grows (ledger_mark.py)."""

    __tablename__ = "ledger_mark"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    epoch: str
    number: int
    home: str = Field(default="", sa_column_kwargs={"server_default": ""})


class LeaseRow(SQLModel, table=True):
    """Who does a thing that only one process may do, and until when (leases.py)."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    worker: str
    until: datetime = Field(sa_type=UtcDateTime)


DELIVERY = table(DeliveryRow)
DELIVERY_EVENT = table(DeliveryEventRow)
ALLOWANCE = table(AllowanceRow)
SEND_RATE = table(TurnRow)
LEDGER_MARK = table(LedgerMarkRow)
LEASE = table(LeaseRow)
