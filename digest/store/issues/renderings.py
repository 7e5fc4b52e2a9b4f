"""Each variant as it was rendered when the issue was planned, and why the issue is as it is.

A run that goes on after a kill, on another machine or after an upgrade sends the same bytes, and
"view in browser" shows what was sent. HTML and text are packed together: variants of one issue
repeat the same markup, and a newsroom keeps years of them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, select

from digest.models.compositions import Rendered
from digest.store.database.batch import insert
from digest.store.database.tables import ISSUE_REASONS, RENDERING
from digest.store.values import StoredVariant

_PACKING = 6


def keep(connection: Connection, issue_id: int, rendered: Mapping[str, Rendered]) -> None:
    """Write every variant of an issue that has just been made."""
    if rendered:
        connection.execute(
            RENDERING.insert(), [_row(issue_id, variant) for variant in rendered.values()]
        )


def all_of(connection: Connection, issue_id: int) -> dict[str, Rendered]:
    """Return every variant of an issue by its name."""
    query = select(RENDERING).where(RENDERING.c.issue_id == issue_id)
    rows = connection.execute(query.order_by(RENDERING.c.variant)).mappings()
    return {row["variant"]: _value(row) for row in rows}


def names_of(connection: Connection, issue_id: int) -> tuple[StoredVariant, ...]:
    """Return the names and subjects of an issue's variants, without unpacking a page."""
    columns = (RENDERING.c.variant, RENDERING.c.language, RENDERING.c.subject)
    query = select(*columns).where(RENDERING.c.issue_id == issue_id)
    rows = connection.execute(query.order_by(RENDERING.c.variant))
    return tuple(StoredVariant(*row) for row in rows)


def one_of(connection: Connection, issue_id: int, variant: str) -> Rendered | None:
    """Return one variant of an issue, or None."""
    query = select(RENDERING).where(
        RENDERING.c.issue_id == issue_id, RENDERING.c.variant == variant
    )
    row = connection.execute(query).mappings().one_or_none()
    return _value(row) if row else None


def keep_reasons(connection: Connection, issue_id: int, reasons: str) -> None:
    """Write why an issue is as it is; one that has its reasons keeps them."""
    if reasons:
        packed = zlib.compress(reasons.encode(), _PACKING)
        connection.execute(
            insert(connection, ISSUE_REASONS)
            .values(issue_id=issue_id, packed=packed)
            .on_conflict_do_nothing(index_elements=["issue_id"])
        )


def reasons_of(connection: Connection, issue_id: int) -> str:
    """Return why an issue is as it is, or an empty text."""
    query = select(ISSUE_REASONS.c.packed).where(ISSUE_REASONS.c.issue_id == issue_id)
    packed = connection.execute(query).scalar_one_or_none()
    return zlib.decompress(packed).decode() if packed else ""


def _row(issue_id: int, rendered: Rendered) -> dict[str, Any]:
    bodies = msgspec.json.encode((rendered.html, rendered.text))
    return {
        "issue_id": issue_id,
        "variant": rendered.variant,
        "language": rendered.language,
        "subject": rendered.subject,
        "holes": rendered.holes,
        "bodies": zlib.compress(bodies, _PACKING),
    }


def _value(row: RowMapping) -> Rendered:
    html, text = json.loads(zlib.decompress(row["bodies"]))
    return Rendered(
        variant=row["variant"],
        language=row["language"],
        subject=row["subject"],
        html=html,
        text=text,
        holes=dict(row["holes"]),
    )
