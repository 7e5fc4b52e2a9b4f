"""A file of readers is opened: what it is not is said, and how its letters are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from subscribers.errors import ImportUnreadable

_UTF16 = {b"\xff\xfe", b"\xfe\xff"}
_SAMPLE = 4096
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
def opened(path: Path) -> Iterator[TextIO]:
    """Open a list as text, UTF-8 or UTF-16 with a mark. ImportUnreadable says what it is instead.

    The file is read as it stands: line ends are kept, bytes that are no text raise
    UnicodeDecodeError where they are met.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise ImportUnreadable(
            error.strerror or "it cannot be read", where=str(path), fix="Check the file's name."
        ) from error
    with file:
        encoding = _encoding(file, path.name)
        with TextIOWrapper(file, encoding=encoding, newline="") as text:
            yield text


def _encoding(file: BinaryIO, name: str) -> str:
    try:
        head = file.read(_SAMPLE)
    except OSError as error:  # a folder, or a disk that fails
        raise ImportUnreadable(
            error.strerror or "it cannot be read", where=name, fix="Check the file's name."
        ) from error
    file.seek(0)
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
    return "utf-16" if head[:2] in _UTF16 else "utf-8-sig"
