"""JSON lines: one object a line (jsonlines.org). Keys are columns; a line may lack some."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from subscribers.errors import ImportUnreadable
from subscribers.lists.strict_csv import LONGEST_CELL, Record
from subscribers.plain_text import has_control
from subscribers.values import RejectedLine

_MOST_COLUMNS = 1_000


def keys_of(lines: Iterable[str], name: str) -> tuple[str, ...]:
    """Return every key of every line, in the order they are met: what is rare may say who left.

    ImportUnreadable if there are more than a list can have columns.
    """
    found: dict[str, None] = {}
    for line in lines:
        try:
            value = json.loads(line) if line.strip() else {}
        except ValueError:
            continue
        if isinstance(value, dict):
            found |= dict.fromkeys(value)
        if len(found) > _MOST_COLUMNS:
            raise ImportUnreadable(
                f"its lines have more than {_MOST_COLUMNS:,} different keys",
                where=name,
                fix="Write one object a line, the same keys in each.",
            )
    return tuple(found)


def json_records(
    lines: Iterable[str], columns: tuple[str, ...], longest: int = LONGEST_CELL
) -> Iterator[Record | RejectedLine]:
    """Read a record a line, its cells in the order of `columns`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield RejectedLine(number, f"it is not JSON ({error})"[:120], (line.strip()[:longest],))
            continue
        if not isinstance(value, dict):
            yield RejectedLine(number, "it is no JSON object", (line.strip()[:longest],))
            continue
        yield _record(number, value, columns, longest)


def _record(
    number: int, value: dict[str, object], columns: tuple[str, ...], longest: int
) -> Record | RejectedLine:
    cells = [_cell(value.get(column)) for column in columns]
    if any(len(cell) > longest for cell in cells):
        what = f"a value has more than {longest:,} characters"
        return RejectedLine(number, what, tuple(cell[:longest] for cell in cells))
    if any(map(has_control, cells)):
        return RejectedLine(number, "it holds a control character", tuple(cells))
    return Record(number, cells)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "|".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
