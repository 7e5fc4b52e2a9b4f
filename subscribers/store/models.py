"""The tables of people, subscriptions, consent and suppressions. Rows stay inside the stores."""

from __future__ import annotations

import secrets

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, Text, UniqueConstraint, false

from subscribers.store.columns import METADATA, Identity, UtcDateTime, required

_PUBLIC_ID_BYTES = 16


def new_public_id() -> str:
    """Draw 128 bits that nobody can guess, as base64url (22 characters)."""
    return secrets.token_urlsafe(_PUBLIC_ID_BYTES)


SUBSCRIBER = Table(
    "subscriber",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("public_id", String, unique=True, default=new_public_id),
    required("email", String),
    required("email_key", String, unique=True),
    required("name", String, default=""),
    required("locale", String, default=""),
    required("created_at", UtcDateTime),
    sqlite_autoincrement=True,
)
"""A person. An id is never given twice: ledgers remember it after an erasure."""

SUBSCRIPTION = Table(
    "subscription",
    METADATA,
    Column("id", Identity, primary_key=True),
    required(
        "subscriber_id", Identity, ForeignKey("subscriber.id", ondelete="CASCADE"), index=True
    ),
    required("edition", String),
    required("state", String),
    required("sections", String, default=""),
    Column("paused_until", UtcDateTime),
    required("created_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("unsubscribed_at", UtcDateTime),
    required("updated_at", UtcDateTime),
    UniqueConstraint("edition", "subscriber_id"),
)
"""A person's relation to one edition; `sections` is sorted ids joined by ",", "" for all."""

WORDING = Table(
    "wording",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("digest", String, unique=True),
    required("words", Text),
)
"""Words of consent, once each: a million readers agreed to the same sentence."""

CONSENT = Table(
    "consent",
    METADATA,
    Column("id", Identity, primary_key=True),
    required(
        "subscriber_id", Identity, ForeignKey("subscriber.id", ondelete="CASCADE"), index=True
    ),
    required("edition", String),
    required("act", String),
    required("way", String),
    Column("wording_id", Identity, ForeignKey("wording.id")),
    required("network", String, default=""),
    Column("at", UtcDateTime),
    required("recorded_at", UtcDateTime),
)
"""Acts of consent: only ever added, and gone with their person."""

SUPPRESSION = Table(
    "suppression",
    METADATA,
    Column("id", Identity, primary_key=True),
    required("email_key", String, unique=True),
    required("reason", String),
    required("detail", String, default=""),
    required("created_at", UtcDateTime),
    required("folded", Boolean, server_default=false()),
)
"""Addresses that get no mail: each by its key, or only by its mark after an erasure.

`folded` marks keys that were written before version 0012, by full case folding: they stand for
every address that folds to them.
"""
