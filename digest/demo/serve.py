"""Runs any ASGI application on a real socket, in a thread, for as long as a `with` block lasts."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from digest.errors import DigestError

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0


@contextmanager
def serve(make: Callable[[str], ASGIApp], host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve `make(base_url)` and yield that base URL, without a slash at its end.

    Port 0 lets the system choose: the socket is bound first, so the application knows its own
    address before it exists. No signal handler is installed. Raises DigestError when the
    address is taken or the application does not start within ten seconds.
    """
    listener = _bind(host, port)
    base_url = f"http://{host}:{listener.getsockname()[1]}"
    try:
        server = uvicorn.Server(_config(make(base_url)))
        # uvicorn touches signals in the main thread only.
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name=f"serve {base_url}", daemon=True
        )
        thread.start()
        try:
            _wait_for_start(server, thread, base_url)
            yield base_url
        finally:
            server.should_exit = True
            thread.join(_STOP_SECONDS)
    finally:
        listener.close()


def _bind(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise DigestError(
            f"the address cannot be used ({error.strerror})",
            where=f"{host}:{port}",
            fix="Choose another port, or stop the program that uses it.",
        ) from error
    return listener


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws="none",
        lifespan="auto",
        timeout_graceful_shutdown=1,
    )


def _wait_for_start(server: uvicorn.Server, thread: threading.Thread, base_url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise DigestError(
                "the application did not start", where=base_url, fix="Read the log lines above."
            )
        time.sleep(0.005)
