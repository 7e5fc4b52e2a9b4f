"""The stories that issues told, read back for the composing of later ones.

Nothing is kept for it but the plan: which variant each choice of sections got, and which articles
each variant told, both written in the transaction that plans an issue.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select

from digest.models.issues import IssueState, Slot, Telling
from digest.store.database.tables import ISSUE, ISSUE_STORY, ISSUE_VARIANT
from digest.store.ledger.transitions import CARRIES
from digest.store.values import StoredHistory

# One that is held after it was planned may be let go any time, and some have it already.
_CARRIES = or_(
    ISSUE.c.state.in_([str(state) for state in CARRIES]),
    and_(ISSUE.c.state == str(IssueState.HELD), ISSUE.c.planned_at.is_not(None)),
)


def carriers(connection: Connection, edition: str, before: datetime) -> dict[str, str]:
    """Return the articles in the edition's issues of earlier slots, with the first key."""
    rows = connection.execute(
        select(ISSUE_STORY.c.article_id, func.min(ISSUE.c.slot))
        .join(ISSUE, ISSUE.c.id == ISSUE_STORY.c.issue_id)
        .where(_CARRIES, ISSUE.c.edition == edition, ISSUE.c.slot_at < before)
        .group_by(ISSUE_STORY.c.article_id)
    )
    return {article: f"{edition}/{slot}" for article, slot in rows}


def history(connection: Connection, slot: Slot, since: datetime, *, later: bool) -> StoredHistory:
    """Return what the edition's issues of other slots told; `later` slots count if it says so.

    Recent is what was due or planned at `since` or after: whatever else was told, was told before
    an article could be known that is eligible since.
    """
    which = [_CARRIES, ISSUE.c.edition == slot.edition, ISSUE.c.slot != slot.key]
    if not later:
        which.append(ISSUE.c.slot_at < slot.at)
    recent = or_(
        ISSUE.c.slot_at >= since, func.coalesce(ISSUE.c.planned_at, ISSUE.c.slot_at) >= since
    )
    older = (
        select(ISSUE_STORY.c.article_id)
        .distinct()
        .join(ISSUE, ISSUE.c.id == ISSUE_STORY.c.issue_id)
        .where(*which, not_(recent))
    )
    return StoredHistory(
        older=frozenset(connection.execute(older).scalars()),
        recent=_tellings(connection, *which, recent),
    )


def _tellings(connection: Connection, *which: ColumnElement[bool]) -> tuple[Telling, ...]:
    """Read issue by issue, in the order of their slots."""
    query = select(ISSUE.c.id, ISSUE.c.edition, ISSUE.c.slot).where(*which)
    rows = connection.execute(query.order_by(ISSUE.c.slot_at, ISSUE.c.id)).all()
    return tuple(telling(connection, number, f"{edition}/{key}") for number, edition, key in rows)


def telling(connection: Connection, issue_id: int, key: str) -> Telling:
    """Return what that issue told whom."""
    variants = connection.execute(
        select(ISSUE_VARIANT.c.sections, ISSUE_VARIANT.c.variant).where(
            ISSUE_VARIANT.c.issue_id == issue_id
        )
    )
    told: dict[str, set[str]] = defaultdict(set)
    for variant, article in connection.execute(
        select(ISSUE_STORY.c.variant, ISSUE_STORY.c.article_id).where(
            ISSUE_STORY.c.issue_id == issue_id
        )
    ):
        told[variant].add(article)
    return Telling(
        key,
        {row.sections: row.variant for row in variants},
        {name: frozenset(ids) for name, ids in told.items()},
    )
