"""A bucket that speaks S3 on this machine: moto's server, which knows conditional writes.

moto looks at a condition and writes in two steps, and answers in threads. S3 does it in one, so
here one request is carried out at a time.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

_FIRST_SECONDS = 60.0  # the first request imports what the server is made of
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "canary-bucket-secret"}


@contextmanager
def bucket_server() -> Iterator[str]:
    """Run the server while the block lasts, and yield its address."""
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    moto, turn = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def one_at_a_time(environment: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        with turn:
            return list(moto(environment, start))

    server = make_server(
        "127.0.0.1", 0, one_at_a_time, threaded=True, request_handler=MotoRequestHandler
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def new_bucket(server: str) -> str:
    """Make a bucket and return its name."""
    name = f"newsroom-{uuid.uuid4().hex[:12]}"
    made = httpx.put(f"{server}/{name}", timeout=_FIRST_SECONDS)
    made.raise_for_status()
    return name


@contextmanager
def a_bucket() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a store's URL in a bucket of its own, and the variables that reach it."""
    with bucket_server() as server:
        url = f"sqlite+s3://{new_bucket(server)}/state/daily"
        yield url, {**KEYS, "AWS_ENDPOINT_URL": server}
