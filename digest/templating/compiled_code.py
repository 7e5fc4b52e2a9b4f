"""Compiled templates: for as long as the process lives, and in the user's cache for the next one.

A theme is read again for every issue and at every change at the desk, and compiling is the slow
part of that. What is kept counts only for the very source, compiler and Python that made it.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from functools import cache
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from digest import __version__
from digest.user_cache import user_cache


class CompiledCode(BytecodeCache):
    """The code of each template by file and source: one that was edited is compiled again.

    Rooms whose environments compile differently keep theirs apart, by `room`.
    """

    def __init__(self, room: str) -> None:
        """Begin with nothing in memory."""
        self._room = room
        self._known: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of this very source from what is known."""
        checksum, code = self._known.get(bucket.key, ("", None))
        if code is None or checksum != bucket.checksum:
            code = self._kept(bucket)
        if code is not None:
            self._known[bucket.key] = bucket.checksum, code
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code in place of an earlier source's."""
        if bucket.code is not None:
            self._known[bucket.key] = bucket.checksum, bucket.code
            user_cache.write(self._name(bucket), marshal.dumps(bucket.code), _maker(bucket))

    def _kept(self, bucket: Bucket) -> CodeType | None:
        written = user_cache.read(self._name(bucket), _maker(bucket))
        if written is None:
            return None
        code = marshal.loads(written)  # noqa: S302 - the cache says that we wrote it
        return code if isinstance(code, CodeType) else None

    def _name(self, bucket: Bucket) -> str:
        return f"{self._room}-{bucket.key}.code"


def _maker(bucket: Bucket) -> str:
    return f"{_compiler()} {bucket.checksum}"


@cache
def _compiler() -> str:
    """Name what turns a source into code: Python, Jinja, Digest and the modules of this room."""
    mark = hashlib.sha256(f"{sys.version} {jinja2.__version__} {__version__}".encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        mark.update(file.read_bytes())
    return mark.hexdigest()
