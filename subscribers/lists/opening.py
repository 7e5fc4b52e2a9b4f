"""A file of readers is opened: what it is not is said, and how its letters are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from subscribers.errors import ImportUnreadable
from subscribers.lists.encodings import encoding_of

_SAMPLE = 4
LONGEST_LINE = 1_000_000  # letters; a line of a list has a few hundred


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text one by one, none longer than LONGEST_LINE, with their count."""

    text: TextIO

    def __iter__(self) -> Iterator[str]:
        """Go through the lines, each with its end; one that is too long comes cut."""
        while line := self.text.readline(LONGEST_LINE):
            yield line


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a list as text. The file is read as it stands: line ends are kept.

    Bytes that are no text, of a file that changed since, raise UnicodeDecodeError.
    """
    with _bytes(path) as file, TextIOWrapper(file, encoding=encoding, newline="") as text:
        yield text


def looked_through(path: Path, told: str = "") -> str:
    """Return a list's encoding; `told` is what its owner says. ImportUnreadable: it is no list."""
    with _bytes(path) as file:
        try:
            _refuse_others(file.read(_SAMPLE), path.name)
            return encoding_of(file, path.name, told)
        except OSError as error:  # a folder, or a disk that fails
            raise _unreadable(error, path.name) from error


def _bytes(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(error, str(path)) from error


def _unreadable(error: OSError, where: str) -> ImportUnreadable:
    said = error.strerror or "it cannot be read"
    return ImportUnreadable(said, where=where, fix="Check the file's name.")


def _refuse_others(head: bytes, name: str) -> None:
    if head.startswith(b"PK\x03\x04"):
        raise ImportUnreadable(
            "it is a ZIP archive or a spreadsheet",
            where=name,
            fix='Unpack it and import each CSV in it; or save the spreadsheet as "CSV UTF-8".',
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportUnreadable(
            "it is an old Excel file", where=name, fix='Save it as "CSV UTF-8" and import that.'
        )
