"""A correction of an issue: planned for exactly those who have the story that was wrong.

It is an issue of its own, held until an operator lets it go, so that the ledger's every promise
holds for it too. A reader who left or was suppressed since is skipped when their turn comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, literal, select

from digest.errors import LedgerRefused
from digest.models.deliveries import DeliveryState
from digest.models.issues import IssueState
from digest.store.database.engine import reading
from digest.store.database.rows import issue_of, issue_row
from digest.store.database.tables import DELIVERY, ISSUE, ISSUE_STORY
from digest.store.issues import renderings
from digest.store.values import NewIssue, StoredIssue, ToldStory

# A reader who perhaps has the story is told too: better one correction too many than too few.
_HAVE_IT = (str(DeliveryState.ACCEPTED), str(DeliveryState.UNCERTAIN))
VARIANT = "all"


class Corrections:
    """Plans corrections."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def readers_of(self, story: ToldStory) -> int:
        """Count the readers who have a variant of the issue that told the story."""
        having = _having(story).subquery()
        with self._reading.begin() as connection:
            return connection.execute(select(func.count()).select_from(having)).scalar_one()

    def plan(self, correction: NewIssue, story: ToldStory, now: datetime) -> StoredIssue:
        """Freeze the correction and plan it for the readers of the story, held.

        All of it or nothing. Its one variant is VARIANT. LedgerRefused if an issue of that name is
        there already.
        """
        slot = correction.slot
        with self._engine.begin() as connection:
            known = select(ISSUE.c.id).where(
                ISSUE.c.edition == slot.edition, ISSUE.c.slot == slot.key
            )
            if connection.execute(known).first():
                raise LedgerRefused(
                    "a correction of that name was prepared meanwhile",
                    where=slot.issue_key,
                    fix="Look at it with `digest issues show`, then run this again.",
                )
            issue_id = connection.execute(
                ISSUE.insert()
                .values(issue_row(correction, IssueState.HELD, now))
                .returning(ISSUE.c.id)
            ).scalar_one()
            renderings.keep(connection, issue_id, correction.rendered)
            _write_deliveries(connection, issue_id, story, now)
            _write_counts(connection, issue_id, now)
            row = connection.execute(select(ISSUE).where(ISSUE.c.id == issue_id)).mappings().one()
            return issue_of(row)


def _having(story: ToldStory) -> Select[tuple[int]]:
    told = select(ISSUE_STORY.c.variant).where(
        ISSUE_STORY.c.issue_id == story.issue_id, ISSUE_STORY.c.article_id.in_(story.article_ids)
    )
    return select(DELIVERY.c.subscriber_id).where(
        DELIVERY.c.issue_id == story.issue_id,
        DELIVERY.c.state.in_(_HAVE_IT),
        DELIVERY.c.variant.in_(told),
    )


def _write_deliveries(
    connection: Connection, issue_id: int, story: ToldStory, now: datetime
) -> None:
    values: Mapping[str, ColumnElement[Any]] = {
        "issue_id": literal(issue_id),
        "subscriber_id": DELIVERY.c.subscriber_id,
        "variant": literal(VARIANT),
        "state": literal(str(DeliveryState.PENDING)),
        "fence": literal(0),
        "attempts": literal(0),
        "updated_at": literal(now, DELIVERY.c.updated_at.type),
    }
    rows = _having(story).with_only_columns(*values.values())
    connection.execute(
        DELIVERY.insert().from_select(list(values), rows.order_by(DELIVERY.c.subscriber_id))
    )


def _write_counts(connection: Connection, issue_id: int, now: datetime) -> None:
    planned = connection.execute(
        select(func.count()).where(DELIVERY.c.issue_id == issue_id)
    ).scalar_one()
    connection.execute(
        ISSUE.update()
        .where(ISSUE.c.id == issue_id)
        .values(candidates=planned, planned=planned, planned_at=now)
    )
