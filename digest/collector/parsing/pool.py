"""The parsers at work: processes that are started when needed and killed when they take too long.

Parsing in Python holds the interpreter; in processes of their own as many parsers run as there are
cores, the network goes on meanwhile, and a document that takes too long can really be stopped.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from digest.collector.parsing.document import ParsedDocument, ParseRequest
from digest.collector.parsing.frames import framed, packed_request, read_answer, receive
from digest.errors import SourceError, SourceUnreadable, SourceUnsafe

# All that a parser gets of our environment: it reads strangers' bytes and needs no secrets.
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "TZ", "TMPDIR")

PROGRAM = (sys.executable, "-P", "-m", "digest.collector.parsing.process")


class Parsers:
    """Up to `most` parser processes; an async context manager."""

    def __init__(
        self,
        most: int,
        seconds: float,
        start_seconds: float = 60.0,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """Allow each document `seconds` of a parser's time; `most` 0 is one for each core.

        A parser that is not ready after `start_seconds` is given up. `program` is run with the
        number of its socket as the last argument.
        """
        self._places = asyncio.Semaphore(most or os.cpu_count() or 1)
        self._seconds = seconds
        self._start_seconds = start_seconds
        self._program = program
        self._idle: list[_Parser] = []
        self._all: set[_Parser] = set()

    async def __aenter__(self) -> Self:
        """Start none yet: a run in which nothing changed needs none."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End them all; none holds anything that could be lost."""
        for parser in list(self._all):
            self._end(parser)

    def processes(self) -> tuple[subprocess.Popen[bytes], ...]:
        """Return the processes that run now."""
        return tuple(parser.process for parser in self._all)

    async def read(self, request: ParseRequest) -> ParsedDocument:
        """Have one document read; raises its SourceError.

        SourceUnsafe where the time is up, SourceUnreadable where the parser itself broke down.
        """
        async with self._places:
            parser = self._idle.pop() if self._idle else self._start()
            try:
                answer = read_answer(await parser.ask(request, self._seconds))
            except BaseException:
                self._end(parser)  # between question and answer nobody else could use it
                raise
            self._idle.append(parser)
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def _start(self) -> _Parser:
        parser = _Parser(self._program, self._start_seconds)
        self._all.add(parser)
        return parser

    def _end(self, parser: _Parser) -> None:
        self._all.discard(parser)
        parser.kill()


class _Parser:
    """One process and the socket to it."""

    def __init__(self, program: Sequence[str], start_seconds: float) -> None:
        self._start_seconds = start_seconds
        self._channel, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [*program, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env=_environment(),
            )
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: ParseRequest, seconds: float) -> bytes:
        """Hand a request over and return the bytes of its answer."""
        try:
            reader, writer = self._streams or await self._opened()
            async with asyncio.timeout(seconds):
                writer.write(framed(packed_request(request)))
                await writer.drain()
                return await receive(reader)
        except TimeoutError:
            raise SourceUnsafe(
                f"reading it takes more than {seconds:g} s",
                fix="If it is meant to be that large, raise parse_timeout under [collector]",
            ) from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise SourceUnreadable(
                "the document broke its parser", fix="Check it with a validator and tell the site"
            ) from error

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = await asyncio.open_connection(sock=self._channel)
        try:
            async with asyncio.timeout(self._start_seconds):
                await receive(self._streams[0])
        except TimeoutError:
            raise SourceUnreadable(
                f"its parser was not ready within {self._start_seconds:g} s",
                fix="The next run tries again; on a slow machine raise parser_start_timeout "
                "under [collector]",
            ) from None
        return self._streams

    def kill(self) -> None:
        """End the process now, whatever it does, and wait until it is gone."""
        if self._streams:
            self._streams[1].transport.abort()
        else:
            self._channel.close()
        self.process.kill()
        self.process.wait()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    # The same modules as here, wherever they were found.
    return kept | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
