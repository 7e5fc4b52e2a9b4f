"""The health endpoint of a process that works by itself: one page, for machines, on loopback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from digest.web.server.front import Front

if TYPE_CHECKING:
    from starlette.requests import Request

_AWAY = 503


def make_health(signs: Callable[[], Mapping[str, object]]) -> Front:
    """Build the page; `signs` are answered as JSON, with 503 unless they say `ok`."""

    def health(_: Request) -> Response:
        told = dict(signs())
        return JSONResponse(told, status_code=200 if told.get("ok") else _AWAY)

    return Front(Starlette(routes=[Route("/health", health), Route("/", health)]))
