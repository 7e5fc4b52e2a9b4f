"""Reviews: each issue as editors saw it before it was sent, and which of them they approved.

A review keeps the whole content, so that what was approved on one machine is what another sends.
"""

from __future__ import annotations

import json
import zlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, select

from digest.models.issues import Slot
from digest.store.database.batch import insert
from digest.store.database.engine import reading
from digest.store.database.tables import REVIEW
from digest.store.values import Review

_PACKING = 6
_KEPT_OF_A_SLOT = 20  # reviews that nobody approved
_KEPT = timedelta(days=60)


class Reviews:
    """Every issue that an editor was shown."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def keep(self, review: Review) -> Review:
        """Write a review down, and return it; one that is known stays as it is, approved or not."""
        with self._engine.begin() as connection:
            statement = insert(connection, REVIEW).values(_row(review))
            connection.execute(
                statement.on_conflict_do_nothing(index_elements=["edition", "slot", "sha256"])
            )
            _forget(connection, review)
            found = _find(connection, review.slot, review.sha256)
        return found or review

    def get(self, slot: Slot, sha256: str) -> Review | None:
        """Return the review of that hash, or None."""
        with self._reading.begin() as connection:
            return _find(connection, slot, sha256)

    def of(self, slot: Slot) -> tuple[Review, ...]:
        """Return every review of a slot, the newest first."""
        query = select(REVIEW).where(*_slot_is(slot)).order_by(REVIEW.c.made_at.desc())
        with self._reading.begin() as connection:
            return tuple(_review(row, slot) for row in connection.execute(query).mappings())

    def approve(self, review: Review, by: str, now: datetime) -> Review:
        """Write down that somebody approved a review that was kept; who was first stays named."""
        with self._engine.begin() as connection:
            connection.execute(
                REVIEW.update()
                .where(*_slot_is(review.slot), REVIEW.c.sha256 == review.sha256)
                .where(REVIEW.c.approved_at.is_(None))
                .values(approved_at=now, approved_by=by)
            )
            return _find(connection, review.slot, review.sha256) or review


def _slot_is(slot: Slot) -> tuple[Any, ...]:
    return REVIEW.c.edition == slot.edition, REVIEW.c.slot == slot.key


def _find(connection: Connection, slot: Slot, sha256: str) -> Review | None:
    query = select(REVIEW).where(*_slot_is(slot), REVIEW.c.sha256 == sha256)
    row = connection.execute(query).mappings().one_or_none()
    return _review(row, slot) if row else None


def _forget(connection: Connection, review: Review) -> None:
    """Drop what is old, and what was looked at often and approved by nobody."""
    connection.execute(REVIEW.delete().where(REVIEW.c.made_at < review.made_at - _KEPT))
    unapproved = (
        select(REVIEW.c.sha256)
        .where(*_slot_is(review.slot), REVIEW.c.approved_at.is_(None))
        .order_by(REVIEW.c.made_at.desc())
    )
    gone = connection.execute(unapproved.offset(_KEPT_OF_A_SLOT)).scalars().all()
    if gone:
        connection.execute(REVIEW.delete().where(*_slot_is(review.slot), REVIEW.c.sha256.in_(gone)))


def _row(review: Review) -> dict[str, Any]:
    bodies = json.dumps([review.content, review.content_sha256, review.reasons]).encode()
    return {
        "edition": review.slot.edition,
        "slot": review.slot.key,
        "sha256": review.sha256,
        "packed": zlib.compress(bodies, _PACKING),
        "outline": dict(review.outline),
        "inputs": review.inputs,
        "made_at": review.made_at,
        "approved_at": review.approved_at,
        "approved_by": review.approved_by,
    }


def _review(row: RowMapping, slot: Slot) -> Review:
    content, content_sha256, reasons = json.loads(zlib.decompress(row["packed"]))
    return Review(
        slot=slot,
        sha256=row["sha256"],
        content=content,
        content_sha256=content_sha256,
        reasons=reasons,
        outline=row["outline"],
        inputs=row["inputs"],
        made_at=row["made_at"],
        approved_at=row["approved_at"],
        approved_by=row["approved_by"],
    )
