"""The subscribers' store, on either database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.store import Store
from subscribers.store import SubscriberStore


@pytest.fixture
def now() -> datetime:
    """Return the moment at which these tests take place."""
    return datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def people(store: Store) -> SubscriberStore:
    """Return an empty subscribers' store on each database."""
    return store.subscribers
