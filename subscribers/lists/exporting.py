"""Readers as CSV or JSON lines: everything that an import of ours reads back, and nothing lost.

First each subscription, then the addresses that are suppressed without one; those of erased people
are marks (pseudonyms.py). Cells are safe in spreadsheets.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TextIO

from subscribers.lists.consent_cells import written
from subscribers.lists.formats.own import COLUMNS
from subscribers.lists.spreadsheets import safe, safe_address
from subscribers.plain_text import plain
from subscribers.values import LONGEST_NAME, Listed, SuppressionRecord


def cells_of(line: Listed | SuppressionRecord) -> dict[str, str]:
    """Return one line as texts, by column, as they are; columns that have nothing lack."""
    if isinstance(line, SuppressionRecord):
        return {
            "email": line.key,
            "suppressed": str(line.reason),
            "suppressed_at": _when(line.created_at),
            "suppressed_detail": plain(line.detail, LONGEST_NAME),
        }
    return {
        "email": line.email,
        "name": plain(line.name, LONGEST_NAME),
        "sections": line.sections,
        "locale": line.locale,
        "edition": line.edition,
        "state": str(line.state),
        "suppressed": line.suppressed,
        "created_at": _when(line.created_at),
        "id": line.public_id,
        "confirmed_at": _when(line.confirmed_at),
        "unsubscribed_at": _when(line.unsubscribed_at),
        "paused_until": _when(line.paused_until),
        "suppressed_at": _when(line.suppressed_at),
        "suppressed_detail": plain(line.suppressed_detail, LONGEST_NAME),
        "consent": written(line.consent),
    }


def write_csv(lines: Iterable[Listed | SuppressionRecord], stream: TextIO) -> int:
    """Write a header and the lines; return how many."""
    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180 section 2
    writer.writerow(COLUMNS)
    written_lines = 0
    for row in _safe_rows(lines):
        writer.writerow(row)
        written_lines += 1
    return written_lines


def write_json_lines(lines: Iterable[Listed | SuppressionRecord], stream: TextIO) -> int:
    """Write one JSON object a line, with every column; return how many."""
    written_lines = 0
    for line in lines:
        cells = cells_of(line)
        row = {column: cells.get(column, "") for column in COLUMNS}
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        written_lines += 1
    return written_lines


def _safe_rows(lines: Iterable[Listed | SuppressionRecord]) -> Iterator[list[str]]:
    for line in lines:
        cells = cells_of(line)
        email = safe_address(cells.pop("email"))
        yield [email, *(safe(cells.get(column, "")) for column in COLUMNS[1:])]


def _when(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
