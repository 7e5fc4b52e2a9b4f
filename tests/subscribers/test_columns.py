"""Column types: a moment without a zone is refused before it can do harm."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from subscribers.store.columns import UtcDateTime


def test_a_naive_moment_is_refused() -> None:
    """Nobody could say when it was."""
    naive = datetime.fromisoformat("2026-11-23T07:00:00")
    with pytest.raises(ValueError, match="no time zone"):
        UtcDateTime().process_bind_param(naive, SQLiteDialect())
