"""The identity of the database that the ledger was begun in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ledger_mark", sa.Column("home", sa.String(), nullable=False, server_default="")
    )
