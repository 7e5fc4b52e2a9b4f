"""The tables of mails outside an issue, and of the requests that strangers may make."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from digest.models.deliveries import DeliveryState
from digest.store.database.tables.partial_index import partial_index
from subscribers.store.columns import Identity, UtcDateTime
from subscribers.store.models import table

_OPEN_MAIL = f"state IN ('{DeliveryState.PENDING}', '{DeliveryState.DEFERRED}')"


class SingleMailRow(SQLModel, table=True):
    """A mail outside an issue; its columns of state are those of `delivery`.

    `reason` names what it is sent for: there is one mail a reason. `address` and `address_key` are
    empty where it goes to the subscriber's own address. `skipped` says why it was not sent.
    """

    __tablename__ = "single_mail"
    __table_args__: tuple[Any, ...] = (
        partial_index("ix_single_mail_open", "id", where=_OPEN_MAIL),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    kind: str
    reason: str = Field(unique=True)
    subscriber_id: int = Field(sa_type=Identity, index=True)
    locale: str
    address: str
    address_key: str
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    fence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    code: int | None = None
    enhanced: str | None = None
    reply: str | None = None
    phase: str | None = None
    skipped: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class RequestRow(SQLModel, table=True):
    """How often something was asked for since a moment (requests.py); keys are keyed hashes."""

    __tablename__ = "request"

    key: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)
    taken: int


SINGLE_MAIL = table(SingleMailRow)
REQUEST = table(RequestRow)
