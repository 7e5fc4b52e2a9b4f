"""Bodies unpack within bounds."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.http.body import ACCEPT_ENCODING, UnpackedBody
from digest.errors import SourceError, SourceUnreadable, SourceUnsafe


def read(packed: bytes, encoding: str, max_bytes: int = 10_000, step: int = 7) -> bytes:
    body = UnpackedBody(encoding, max_bytes)
    for start in range(0, len(packed), step):
        body.add(packed[start : start + step])
    return body.finish()


def gzipped(data: bytes) -> bytes:
    """Pack without the clock's time: parametrised tests are named by their bytes."""
    return gzip.compress(data, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", b"words " * 50),
        ("identity", b"words " * 50),
        ("gzip", gzipped(b"words " * 50)),
        ("X-GZIP ", gzipped(b"words " * 50)),
        ("gzip", gzipped(b"words " * 20) + gzipped(b"words " * 30)),
        ("gzip", gzipped(b"words " * 50) + b"\0\0\0\0"),
        ("deflate", zlib.compress(b"words " * 50)),
        ("deflate", raw_deflate(b"words " * 50)),
    ],
)
def test_unpacks(encoding: str, packed: bytes) -> None:
    """Every encoding that is asked for unpacks, whatever the chunks, members and padding."""
    assert read(packed, encoding) == b"words " * 50


@pytest.mark.parametrize(
    ("encoding", "packing"),
    [
        ("gzip", lambda: gzipped(bytes(50_000_000))),
        ("x-gzip", lambda: gzipped(bytes(50_000_000))),
        ("gzip", lambda: gzipped(bytes(9_999)) * 2),
        ("gzip", lambda: gzipped(b"") * 2_000),
        ("deflate", lambda: zlib.compress(bytes(50_000_000))),
        ("deflate", lambda: raw_deflate(bytes(50_000_000))),
    ],
    ids=["gzip", "x-gzip", "two members", "empty members", "zlib", "raw deflate"],
)
def test_a_bomb_is_refused_within_its_limit(encoding: str, packing: Callable[[], bytes]) -> None:
    """What unpacks to more than allowed is refused once the limit is passed, not after."""
    packed = packing()
    tracemalloc.start()
    with pytest.raises(SourceUnsafe, match="larger than 10,000 bytes"):
        read(packed, encoding, step=65536)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize("encoding", ["br", "BR", "zstd", "compress"])
def test_a_bomb_of_another_packing_is_not_unpacked_at_all(encoding: str) -> None:
    """Brotli packs a gigabyte into a kilobyte: it is not offered, so not one byte is taken."""
    assert encoding.lower() not in ACCEPT_ENCODING
    with pytest.raises(SourceUnreadable, match="not asked for"):
        UnpackedBody(encoding, 10_000)


def test_exactly_the_limit_is_allowed() -> None:
    """The limit itself is still fine, on the wire and unpacked."""
    assert len(read(b"x" * 10_000, "")) == 10_000
    assert len(read(gzipped(b"x" * 10_000), "gzip")) == 10_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    """An encoding that was not offered is named and refused."""
    with pytest.raises(SourceUnreadable, match="not asked for"):
        UnpackedBody(encoding, 10)


@pytest.mark.parametrize("packed", [gzipped(b"words " * 500)[:-9], b"no gzip at all"])
def test_torn_or_false_packing_is_unreadable(packed: bytes) -> None:
    """Packed data that ends early, or is not packed at all, is not passed on."""
    with pytest.raises(SourceUnreadable):
        read(packed, "gzip")


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "deflate"]))
def test_any_bytes_give_a_body_or_a_source_error(packed: bytes, encoding: str) -> None:
    """No bytes raise anything but a SourceError, and no body passes the limit."""
    try:
        assert len(read(packed, encoding, max_bytes=200)) <= 200
    except SourceError:
        assert packed
