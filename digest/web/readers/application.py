"""The readers' application: its rooms under one front, with shared rules for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from digest.web.pages import static_files
from digest.web.readers.contract import ReadersBackend, WishRefused
from digest.web.readers.desk import Desk, ReadersSite
from digest.web.readers.managing import Managing
from digest.web.server.front import Front, FrontRules


class Room(Protocol):
    """A group of pages."""

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return its routes; what they show is filled at `desk`."""


def make_readers(
    rooms: Sequence[Room], site: ReadersSite, rules: FrontRules | None = None
) -> Front:
    """Return the application of these rooms. RenderError for a site's language that is none."""
    desk = Desk(site)

    def style(_request: Request) -> Response:
        return Response(site.style, media_type="text/css")

    routes = [route for room in rooms for route in room.routes(desk)]
    app = Starlette(
        routes=[*routes, Route("/brand.css", style), static_files()],
        exception_handlers={
            **dict.fromkeys((404, 410, 413, 422, 500), desk.problem),
            WishRefused: desk.problem,
        },
    )
    # A redirect to the same path with a slash would be built from what the client calls this host.
    app.router.redirect_slashes = False
    return Front(app, rules)


def make_public(
    backend: ReadersBackend,
    *,
    site_name: str,
    site_url: str,
    language: str = "en",
    rules: FrontRules | None = None,
) -> Front:
    """Return the pages of known readers alone: leave, preferences, view in browser."""
    return make_readers([Managing(backend)], ReadersSite(site_name, site_url, language), rules)
