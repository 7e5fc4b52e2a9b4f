"""The tables of people, subscriptions, consent and suppressions. Rows stay inside the stores."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Boolean, Column, Table, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from subscribers.store.columns import Identity, UtcDateTime

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


class Wording(SQLModel, table=True):
    """Words of consent, once each: a million readers agreed to the same sentence."""

    __tablename__ = "wording"

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    digest: str = Field(unique=True)
    words: str = Field(sa_type=Text)


class ConsentAct(SQLModel, table=True):
    """One act of consent: only ever added, and gone with its person."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    subscriber_id: int = Field(
        foreign_key="subscriber.id", ondelete="CASCADE", index=True, sa_type=Identity
    )
    edition: str
    act: str
    way: str
    wording_id: int | None = Field(default=None, foreign_key="wording.id", sa_type=Identity)
    network: str = ""
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class Suppression(SQLModel, table=True):
    """An address that gets no mail: its key, or only its mark after an erasure.

    `folded` marks keys that were written before version 0012, by full case folding: they stand for
    every address that folds to them.
    """

    __tablename__ = "suppression"

    id: int | None = Field(default=None, primary_key=True, sa_type=Identity)
    email_key: str = Field(unique=True)
    reason: str
    detail: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    folded: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))


def table(model: type[SQLModel]) -> Table:
    """Return the table of a model, for statements that move many rows at once."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


SUBSCRIBER = table(Subscriber)
SUBSCRIPTION = table(Subscription)
WORDING = table(Wording)
CONSENT = table(ConsentAct)
SUPPRESSION = table(Suppression)
