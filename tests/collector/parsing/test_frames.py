"""What goes to a parser and comes back is data: a wrong value is an error, and nothing runs."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.articles.clean import Origin
from digest.collector.http.document import Document
from digest.collector.parsing.document import ParsedDocument, ParseRequest
from digest.collector.parsing.frames import (
    LARGEST_ANSWER,
    packed_answer,
    packed_request,
    read_answer,
    read_request,
)
from digest.collector.parsing.pool import Parsers
from digest.collector.parsing.process import answer
from digest.errors import SourceError, SourceUnreadable, SourceUnsafe
from digest.models.articles import Article, Picture
from digest.models.limits import Limits, ParseLimits

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ORIGIN = Origin("a", "https://news.example/feed", NOW)
ARTICLE = Article(
    "1", "a", "https://news.example/1", "Ferry \u26f4", published=NOW,
    picture=Picture("https://news.example/1.jpg", 640), tags=("sea",), popularity=0.5,
)  # fmt: skip
# A parser that was taken over: it gets ready, reads one request, and answers as it likes.
_TAKEN_OVER = """
import os, socket, struct, sys
channel = socket.socket(fileno=int(sys.argv[1]))
channel.sendall(struct.pack(">Q", 0))
channel.recv(8)
channel.sendall(bytes.fromhex("{answer}"))
channel.recv(1 << 20)
"""


class Payload:
    """Pickled, it would write a file where it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.write_text, (self._path, "ran")


def request(body: bytes = b"", limits: ParseLimits | None = None) -> ParseRequest:
    return ParseRequest("auto", Document(ORIGIN.base, body), ORIGIN, limits or ParseLimits())


def test_documents_and_requests_come_back_as_they_were() -> None:
    """Moments, pictures, bytes and limits."""
    document = ParsedDocument("feed", (ARTICLE,), 1, ("https://news.example/2",), ("cut",))
    assert read_answer(packed_answer(document)) == document
    asked = request(b"\x00\xff<rss>", ParseLimits(max_items=7))
    assert read_request(packed_request(asked)) == asked


@pytest.mark.parametrize("kind", [SourceUnreadable, SourceUnsafe])
def test_failures_come_back_with_all_their_parts(kind: type[SourceError]) -> None:
    """Kind, what, where and what to do."""
    found = read_answer(packed_answer(kind("too deep \udc00", where="here", fix="Mend it")))
    assert type(found) is kind
    assert (found.what, found.where, found.fix) == ("too deep ?", "here", "Mend it")


def test_a_request_holds_no_secret() -> None:
    """A parser is told what bounds reading, not how sites are reached."""
    limits = Limits(proxy="http://ada:secret@proxy.example", contact="desk@news.example")
    sent = packed_request(request(limits=ParseLimits.within(limits)))
    assert b"secret" not in sent
    assert b"desk@" not in sent


@pytest.mark.parametrize(
    "wrong",
    [
        {"document": None, "failure": None},
        {"document": {"kind": "feed", "articles": [{"id": 1}], "items": 1}},
        {"document": {"kind": "feed", "articles": "none", "items": 0}},
        {"failure": {"kind": "SystemExit", "what": "", "where": "", "fix": ""}},
        ["os.system", "true"],
        7,
    ],
)
def test_a_wrong_value_is_an_error(wrong: object) -> None:
    """Each is of no type that is expected."""
    with pytest.raises(SourceUnreadable, match="no answer that can be read"):
        read_answer(msgspec.msgpack.encode(wrong))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_an_error(data: bytes) -> None:
    """In both directions; a request that cannot be read has an answer that says so."""
    with contextlib.suppress(SourceUnreadable):
        read_answer(data)
    assert isinstance(read_answer(answer(data)), SourceUnreadable)


def test_nesting_without_end_is_an_error() -> None:
    """A list in a list in a list, in the place of a value that nobody asked for."""
    with pytest.raises(SourceUnreadable):
        read_answer(b"\x81\xa1x" + b"\x91" * 1_000_000)


@pytest.mark.parametrize("directly", [True, False], ids=["alone", "in a frame"])
def test_a_pickle_never_runs(tmp_path: Path, *, directly: bool) -> None:
    """What used to be loaded is bytes like others: an error, and that parser is gone."""
    mark = tmp_path / "ran"
    pickled = pickle.dumps(Payload(mark))
    pickle.loads(pickled)  # noqa: S301 - so that the payload is known to work
    assert mark.exists()
    mark.unlink()
    error, left = asyncio.run(answered(pickled if directly else framed(pickled)))
    assert isinstance(error, SourceUnreadable)
    assert not mark.exists()
    assert left == 0


def test_an_answer_without_end_is_refused_at_once() -> None:
    """By the length that it claims, so that the parent's memory is not the parser's to fill."""
    error, left = asyncio.run(answered(struct.pack(">Q", LARGEST_ANSWER + 1) + b"x" * 1_000))
    assert "larger than 64,000,000 bytes" in str(error)
    assert left == 0


def framed(data: bytes) -> bytes:
    return struct.pack(">Q", len(data)) + data


async def answered(said: bytes) -> tuple[SourceError, int]:
    """Ask a parser that was taken over; return the error, and how many parsers are left."""
    program = (sys.executable, "-c", _TAKEN_OVER.format(answer=said.hex()))
    async with Parsers(1, 20.0, program=program) as parsers:
        with pytest.raises(SourceError) as caught:
            await parsers.read(request())
        return caught.value, len(parsers.processes())
