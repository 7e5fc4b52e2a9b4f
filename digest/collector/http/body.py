"""The bytes of an answer, unpacked within bounds.

Counted twice: as they come over the wire and as they unpack, because 200 KB of gzip can hold
hundreds of megabytes in a single chunk.
"""

from __future__ import annotations

import zlib

from digest.errors import SourceUnreadable, SourceUnsafe

ACCEPT_ENCODING = "gzip, deflate"
_GZIP = 16 + zlib.MAX_WBITS
_PLAIN = frozenset({"", "identity", "none"})


class UnpackedBody:
    """Collects chunks; `add` refuses the one that would pass `max_bytes`."""

    def __init__(self, content_encoding: str, max_bytes: int) -> None:
        encoding = content_encoding.strip().lower()
        if encoding not in _PLAIN | {"gzip", "x-gzip", "deflate"}:
            raise SourceUnreadable(
                f'the answer is packed as "{encoding[:40]}", which was not asked for',
                fix="Tell the site: Accept-Encoding asks for gzip or deflate and for nothing else "
                "(RFC 9110 section 12.5.3)",
            )
        self._encoding = encoding
        self._max_bytes = max_bytes
        self._wire = 0
        self._out = bytearray()
        self._unpacker: zlib._Decompress | None = None

    def add(self, chunk: bytes) -> None:
        """Take one chunk as it came from the wire.

        Raises SourceUnsafe past the limit, SourceUnreadable where it does not unpack.
        """
        self._wire += len(chunk)
        if self._wire > self._max_bytes:
            raise self._too_big()
        if self._encoding in _PLAIN:
            self._out += chunk
        else:
            self._unpack(chunk)

    def finish(self) -> bytes:
        """Return the whole body; raises SourceUnreadable if packed data ends in the middle."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise SourceUnreadable(
                f"the packed answer is cut off after {self._wire} bytes",
                fix="The next run tries again; if it stays, tell the site",
            )
        return bytes(self._out)

    def _unpack(self, chunk: bytes) -> None:
        while chunk:
            if self._unpacker is None:
                self._unpacker = self._start(chunk)
            elif self._unpacker.eof:
                if not chunk.startswith(b"\x1f\x8b"):
                    return  # padding after the last member (RFC 1952 section 2.2)
                self._unpacker = self._start(chunk)
            # One byte more than allowed tells "exactly full" from "too big".
            room = self._max_bytes - len(self._out) + 1
            try:
                self._out += self._unpacker.decompress(chunk, room)
            except zlib.error as error:
                raise SourceUnreadable(
                    f"the answer says it is packed with {self._encoding} but does not unpack",
                    fix="The next run tries again; if it stays, tell the site",
                ) from error
            if len(self._out) > self._max_bytes:
                raise self._too_big()
            chunk = self._unpacker.unconsumed_tail or self._unpacker.unused_data

    def _start(self, chunk: bytes) -> zlib._Decompress:
        if self._encoding != "deflate":
            return zlib.decompressobj(_GZIP)
        # "deflate" is zlib (RFC 9110 section 8.4.1.2), but many servers send it raw.
        looks_zlib = chunk[0] & 0x0F == zlib.DEFLATED
        return zlib.decompressobj(zlib.MAX_WBITS if looks_zlib else -zlib.MAX_WBITS)

    def _too_big(self) -> SourceUnsafe:
        return SourceUnsafe(
            f"the answer is larger than {self._max_bytes:,} bytes",
            fix="If this source is meant to be that large, raise max_bytes under [collector]",
        )
