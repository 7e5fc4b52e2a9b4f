"""The parser's own process: takes documents from a socket, gives articles or a SourceError back.

Started as `python -m digest.collector.parsing.process FD`. It has no address to fetch from, no
store and no secrets, and it may be killed at any moment: it keeps nothing.
"""

from __future__ import annotations

import gc
import signal
import socket
import sys

from digest.collector.parsing.document import ParsedDocument, ParseRequest, read_document
from digest.collector.parsing.frames import packed, take
from digest.errors import SourceError, SourceUnreadable

READY = "ready"
_A_SWEEP = 50  # documents; what is parsed dies by itself, cycles apart


def main() -> None:
    """Serve until the other end is closed or gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    gc.disable()  # looking for cycles costs a tenth of the time while a feed is read
    done = 0
    with socket.socket(fileno=int(sys.argv[1])) as channel, channel.makefile("rwb") as file:
        file.write(packed(READY))
        file.flush()
        while True:
            try:
                request = take(file)
            except (EOFError, ConnectionError):
                return
            file.write(packed(answer(request)))
            file.flush()
            done += 1
            if done % _A_SWEEP == 0:
                gc.collect()


def answer(request: object) -> ParsedDocument | SourceError:
    """Read what is asked; whatever goes wrong in it is this document's fault alone."""
    if not isinstance(request, ParseRequest):
        return SourceUnreadable("the parser was asked something else", fix="Report this")
    try:
        return read_document(request)
    except SourceError as error:
        return error
    except Exception as error:  # noqa: BLE001 - the last place before one document ends them all
        return SourceUnreadable(
            f"the document cannot be parsed ({type(error).__name__})",
            fix="Check it with a validator and tell the site",
        )


if __name__ == "__main__":
    main()
