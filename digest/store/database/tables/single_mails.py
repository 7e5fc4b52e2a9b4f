"""The tables of mails outside an issue, and of the requests that strangers may make."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from digest.models.deliveries import DeliveryState
from digest.store.database.tables.partial_index import partial_index
from subscribers.store.columns import METADATA, Identity, UtcDateTime, required

_OPEN_MAIL = f"state IN ('{DeliveryState.PENDING}', '{DeliveryState.DEFERRED}')"

SINGLE_MAIL = Table(
    "single_mail",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("kind", String),
    required("reason", String, unique=True),
    required("subscriber_id", Identity, index=True),
    required("locale", String),
    required("address", String),
    required("address_key", String),
    required("facts", JSON),
    required("state", String),
    required("fence", Integer, default=0, server_default="0"),
    required("attempts", Integer, default=0, server_default="0"),
    Column("worker", String),
    Column("lease_until", UtcDateTime),
    Column("retry_at", UtcDateTime),
    required("expires_at", UtcDateTime),
    Column("code", Integer),
    Column("enhanced", String),
    Column("reply", String),
    Column("phase", String),
    Column("skipped", String),
    required("created_at", UtcDateTime),
    required("updated_at", UtcDateTime),
    partial_index("ix_single_mail_open", "id", where=_OPEN_MAIL),
    sqlite_autoincrement=True,
)
"""A mail outside an issue; its columns of state are those of `delivery`.

`reason` names what it is sent for: there is one mail a reason. `address` and `address_key` are
empty where it goes to the subscriber's own address. `skipped` says why it was not sent.
"""

REQUEST = Table(
    "request",
    METADATA,
    Column("key", String, primary_key=True),
    required("since", UtcDateTime),
    required("taken", Integer),
)
"""How often something was asked for since a moment (requests.py); keys are keyed hashes."""
