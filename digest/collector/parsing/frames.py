"""The protocol between this process and its parsers: a length of eight bytes, then MessagePack.

A frame holds plain values only, and each end reads them as the one type that it expects. A document
that takes a parser over can make it send a wrong value, but nothing that runs.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Literal

import msgspec

from digest.collector.parsing.document import ParsedDocument, ParseRequest
from digest.errors import SourceError, SourceUnreadable, SourceUnsafe

READY = b""
LARGEST_ANSWER = 64_000_000  # bytes; twenty times what the usual limits leave of a document
_LENGTH = struct.Struct(">Q")
_NO_ANSWER = "the parser gave no answer that can be read"


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """The reason that a document gave nothing."""

    kind: Literal["unreadable", "unsafe"]
    what: str
    where: str
    fix: str


@dataclass(frozen=True, slots=True)
class ParserAnswer:
    """Either the document or the failure; the other is None."""

    document: ParsedDocument | None = None
    failure: ParseFailure | None = None


_REQUESTS = msgspec.msgpack.Decoder(ParseRequest)
_ANSWERS = msgspec.msgpack.Decoder(ParserAnswer)


def framed(data: bytes) -> bytes:
    """Return the frame that holds `data`."""
    return _LENGTH.pack(len(data)) + data


def take(file: BufferedIOBase) -> bytes:
    """Read one frame, waiting for it; raises EOFError where the other end is gone."""
    head = file.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return file.read(_LENGTH.unpack(head)[0])


async def receive(reader: asyncio.StreamReader) -> bytes:
    """Read one frame; raises asyncio.IncompleteReadError where the other end is gone.

    Raises SourceUnreadable for a frame longer than LARGEST_ANSWER, before it is read.
    """
    length = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))[0]
    if length > LARGEST_ANSWER:
        raise SourceUnreadable(
            f"its parser's answer is larger than {LARGEST_ANSWER:,} bytes",
            fix="Lower max_items under [collector], or report this",
        )
    return await reader.readexactly(length)


def packed_request(request: ParseRequest) -> bytes:
    """Return the bytes of a request."""
    return msgspec.msgpack.encode(request)


def read_request(data: bytes) -> ParseRequest:
    """Return the request in `data`; raises msgspec.MsgspecError for anything else."""
    return _REQUESTS.decode(data)


def packed_answer(answer: ParsedDocument | SourceError) -> bytes:
    """Return the bytes of an answer; raises UnicodeEncodeError for text that has none."""
    if isinstance(answer, ParsedDocument):
        return msgspec.msgpack.encode(ParserAnswer(document=answer))
    kind: Literal["unreadable", "unsafe"] = (
        "unsafe" if isinstance(answer, SourceUnsafe) else "unreadable"
    )
    failure = ParseFailure(kind, _writable(answer.what), answer.where, _writable(answer.fix))
    return msgspec.msgpack.encode(ParserAnswer(failure=failure))


def read_answer(data: bytes) -> ParsedDocument | SourceError:
    """Return the document in `data`, or its failure as SourceUnreadable or SourceUnsafe.

    Raises SourceUnreadable for anything that is no answer.
    """
    try:
        answer = _ANSWERS.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SourceUnreadable(f"{_NO_ANSWER} ({error})"[:200], fix="Report this") from error
    if failure := answer.failure:
        kind = SourceUnsafe if failure.kind == "unsafe" else SourceUnreadable
        return kind(failure.what, where=failure.where, fix=failure.fix)
    if answer.document is None:
        raise SourceUnreadable(_NO_ANSWER, fix="Report this")
    return answer.document


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
