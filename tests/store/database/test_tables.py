"""The tables as each database is told of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.schema import CreateIndex

from digest.store.database.engine import connect
from digest.store.database.tables import METADATA

PARTIAL = {
    "ix_article_source_guid": "guid IS NOT NULL",
    "ix_article_source_prominent": "place IS NOT NULL OR promoted IS NOT NULL",
    "ix_delivery_due": "state = 'deferred'",
    "ix_delivery_event_unmatched": "delivery_id IS NULL",
    "ix_delivery_provider_id": "provider_id IS NOT NULL",
    "ix_single_mail_open": "state IN ('pending', 'deferred')",
}


@pytest.mark.parametrize("url", ["sqlite:///digest.db", "postgresql://reader@localhost/digest"])
def test_partial_indexes_are_partial_on_both_databases(url: str, tmp_path: Path) -> None:
    """Whoever connects to PostgreSQL tells it of every condition."""
    dialect = connect(url, tmp_path).dialect
    said = {
        str(index.name): str(CreateIndex(index).compile(dialect=dialect)).partition(" WHERE ")[2]
        for table in METADATA.tables.values()
        for index in table.indexes
    }
    assert {name: words for name, words in said.items() if words} == PARTIAL


def test_a_store_in_a_file_loads_nothing_of_postgresql(tmp_path: Path) -> None:
    """What SQLAlchemy knows of PostgreSQL would be a fortieth of a command's start."""
    code = (
        "import sys; from pathlib import Path; from digest.store import open_store\n"
        "with open_store('sqlite:///digest.db', Path('.')) as store:\n"
        "    store.ledger.audience('daily')\n"
        "print(*[name for name in sys.modules if name.startswith('sqlalchemy.dialects.post')])\n"
    )
    words = [sys.executable, "-c", code]
    for _ in range(2):  # the first makes the tables, by alembic
        done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split() == []
