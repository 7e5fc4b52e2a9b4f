"""uvicorn with our bounds: who may connect, for how long, and what is logged of it."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING

import uvicorn

from digest.web.server.connections import Connections
from digest.web.server.limits import ConnectionLimits, open_files_allowed
from digest.web.server.protocol import guarded
from digest.web.server.security import SECURITY_HEADERS

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# asyncio accepts as many as its backlog says before any of them can be counted, and thereby
# dropped: a thousand would use up the open files, and then it accepts nothing for a second.
_ACCEPTED_AT_ONCE = 16
_TICKS_A_LOOK = 5  # half a second: uvicorn ticks ten times a second


def guarded_server(app: ASGIApp, limits: ConnectionLimits) -> uvicorn.Server:
    """Return a server for `app` that keeps to `limits`; it is not running yet."""
    # At WARNING it logs each request that is no HTTP: anybody could fill the disk with those.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    connections = Connections(limits, open_files_allowed(), monotonic)
    config = uvicorn.Config(
        app,
        http=guarded(connections, SECURITY_HEADERS),  # type: ignore[arg-type] # a class is called too
        ws="none",
        loop="asyncio",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # front.py reads them, and only from proxies that are trusted
        timeout_graceful_shutdown=1,
        backlog=_ACCEPTED_AT_ONCE,
    )
    return _GuardedServer(config, connections)


class _GuardedServer(uvicorn.Server):
    """Looks after overdue connections as uvicorn looks after its clock."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self._held = connections

    async def on_tick(self, counter: int) -> bool:
        """Drop what is overdue; the rest of a tick is uvicorn's."""
        if counter % _TICKS_A_LOOK == 0:
            self._held.drop_overdue()
        return await super().on_tick(counter)
