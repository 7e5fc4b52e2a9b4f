"""CSV (RFC 4180), read strictly: nobody vanishes inside a quotation mark that never closes.

A record that cannot be right comes out as a fault of its first line, and reading goes on with its
second: an open quotation mark costs the line it stands on, and no other. A cell may hold line
breaks, as in a note; but one whose further lines hold an address has swallowed somebody.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from subscribers.plain_text import has_control
from subscribers.values import RejectedLine

LONGEST_CELL = 1_000
_OPEN = 'a quotation mark (") is opened and not closed'


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""How cells are parted; `escaped` files write a quotation mark inside one as \"."""

    delimiter: str = ","
    escaped: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one line; `line` is where it begins, 1 is the file's first."""

    line: int
    cells: list[str]


class _TooLongError(Exception):
    """A record goes on and on: its quotation mark was never closed."""


@dataclass(slots=True)
class _Feed:
    """Hands lines to the CSV reader, and can take back all but the first of a record."""

    lines: Iterator[str]
    longest: int
    number: int = 0
    taken: list[str] = field(default_factory=list)
    back: deque[str] = field(default_factory=deque)
    size: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.size > self.longest:
            raise _TooLongError
        line = self.back.popleft() if self.back else next(self.lines)
        self.taken.append(line)
        self.size += len(line)
        return line

    def begin(self) -> int:
        """Begin a record; return the number of its first line."""
        self.number += len(self.taken)
        self.taken.clear()
        self.size = 0
        return self.number + 1

    def rewind(self) -> None:
        """Keep the record's first line only, and give the others again."""
        self.back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def records(
    lines: Iterable[str], dialect: Dialect, *, columns: int = 64, longest: int = LONGEST_CELL
) -> Iterator[Record | RejectedLine]:
    """Read records; a line that is not CSV is a RejectedLine with its number, as is one too long.

    Memory is bounded by `columns` times `longest` letters.
    """
    feed = _Feed(iter(lines), longest=columns * longest)
    reader = _reader(feed, dialect)
    while True:
        start = feed.begin()
        try:
            cells = next(reader)
            wrong = _wrong(cells, feed, longest)
        except StopIteration:
            return
        except _TooLongError:
            wrong, cells = _OPEN, []
        except csv.Error as error:
            wrong, cells = _said(error), []
        if not wrong:
            if any(cells):  # a spreadsheet writes rows that are empty as delimiters only
                yield Record(start, cells)
            continue
        raw = feed.taken[0].strip("\r\n")[:longest] if feed.taken else ""
        feed.rewind()
        reader = _reader(feed, dialect)
        yield RejectedLine(start, wrong, tuple(cells) or (raw,))


def _reader(feed: _Feed, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        feed,
        delimiter=dialect.delimiter,
        doublequote=not dialect.escaped,
        escapechar="\\" if dialect.escaped else None,
        strict=True,
    )


def _wrong(cells: list[str], feed: _Feed, longest: int) -> str:
    if len(feed.taken) > 1 and any("@" in line for line in feed.taken[1:]):
        last = feed.number + len(feed.taken)
        return f"{_OPEN} before line {last}: addresses would be lost in it"
    for line in feed.taken:
        if has_control(line):
            return "it holds a control character"
    if feed.size > longest and any(len(cell) > longest for cell in cells):
        return f"a cell has more than {longest:,} characters"
    return ""


def _said(error: csv.Error) -> str:
    words = str(error)
    if "end of data" in words or "field larger" in words:
        return _OPEN
    if "expected after" in words:
        return 'after a closing quotation mark (") something stands before the next column'
    return f"it is not CSV ({words})"
