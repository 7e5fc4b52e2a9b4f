"""A list becomes rows and faults, one line at a time; memory stays flat however long it is.

    file ─opening→ text ─strict_csv, json_lines→ records ─recognising→ fields ─people→ rows

The head of the file is looked at first: what parts its cells, whether there is a header, whose
format it is. Nothing here knows a database of readers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from subscribers.errors import ImportUnreadable
from subscribers.lists.json_lines import json_records, keys_of
from subscribers.lists.met import Met
from subscribers.lists.opening import Lines, looked_through, opened
from subscribers.lists.people import PersonReader, address_in
from subscribers.lists.recognising import Layout, lay_out
from subscribers.lists.strict_csv import LONGEST_CELL, Dialect, Record, records
from subscribers.lists.terms import ListTerms
from subscribers.values import RejectedLine, Row

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_HEADER = 65_536
_LONGEST_OWN_CELL = 100_000  # every act of consent of somebody stands in one cell
_SEPARATOR = "sep="


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list whose head was understood: `layout` says as what, `rows` reads it."""

    path: Path
    terms: ListTerms
    layout: Layout
    dialect: Dialect | None  # None: JSON lines
    skipped: int  # lines before the first that is read: sep=, header
    encoding: str = "utf-8-sig"

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' names, as they stand there."""
        return self.layout.header

    def rows(self) -> Iterator[Row | RejectedLine]:
        """Go through the lines. ImportUnreadable if it turns out not to be text."""
        line = 0
        try:
            with opened(self.path, self.encoding) as text, closing(Met()) as met:
                reader = PersonReader(self.layout, self.terms, marked=self.dialect is not None)
                for each in self._records(Lines(text)):
                    line = each.line
                    yield each if isinstance(each, RejectedLine) else met.first(reader.read(each))
        except UnicodeDecodeError:
            raise _not_text(self.path.name, line) from None

    def _records(self, lines: Lines) -> Iterator[Record | RejectedLine]:
        longest = _LONGEST_OWN_CELL if self.layout.format.ours else LONGEST_CELL
        if self.dialect is None:
            yield from json_records(lines, self.header, longest)
            return
        columns = max(len(self.header), 1)
        for each in records(lines, self.dialect, columns=columns, longest=longest):
            if each.line > self.skipped:
                yield each


def open_list(path: Path, terms: ListTerms) -> ListFile:
    """Look at the head of a list and say what it is.

    ImportUnreadable if it cannot be opened, is not text, has no column of addresses, or can be
    read in more ways than one: each with the way on.
    """
    encoding = looked_through(path, terms.encoding)
    try:
        return replace(_open(path, terms, encoding), encoding=encoding)
    except UnicodeDecodeError:
        raise _not_text(path.name, 0) from None


def _open(path: Path, terms: ListTerms, encoding: str) -> ListFile:
    with opened(path, encoding) as text:
        lines = Lines(text)
        first = text.readline(_LONGEST_HEADER).lstrip("\ufeff")
        if first.lstrip().startswith("{"):
            text.seek(0)
            return _json(path, terms, keys_of(lines, path.name))
        if first.lstrip().startswith("["):
            raise ImportUnreadable(
                "it is one JSON array",
                where=path.name,
                fix="Write one object a line: jq -c '.[]' FILE > FILE.jsonl",
            )
        return _csv(path, terms, first, text)


def _json(path: Path, terms: ListTerms, keys: tuple[str, ...]) -> ListFile:
    layout = lay_out(keys, path.name, named=terms.format, mapped=terms.columns)
    return ListFile(path, _in_edition(layout, terms, path.name), layout, None, 0)


def _csv(path: Path, terms: ListTerms, first: str, text: TextIO) -> ListFile:
    told = first.strip().casefold()
    separator = told.removeprefix(_SEPARATOR) if told.startswith(_SEPARATOR) else None
    if separator is not None and len(separator.strip('"') or "\t") == 1:
        delimiters: tuple[str, ...] = (separator.strip('"') or "\t",)
        head, skipped = text.readline(_LONGEST_HEADER), 1
    else:
        delimiters, head, skipped = _DELIMITERS, first, 0
    delimiter = _delimiter(head, delimiters)
    cells = _cells(head, delimiter)
    if any(address_in(cell) for cell in cells):
        layout = _without_header(cells, path.name, terms)
    else:
        layout = lay_out(
            cells,
            path.name,
            named=terms.format,
            mapped=terms.columns,
            addresses=_addresses(text.readline(_LONGEST_HEADER), delimiter),
        )
        skipped += 1
    dialect = Dialect(delimiter, layout.format.escaped)
    return ListFile(path, _in_edition(layout, terms, path.name), layout, dialect, skipped)


def _addresses(line: str, delimiter: str) -> list[int]:
    """Return the columns of a line that hold an address."""
    cells = _cells(line, delimiter)
    return [place for place, cell in enumerate(cells) if address_in(cell)]


def _delimiter(head: str, delimiters: Sequence[str]) -> str:
    """Return what parts the cells of the first line: it gives the most of them."""
    return max(delimiters, key=lambda one: len(_cells(head, one)))


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _without_header(cells: Sequence[str], where: str, terms: ListTerms) -> Layout:
    """Lay out a list that begins at once: one column of addresses, or every column explained."""
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    named = [str(place + 1) for place in range(len(cells))]
    told = {column for columns in terms.columns.values() for column in columns.split("\n")}
    unexplained = [place for place in filled if named[place] not in told]
    if len(filled) == 1 and not told:
        return lay_out(named, where, mapped={"email": named[filled[0]]})
    if unexplained or "email" not in terms.columns:
        raise ImportUnreadable(
            f"its first line is already somebody, and not what its {len(cells)} columns are",
            where=where,
            fix="Write a first line that names them (email,name,…), or say it by number:"
            " --map email=1 --map name=2 --map ignore=3, for every column that is filled.",
        )
    return lay_out(named, where, mapped=terms.columns)


def _in_edition(layout: Layout, terms: ListTerms, where: str) -> ListTerms:
    if terms.edition or layout.format.ours:
        return terms
    raise ImportUnreadable(
        f"its lines name no edition ({layout.format.title})",
        where=where,
        fix="Say which one they subscribe to: --edition …",
    )


def _not_text(name: str, line: int) -> ImportUnreadable:
    return ImportUnreadable(
        f"after line {line} it is not what it was when it was looked at",
        where=name,
        fix="Import it again, once nobody writes to it.",
    )
