"""Run an application on a real port in a thread, for as long as a `with` block lasts.

The one implementation of a local server: preview, demo and tests use it. It installs no signal
handlers, so Ctrl-C stays with the command that is running.
"""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from digest.errors import DigestError, UsageError
from digest.web.server.front import Front
from digest.web.server.limits import ConnectionLimits

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
_BACKLOG = 1024  # more than a flood of a moment: those behind it would be refused by the kernel
_LIMITS = ConnectionLimits()

AppFactory = Callable[[str], "ASGIApp"]


@contextmanager
def serving(
    app: Starlette | Front | AppFactory,
    host: str = "127.0.0.1",
    port: int = 0,
    limits: ConnectionLimits = _LIMITS,
) -> Iterator[str]:
    """Serve `app` and yield its base URL without a trailing slash: "http://127.0.0.1:49152".

    `app` may be a function from that URL to the application, for pages that name themselves.
    Port 0 takes a free one. Raises UsageError when the port cannot be had.
    """
    with listening(host, port) as listener:
        base_url = _url(host, listener.getsockname()[1])
        ready = app if isinstance(app, Starlette | Front) else app(base_url)
        with _running(ready, listener, limits):
            yield base_url


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Bind and listen, so that the port is known, and taken, before anything runs on it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(_BACKLOG)
        except OSError as error:
            raise _cannot_listen(error, host, port) from error
        except OverflowError:
            fix = "Choose one from 1024 to 65535 (0 takes a free one)"
            raise UsageError(f"{port} is no port", fix=fix) from None
        yield listener


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _cannot_listen(error: OSError, host: str, port: int) -> UsageError:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        fix = "Stop the program that uses it, or choose another port (0 takes a free one)."
        return UsageError("the port is already in use", where=where, fix=fix)
    if error.errno in {errno.EACCES, errno.EPERM}:
        fix = "Choose a port above 1023."
        return UsageError("this user may not listen on that port", where=where, fix=fix)
    fix = "Listen on an address of this machine, such as 127.0.0.1."
    return UsageError(f"cannot listen there ({error.strerror or error})", where=where, fix=fix)


@contextmanager
def _running(app: ASGIApp, listener: socket.socket, limits: ConnectionLimits) -> Iterator[None]:
    from digest.web.server.guarded import guarded_server

    server = guarded_server(app, limits)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="digest-serving", daemon=True
    )
    thread.start()
    try:
        _wait_until_started(server, thread)
        listener.listen(_BACKLOG)  # asyncio made it as short as what it accepts at once
        yield
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or monotonic() > deadline:
            raise DigestError(
                "the local server did not start", fix="Look at the log above for the cause."
            )
        sleep(0.005)
