"""The tables of the ledger: deliveries, their events, rates, leases and the mark.

`delivery` is the ledger. Its `subscriber_id` is not a foreign key, on purpose: an erased reader
leaves, and what was planned must still equal the sum of the states.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from digest.models.deliveries import DeliveryState
from digest.store.database.tables.partial_index import partial_index
from subscribers.store.columns import METADATA, Identity, UtcDateTime, required

DELIVERY = Table(
    "delivery",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("issue_id", Identity, ForeignKey("issue.id")),
    required("subscriber_id", Identity),
    Column("variant", String),
    required("state", String),
    required("fence", Integer, default=0),
    required("attempts", Integer, default=0),
    required("resends", Integer, default=0, server_default="0"),
    Column("worker", String),
    Column("lease_until", UtcDateTime),
    Column("retry_at", UtcDateTime),
    Column("code", Integer),
    Column("enhanced", String),
    Column("reply", String),
    Column("phase", String),
    Column("reason", String),
    required("updated_at", UtcDateTime),
    Column("call_key", String),
    Column("provider_id", String),
    UniqueConstraint("issue_id", "subscriber_id"),
    Index("ix_delivery_issue_state", "issue_id", "state", "id"),
    # Literal, because a partial index is used only where the query says the same words.
    partial_index(
        "ix_delivery_due", "issue_id", "retry_at", where=f"state = '{DeliveryState.DEFERRED}'"
    ),
    partial_index("ix_delivery_provider_id", "provider_id", where="provider_id IS NOT NULL"),
)
"""The ledger: one row per issue and reader. `attempts` counts those that were begun.

`resends` counts how often an operator had an uncertain one sent again: a reader can have at
most so many copies more than one.
"""

DELIVERY_EVENT = Table(
    "delivery_event",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("provider", String),
    required("event_id", String),
    required("kind", String),
    Column("delivery_id", Identity),
    Column("subscriber_id", Identity),
    required("provider_id", String),
    required("at", UtcDateTime),
    required("heard_at", UtcDateTime),
    required("detail", Text),
    required("raw", Text),
    UniqueConstraint("provider", "event_id"),
    Index("ix_delivery_event_delivery", "delivery_id"),
    Index("ix_delivery_event_reader", "subscriber_id", "kind"),
    partial_index("ix_delivery_event_unmatched", "provider_id", where="delivery_id IS NULL"),
)
"""The events of deliveries; one without `delivery_id` is not matched yet (events.py).

`subscriber_id` is no foreign key, as in `delivery`: the counts outlive an erased reader.
"""

ALLOWANCE = Table(
    "allowance",
    METADATA,
    Column("period", String, primary_key=True),
    required("taken", Integer),
)
"""The number of mails in an hour or a day, over all runs: "hour 2026-11-23T07"."""

SEND_RATE = Table(
    "turn",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    required("free_at", Float),
)
"""When the next permit of the rate is free, over all runs: the only row (shared_rate.py)."""

LEDGER_MARK = Table(
    "ledger_mark",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    required("epoch", String),
    required("number", Integer),
    required("home", String, default="", server_default=""),
)
"""The ledger's identity and progress: the only row, `number` only grows (ledger_mark.py)."""

LEASE = Table(
    "lease",
    METADATA,
    Column("name", String, primary_key=True),
    required("worker", String),
    required("until", UtcDateTime),
)
"""Who does a thing that only one process may do, and until when (leases.py)."""
