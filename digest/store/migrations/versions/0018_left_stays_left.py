"""A reader's time zone goes: nothing used it. Somebody who left and asked again has left until
they confirm.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("subscriber", "timezone")
    subscription = sa.table("subscription", sa.column("state"), sa.column("unsubscribed_at"))
    op.execute(
        subscription.update()
        .where(subscription.c.state == "pending", subscription.c.unsubscribed_at.is_not(None))
        .values(state="unsubscribed")
    )
