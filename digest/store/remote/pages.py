"""A database as pages: the whole of it, or those that changed since an earlier one.

A window of a send changes a few pages of a database of thousands, so a push carries these alone.
A change is `the new size · how many pages · their numbers · the pages`, numbers of 4 bytes each.
"""

from __future__ import annotations

import struct

PAGE = 4096  # SQLite's own page size; a file of another size works as well
_HEAD = struct.Struct(">QI")
_NUMBER = 4


def change_between(before: bytes, after: bytes) -> bytes:
    """Return what turns `before` into `after`; b"" if they are the same."""
    if before == after:
        return b""
    old, new = memoryview(before), memoryview(after)
    numbers = [
        number
        for number in range(-(-len(after) // PAGE))
        if old[number * PAGE : (number + 1) * PAGE] != new[number * PAGE : (number + 1) * PAGE]
    ]
    pages = b"".join(new[number * PAGE : (number + 1) * PAGE] for number in numbers)
    index = struct.pack(f">{len(numbers)}I", *numbers)
    return _HEAD.pack(len(after), len(numbers)) + index + pages


def applied(before: bytes, change: bytes) -> bytes:
    """Return `before` with a change. ValueError if the change is not whole."""
    try:
        size, count = _HEAD.unpack_from(change)
        numbers = struct.unpack_from(f">{count}I", change, _HEAD.size)
    except struct.error as error:
        raise ValueError("a change that is not whole") from error
    found = bytearray(before[:size].ljust(size, b"\0"))
    place = _HEAD.size + count * _NUMBER
    for number in numbers:
        length = min(PAGE, size - number * PAGE)
        page = change[place : place + length]
        if length <= 0 or len(page) != length:
            raise ValueError("a change that is not whole")
        found[number * PAGE : number * PAGE + length] = page
        place += length
    return bytes(found)
