"""The protocol between this process and its parsers: a length of eight bytes, then a pickled value.

Both ends are Digest itself over a socket pair that nobody else holds: pickle is safe here, and
the bytes of strangers travel inside it as bytes.
"""

from __future__ import annotations

import asyncio
import pickle
import struct
from io import BufferedIOBase

_LENGTH = struct.Struct(">Q")


def packed(value: object) -> bytes:
    """Write a value as one frame."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def take(file: BufferedIOBase) -> object:
    """Read one frame, waiting for it; raises EOFError where the other end is gone."""
    head = file.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return pickle.loads(file.read(_LENGTH.unpack(head)[0]))  # noqa: S301 - see above


async def receive(reader: asyncio.StreamReader) -> object:
    """Read one frame; raises asyncio.IncompleteReadError where the other end is gone."""
    head = await reader.readexactly(_LENGTH.size)
    data = await reader.readexactly(_LENGTH.unpack(head)[0])
    return pickle.loads(data)  # noqa: S301 - see above
