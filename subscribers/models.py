"""The tables of people, subscriptions and suppressions. Rows stay inside the stores."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Table, UniqueConstraint
from sqlmodel import Field, SQLModel

from subscribers.columns import Identity, UtcDateTime

_PUBLIC_ID_BYTES = 16


def new_public_id() -> str:
    """Draw 128 bits that nobody can guess, as base64url (22 characters)."""
    return secrets.token_urlsafe(_PUBLIC_ID_BYTES)


class Subscriber(SQLModel, table=True):
    """A person. An id is never given twice: ledgers remember it after an erasure."""

    __tablename__ = "subscriber"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    public_id: str = Field(default_factory=new_public_id, unique=True)
    email: str
    email_key: str = Field(unique=True)
    name: str = ""
    locale: str = ""
    timezone: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class Subscription(SQLModel, table=True):
    """A person's relation to one edition; `sections` is sorted ids joined by ",", "" for all."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("edition", "subscriber_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    subscriber_id: int = Field(
        foreign_key="subscriber.id", ondelete="CASCADE", index=True, sa_type=Identity
    )
    edition: str
    state: str
    sections: str = ""
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unsubscribed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Suppression(SQLModel, table=True):
    """An address that gets no mail: its key, or only its fingerprint after an erasure."""

    __tablename__ = "suppression"

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    email_key: str = Field(unique=True)
    reason: str
    detail: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


def table(model: type[SQLModel]) -> Table:
    """Return the table of a model, for statements that move many rows at once."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
