"""Readers as CSV, in the columns an import reads, with what the store knows beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from subscribers.lists.importing import COLUMNS
from subscribers.values import Listed

_HEADER = (*COLUMNS, "edition", "state", "suppressed", "created_at")
# A spreadsheet computes what begins so (CWE-1236); an import takes the mark off again.
_COMPUTED = ("=", "+", "-", "@")


def write_csv(lines: Iterable[Listed], stream: TextIO) -> int:
    """Write a header and one line for each subscription; give how many."""
    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180 section 2
    writer.writerow(_HEADER)
    written = 0
    for line in lines:
        cells = line.as_dict()
        writer.writerow(_text(cells[column]) for column in _HEADER)
        written += 1
    return written


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_COMPUTED) else value
