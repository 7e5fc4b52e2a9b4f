"""A bucket that speaks S3 on this machine: moto's server, which knows conditional writes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

_FIRST_SECONDS = 60.0  # the first request imports what the server is made of
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "canary-bucket-secret"}


@contextmanager
def bucket_server() -> Iterator[str]:
    """Run the server while the block lasts, and yield its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


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
