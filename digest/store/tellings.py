"""What issues told whom, read back for the composing of later ones.

Nothing is kept for it but the plan: which variant each choice of sections got, and which articles
each variant told, both written in the transaction that plans an issue.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, false, func, or_, select

from digest.models import Slot, Telling
from digest.store.tables import ISSUE, ISSUE_STORY, ISSUE_VARIANT
from digest.store.transitions import CARRIES
from digest.store.values import StoredHistory

_CARRIES = ISSUE.c.state.in_([str(state) for state in CARRIES])


def carriers(connection: Connection, edition: str, before: datetime) -> dict[str, str]:
    """Give the articles that the edition's issues of earlier slots carry, with the first's key."""
    which = (_CARRIES, ISSUE.c.edition == edition, ISSUE.c.slot_at < before)
    rows = _carried(connection, *which, recent=false())
    return {article: f"{edition}/{slot}" for article, slot, _ in rows}


def history(connection: Connection, slot: Slot, since: datetime, *, later: bool) -> StoredHistory:
    """Give what the edition's issues of other slots told; `later` slots count if it says so.

    Recent is what was due or planned at `since` or after: whatever else was told, was told before
    an article could be known that is eligible since.
    """
    which = [_CARRIES, ISSUE.c.edition == slot.edition, ISSUE.c.slot != slot.key]
    if not later:
        which.append(ISSUE.c.slot_at < slot.at)
    recent = or_(ISSUE.c.slot_at >= since, ISSUE.c.planned_at >= since)
    rows = _carried(connection, *which, recent=recent)
    return StoredHistory(
        told_in={article: f"{slot.edition}/{key}" for article, key, _ in rows},
        older=frozenset(article for article, _, is_recent in rows if not is_recent),
        recent=_tellings(connection, *which, recent),
    )


def _carried(
    connection: Connection, *which: ColumnElement[bool], recent: ColumnElement[bool]
) -> list[tuple[str, str, int]]:
    """Give each article with its first slot, and whether none but recent issues carry it."""
    is_recent = func.min(case((recent, 1), else_=0))
    query = (
        select(ISSUE_STORY.c.article_id, func.min(ISSUE.c.slot), is_recent)
        .join(ISSUE, ISSUE.c.id == ISSUE_STORY.c.issue_id)
        .where(*which)
        .group_by(ISSUE_STORY.c.article_id)
    )
    return [(article, slot, number) for article, slot, number in connection.execute(query)]


def _tellings(connection: Connection, *which: ColumnElement[bool]) -> tuple[Telling, ...]:
    issues = select(ISSUE.c.id).where(*which)
    variants: dict[int, dict[str, str | None]] = defaultdict(dict)
    for issue, sections, variant in connection.execute(
        select(ISSUE_VARIANT.c.issue_id, ISSUE_VARIANT.c.sections, ISSUE_VARIANT.c.variant).where(
            ISSUE_VARIANT.c.issue_id.in_(issues)
        )
    ):
        variants[issue][sections] = variant
    told: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for issue, variant, article in connection.execute(
        select(ISSUE_STORY.c.issue_id, ISSUE_STORY.c.variant, ISSUE_STORY.c.article_id).where(
            ISSUE_STORY.c.issue_id.in_(issues)
        )
    ):
        told[issue][variant].add(article)
    return tuple(
        Telling(
            variants.get(issue, {}),
            {name: frozenset(ids) for name, ids in told.get(issue, {}).items()},
        )
        for issue in sorted(variants.keys() | told.keys())
    )
