"""How the letters of a file are written. UTF-8 is proved, never assumed; a guess is told.

Excel saves "CSV" as Windows-1252 in Western Europe and as other code pages elsewhere, and nothing
in the file says so. Windows-1252 is taken where every byte beyond ASCII is a letter or a mark that
its languages have, no more than two in a row: Cyrillic, Greek or Japanese in another code page has
long runs of them. Everything else is asked about.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from subscribers.errors import ImportUnreadable

WESTERN = "cp1252"
_CHUNK = 1 << 20
_UTF16 = {b"\xff\xfe", b"\xfe\xff"}
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# Quotation marks, dashes, the euro, a no-break space, ordinals, and letters.
_MARKS = "€‚„…‘’“”•–—™«»·°ªº§®©´¡¿\xa0"  # noqa: RUF001 - marks that look like others, on purpose
_LETTERS = "ŠŒŽšœžŸ" + "".join(
    map(chr, [*range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x100)])
)
_ALLOWED = frozenset((_MARKS + _LETTERS).encode(WESTERN))
_RUN = re.compile(rb"[\x80-\xff]+")
_MOST_IN_A_ROW = 2
_WITHOUT_MARK = {"utf-16-le": rb"(?:[\x01-\x7f]\x00){8}", "utf-16-be": rb"(?:\x00[\x01-\x7f]){8}"}


def encoding_of(file: BinaryIO, name: str, told: str = "") -> str:
    """Return the encoding of a file, which is at its beginning again afterwards.

    `told` is what its owner says. ImportUnreadable for an encoding that is none, for a file that
    is not written in it, and for one whose encoding cannot be known.
    """
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if told:
        return _told(file, name, told)
    if head.startswith(_UTF32):
        return "utf-32"
    if head[:2] in _UTF16:
        return "utf-16"
    for encoding, pattern in _WITHOUT_MARK.items():
        if re.match(pattern, head):
            return encoding
    if _fault(file, "utf-8") is None:
        return "utf-8-sig"
    if _is_western(file):
        return WESTERN
    line = _fault(file, "utf-8") or 1
    raise ImportUnreadable(
        f"on line {line} it is not UTF-8, and its encoding cannot be known",
        where=name,
        fix='Say it, as in --encoding windows-1252 (shift_jis, windows-1251 …), or save it as "CSV'
        ' UTF-8".',
    )


def _told(file: BinaryIO, name: str, told: str) -> str:
    try:
        encoding = codecs.lookup(told.strip()).name
        "".encode(encoding)
    except (LookupError, ValueError):
        raise ImportUnreadable(
            f'no encoding is called "{told[:40]}"',
            where=name,
            fix="Well known are utf-8, utf-16, windows-1252, windows-1251, shift_jis and gb18030.",
        ) from None
    line = _fault(file, encoding)
    if line is not None:
        raise ImportUnreadable(
            f"on line {line} it is not {told}", where=name, fix="Say another --encoding, or none."
        )
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _fault(file: BinaryIO, encoding: str) -> int | None:
    """Return the line on which the file is not in this encoding, or None."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    for chunk in _chunks(file):
        try:
            lines += decoder.decode(chunk, final=not chunk).count("\n")
        except UnicodeDecodeError as error:
            return lines + chunk[: error.start].count(b"\n")
    return None


def _is_western(file: BinaryIO) -> bool:
    carried = b""
    for chunk in _chunks(file):
        runs = _RUN.findall(carried + chunk)
        if any(len(run) > _MOST_IN_A_ROW or not _ALLOWED.issuperset(run) for run in runs):
            return False
        carried = chunk[-_MOST_IN_A_ROW:]
    return True


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Go through the file from its beginning, then give b"", and leave it at its beginning."""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk
    file.seek(0)
    yield b""
