"""A CSV file becomes rows and faults, one line at a time; memory stays flat however long it is.

Read by header: `email` is needed; `name`, `sections`, `locale` and `timezone` are read where they
stand. Columns may be parted by comma, semicolon or tab; a byte order mark and any line ends are
taken as they come. Nothing here knows a database of readers.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from subscribers.address import normalise
from subscribers.errors import AddressInvalid, ImportUnreadable
from subscribers.plain_text import plain
from subscribers.sections import canonical
from subscribers.values import LONGEST_NAME, Fault, Row

COLUMNS = ("email", "name", "sections", "locale", "timezone")

_DELIMITERS = (",", ";", "\t")
_PARTED = re.compile(r"[,;|\s]+")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_LONGEST_HEADER = 65_536
_SHOWN = 80


def read_csv(path: Path, sections: Collection[str]) -> Iterator[Row | Fault]:
    """Read readers from a file; `sections` are the ids that may be chosen.

    ImportUnreadable if the file cannot be opened, is not UTF-8, or has no `email` column. A line
    that is wrong comes out as a Fault, and reading goes on.
    """
    try:
        with path.open("rb") as file:
            yield from _rows(file, path.name, sections)
    except OSError as error:
        raise ImportUnreadable(
            error.strerror or "it cannot be read", where=str(path), fix="Check the file's name."
        ) from error


def _rows(file: BinaryIO, name: str, sections: Collection[str]) -> Iterator[Row | Fault]:
    line = 0
    try:
        with (
            TextIOWrapper(file, encoding=_encoding(file), newline="") as text,
            closing(_Met()) as met,
        ):
            delimiter = _delimiter(text, name)
            reader = csv.reader(text, delimiter=delimiter)
            columns = _columns(next(reader), name)
            start = reader.line_num
            for cells in reader:
                line, start = start + 1, reader.line_num
                # A spreadsheet writes rows that are empty as delimiters only.
                if any(cells):
                    yield _read(line, _named(cells, columns), sections, met)
    except UnicodeDecodeError:
        raise ImportUnreadable(
            f"after line {line} it is not UTF-8",
            where=name,
            fix='Save it as "CSV UTF-8" and import it again.',
        ) from None
    except csv.Error as error:
        raise ImportUnreadable(
            f"after line {line} it is not CSV ({error})",
            where=name,
            fix='Look for a quotation mark (") that is opened and never closed.',
        ) from None


def _encoding(file: BinaryIO) -> str:
    mark = file.read(2)
    file.seek(0)
    return "utf-16" if mark in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"


def _delimiter(text: TextIOWrapper, name: str) -> str:
    header = text.readline(_LONGEST_HEADER)
    text.seek(0)
    for delimiter in _DELIMITERS:
        if "email" in _header(next(csv.reader([header], delimiter=delimiter), [])):
            return delimiter
    shown = header.strip()[:_SHOWN]
    raise ImportUnreadable(
        f'its first line is "{shown}", and no column there is called email'
        if shown
        else "its first line is empty",
        where=name,
        fix=f"Begin it with the line: {','.join(COLUMNS)} (email is needed, the others may lack).",
    )


def _header(names: Sequence[str]) -> list[str]:
    return [name.strip().casefold() for name in names]


def _columns(names: Sequence[str], where: str) -> Mapping[str, int]:
    """Say at which place of a line each of our columns stands."""
    columns: dict[str, int] = {}
    for place, name in enumerate(_header(names)):
        if name in columns:
            raise ImportUnreadable(
                f"it has two columns called {name}", where=where, fix="Take one of them out."
            )
        if name in COLUMNS:
            columns[name] = place
    return columns


def _named(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {
        name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()
    }


def _read(line: int, cells: Mapping[str, str], sections: Collection[str], met: _Met) -> Row | Fault:
    try:
        address = normalise(cells["email"])
    except AddressInvalid as error:
        return Fault(line, str(error))
    fault = (
        _wrong_sections(cells.get("sections", ""), sections)
        or wrong_locale(cells.get("locale", ""))
        or wrong_timezone(cells.get("timezone", ""))
    )
    if fault:
        return Fault(line, fault)
    if before := met.before(address.key, line):
        return Fault(line, f"{address.addr_spec} stands on line {before} already")
    return Row(
        line=line,
        address=address,
        name=_plain_name(cells.get("name", "")),
        sections=canonical(_chosen(cells.get("sections", ""))),
        locale=cells.get("locale", ""),
        timezone=cells.get("timezone", ""),
    )


def _plain_name(text: str) -> str:
    # A mark that an export put before =, +, - or @, so that no spreadsheet computes a name.
    unmarked = text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
    return plain(unmarked, LONGEST_NAME)


def _chosen(text: str) -> list[str]:
    return [part.casefold() for part in _PARTED.split(text) if part]


def _wrong_sections(text: str, known: Collection[str]) -> str:
    unknown = [part for part in _chosen(text) if part not in known]
    if not unknown:
        return ""
    return f'no section is called "{unknown[0][:_SHOWN]}" (there are: {", ".join(sorted(known))})'


def wrong_locale(text: str) -> str:
    """Say what is wrong with a locale, or nothing."""
    if not text or _LOCALE.fullmatch(text):
        return ""
    return f'"{text[:_SHOWN]}" is not a locale (write it as in en-GB)'


def wrong_timezone(text: str) -> str:
    """Say what is wrong with a time zone, or nothing."""
    if not text or _is_timezone(text):
        return ""
    return f'"{text[:_SHOWN]}" is not a time zone (write it as in Europe/London)'


@lru_cache(maxsize=1024)
def _is_timezone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


class _Met:
    """Which addresses stood on which earlier line: on disk, so that a long list needs no memory."""

    def __init__(self) -> None:
        # An empty name is a private database that SQLite removes by itself.
        self._lines = sqlite3.connect("", isolation_level=None)
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute("PRAGMA synchronous = OFF")
        self._lines.execute("CREATE TABLE met (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._lines.execute("BEGIN")

    def before(self, key: str, line: int) -> int | None:
        """Return the earlier line with this address, or None and remember this one."""
        added = self._lines.execute("INSERT OR IGNORE INTO met VALUES (?, ?)", (key, line))
        if added.rowcount:
            return None
        found = self._lines.execute("SELECT line FROM met WHERE key = ?", (key,)).fetchone()
        return int(found[0])

    def close(self) -> None:
        self._lines.close()
