"""A mail server that writes down each mail it has taken before it says so: the torture's judge.

    python recording_sink.py LOG [SEED SHARE | closing MAILS]

prints its port, serves on loopback until its stdin ends, and appends one line a mail to LOG:
seconds since the epoch when its MAIL came, the recipient, the Message-ID, the bytes. The line is
written with one call before the answer to the dot, so it is there even if nobody hears the answer.
It keeps no mail, knows no ledger and imports nothing of the project. With SEED and SHARE it
misbehaves in that share of its answers; `closing` ends each connection after so many mails, in one
of three ways.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import sys
import time
from collections.abc import Callable
from typing import cast

_EHLO = (
    b"250-sink.example\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n"
)
_ANSWERS = {
    b"EHLO": _EHLO,
    b"AUTH": b"235 2.7.0 in\r\n",
    b"MAIL": b"250 2.1.0 ok\r\n",
    b"RCPT": b"250 2.1.5 ok\r\n",
    b"DATA": b"354 go on\r\n",
    b"RSET": b"250 2.0.0 ok\r\n",
    b"QUIT": b"221 2.0.0 bye\r\n",
}
_END = b"\r\n.\r\n"
_ID = b"\r\nMessage-ID: <"


class Conversation(asyncio.Protocol):
    """One connection: commands line by line, bodies as a list of pieces until the dot."""

    def __init__(self, log: int) -> None:
        """Write to the open file `log`."""
        self._log = log
        self._transport: asyncio.Transport | None = None
        self._line = b""
        self._body: list[bytes] | None = None
        self._tail = b""
        self._began = 0.0
        self._recipient = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._say(b"220 sink.example ESMTP\r\n", b"GREETING")

    def data_received(self, data: bytes) -> None:
        while data:
            data = self._command(data) if self._body is None else self._more(data)

    def _command(self, data: bytes) -> bytes:
        line, end, rest = (self._line + data).partition(b"\n")
        if not end:
            self._line = line
            return b""
        self._line = b""
        verb = line[:4].upper()
        if verb == b"MAIL":
            self._began = time.time()
        elif verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0]
        elif verb == b"DATA":
            self._body, self._tail = [], b"\r\n"
        self._say(_ANSWERS.get(verb, b"502 5.5.1 what\r\n"), verb)
        if verb == b"QUIT" and self._transport is not None:
            self._transport.close()
        return rest

    def _more(self, data: bytes) -> bytes:
        assert self._body is not None
        seen = self._tail + data
        found = seen.find(_END)
        if found < 0:
            self._body.append(data)
            self._tail = seen[-len(_END) + 1 :]
            return b""
        end = found + len(_END) - len(self._tail)
        self._body.append(data[:end])
        self._keep(b"".join(self._body))
        self._body = None
        self._say(b"250 2.0.0 kept\r\n", b"DOT")
        return data[end:]

    def _keep(self, mail: bytes) -> None:
        name = mail.partition(_ID)[2].partition(b">")[0]
        line = b"%.6f\t%s\t%s\t%d\n" % (self._began, self._recipient, name, len(mail))
        os.write(self._log, line)

    def _say(self, line: bytes, phase: bytes) -> None:
        del phase
        if self._transport is not None:
            self._transport.write(line)


# None that asks for a rest: senders would sleep, and nothing would be learnt.
_OTHER_ANSWERS = {
    b"RCPT": (b"450 4.2.0 later\r\n", b"452 4.2.2 full\r\n", b"550 5.7.1 by our policy\r\n"),
    b"DATA": (b"451 4.3.0 local error\r\n", b"554 5.6.0 no\r\n", b"250 what\r\n"),
    b"DOT": (b"451 4.3.0 local error\r\n", b"554 5.6.0 no\r\n"),
}


class Moody(Conversation):
    """Misbehaves at random: hangs up, resets, breaks off in a word, or answers something else.

    What it keeps it writes down, whatever it answers; what it refuses it does not keep.
    """

    def __init__(self, log: int, chance: random.Random, share: float) -> None:
        """Misbehave in `share` of all answers."""
        super().__init__(log)
        self._chance, self._share = chance, share
        self._refused = False
        self._instead: bytes | None = None

    def _keep(self, mail: bytes) -> None:
        # Decided here, for a mail that is refused must not stand in the log.
        self._instead = self._whim(b"DOT", b"250 2.0.0 kept\r\n")
        if self._instead is None or self._instead.startswith(b"2"):
            super()._keep(mail)

    def _say(self, line: bytes, phase: bytes) -> None:
        if phase == b"MAIL":
            self._refused = False
        if phase == b"DATA" and self._refused:
            said: bytes | None = b"554 5.5.1 nobody to take it\r\n"
        else:
            said = self._instead if phase == b"DOT" else self._whim(phase, line)
        if phase in {b"MAIL", b"RCPT"} and not (said or b"").startswith(b"2"):
            self._refused = True
        if phase == b"DATA" and not (said or b"").startswith(b"354"):
            self._body = None
        self._utter(said, line)

    def _whim(self, phase: bytes, usual: bytes) -> bytes | None:
        """Return what to answer; None to hang up in one way or another."""
        if self._chance.random() >= self._share:
            return usual
        others = _OTHER_ANSWERS.get(phase, ())
        return self._chance.choice(others) if others and self._chance.random() < 0.5 else None

    def _utter(self, said: bytes | None, usual: bytes) -> None:
        assert self._transport is not None
        if said is not None:
            self._transport.write(said)
            return
        if self._chance.random() < 0.5:
            self._transport.abort()
            return
        if self._chance.random() < 0.5:
            self._transport.write(usual[:2])
        self._transport.close()


class Closing(Conversation):
    """Ends after some mails, as servers do that bound a session: by turns it says so, or does not.

    The first kind answers the next MAIL with 421 (RFC 5321 section 3.8), the second hangs up once
    the last mail is answered, the third once it is kept, before its answer.
    """

    def __init__(self, log: int, most: int, kind: int) -> None:
        """Take `most` mails, and end in the way of `kind`: 0, 1 or 2."""
        super().__init__(log)
        self._left, self._kind = most, kind

    def _keep(self, mail: bytes) -> None:
        super()._keep(mail)
        self._left -= 1

    def _say(self, line: bytes, phase: bytes) -> None:
        assert self._transport is not None
        if self._left or self._transport.is_closing():
            super()._say(line, phase)
        elif phase == b"DOT":
            super()._say(b"" if self._kind == 2 else line, phase)
            if self._kind:
                self._transport.close()
        else:
            super()._say(b"421 4.7.0 enough mails for one session\r\n", phase)
            self._transport.close()


def conversations(log: int, manner: list[str]) -> Callable[[], Conversation]:
    """Return what makes a conversation; `manner` is as the arguments behind LOG."""
    if not manner:
        return lambda: Conversation(log)
    if manner[0] == "closing":
        kinds = itertools.cycle(range(3))
        return lambda: Closing(log, int(manner[1]), next(kinds))
    chance, share = random.Random(int(manner[0])), float(manner[1])  # noqa: S311 - no secret
    return lambda: Moody(log, chance, share)


async def serve(log: int, manner: list[str]) -> None:
    """Serve until stdin ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(conversations(log, manner), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - it is how we are found
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)  # conversations that still go on are of no interest to anybody


if __name__ == "__main__":
    kept = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    asyncio.run(serve(kept, sys.argv[2:]))
