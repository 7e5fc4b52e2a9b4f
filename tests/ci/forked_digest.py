"""`digest` on a runner's PATH without a second of imports: a warm process forks at each start.

The program that a runner finds hands its arguments, folder, environment and streams to the warm
process, and ends as the fork ends. The fork is a process of its own and reads everything anew, but
for the time, which is that of the tests.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.command_clock import clock
from tests.forked import forked

_STREAMS = 3
_MOST_BYTES = 1 << 20
_CLIENT = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    order = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [len(order).to_bytes(4, "big")], [0, 1, 2])
    line.sendall(order)
    sys.exit(int(line.recv(8) or b"70"))
"""


@contextmanager
def warm_digest() -> Iterator[Path]:
    """Yield the program `digest`, which works while the block lasts."""
    with tempfile.TemporaryDirectory() as folder:  # the name of a socket has room for a short path
        yield from _serving(Path(folder))


def _serving(folder: Path) -> Iterator[Path]:
    address, program = str(folder / "line"), folder / "digest"
    program.write_text(_CLIENT.format(python=sys.executable, address=address))
    program.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        process = forked(serve, door)
    try:
        yield program
    finally:
        process.kill()
        process.join()


def serve(door: socket.socket) -> None:
    """Fork for each caller, until killed."""
    with door:
        while True:
            line, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _attend(line)
            line.close()
            _forget_ended()


def _forget_ended() -> None:
    """Let go of forks that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _attend(line: socket.socket) -> None:
    """Be `digest` for one caller, and tell it the exit code."""
    from digest.cli.app import run

    code = 70
    try:
        arguments, folder, environment, streams = _order(line)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        code = run(arguments, clock)
    except BaseException:  # noqa: BLE001 - this process ends here; what it says is in its output
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        line.sendall(str(code).encode())
        os._exit(code)


def _order(line: socket.socket) -> tuple[list[str], str, dict[str, str], list[int]]:
    head, streams, _, _ = socket.recv_fds(line, 4, _STREAMS)
    size = int.from_bytes(head, "big")
    assert size < _MOST_BYTES
    text = b""
    while len(text) < size:
        text += line.recv(size - len(text))
    arguments, folder, environment = json.loads(text)
    return arguments, folder, environment, streams
