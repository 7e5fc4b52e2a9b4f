"""The parser's own process: takes documents from a socket, gives articles or a SourceError back.

Started as `python -m digest.collector.parsing.process FD`. It has no address to fetch from, no
store and no secrets, and it may be killed at any moment: it keeps nothing.
"""

from __future__ import annotations

import gc
import signal
import socket
import sys

from digest.collector.parsing.document import read_document
from digest.collector.parsing.frames import READY, framed, packed_answer, read_request, take
from digest.errors import SourceError, SourceUnreadable

_A_SWEEP = 50  # documents; what is parsed dies by itself, cycles apart


def main() -> None:
    """Serve until the other end is closed or gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    gc.disable()  # looking for cycles costs a tenth of the time while a feed is read
    done = 0
    with socket.socket(fileno=int(sys.argv[1])) as channel, channel.makefile("rwb") as file:
        file.write(framed(READY))
        file.flush()
        while True:
            try:
                request = take(file)
            except (EOFError, ConnectionError):
                return
            file.write(framed(answer(request)))
            file.flush()
            done += 1
            if done % _A_SWEEP == 0:
                gc.collect()


def answer(data: bytes) -> bytes:
    """Return the answer to a request; whatever goes wrong in it is this document's fault alone."""
    try:
        return packed_answer(read_document(read_request(data)))
    except SourceError as error:
        return packed_answer(error)
    except Exception as error:  # noqa: BLE001 - the last place before one document ends them all
        return packed_answer(
            SourceUnreadable(
                f"the document cannot be parsed ({type(error).__name__})",
                fix="Check it with a validator and tell the site",
            )
        )


if __name__ == "__main__":
    main()
