"""Past issues for everybody: a list of each edition, a feed of it, and each issue as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from markupsafe import escape
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from digest.web.readers.desk import Desk
from digest.web.readers.managing import ISSUE_POLICY

if TYPE_CHECKING:
    from starlette.requests import Request

_SHORT_CACHE = {"Cache-Control": "public, max-age=300"}


@dataclass(frozen=True, slots=True)
class ArchivedIssue:
    """One issue in a list; `url` is its page, `at` aware and in the edition's time zone."""

    edition: str
    slot: str
    at: datetime
    subject: str
    url: str


@dataclass(frozen=True, slots=True)
class ArchivedEdition:
    """One edition and its issues, the newest first; `feed_url` is its Atom feed."""

    id: str
    title: str
    url: str
    feed_url: str
    issues: tuple[ArchivedIssue, ...]


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One issue to read; the picture is absolute, or ""."""

    issue: ArchivedIssue
    html: str
    picture: str


class ArchiveBackend(Protocol):
    """The questions of the archive."""

    def editions(self, most: int) -> tuple[ArchivedEdition, ...]:
        """Return every edition with at most so many issues."""

    def edition(self, edition_id: str) -> ArchivedEdition | None:
        """Return one edition with its issues, or None."""

    def issue(self, edition_id: str, slot: str) -> ArchivedPage | None:
        """Return one issue, or None if it did not go out."""


class ArchivePages:
    """The pages, one method each."""

    def __init__(self, backend: ArchiveBackend) -> None:
        """Take what knows the issues."""
        self._backend = backend

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return /archive and what is below it."""
        self._desk = desk
        return [
            Route("/archive", self.everything, methods=["GET"]),
            Route("/archive/{edition}", self.edition, methods=["GET"]),
            Route("/archive/{edition}/feed.atom", self.feed, methods=["GET"]),
            Route("/archive/{edition}/{slot}", self.issue, methods=["GET"]),
        ]

    def everything(self, request: Request) -> Response:
        """Show the newest issues of each edition."""
        return self._list(request, self._backend.editions(5), alone=False)

    def edition(self, request: Request) -> Response:
        """Show the issues of one edition."""
        return self._list(request, (self._edition(request),), alone=True)

    def feed(self, request: Request) -> Response:
        """Return an Atom feed (RFC 4287) of an edition's issues."""
        edition = self._edition(request)
        context = {"edition": edition, "site": self._desk.site}
        text = self._desk.pages.fragment("archive-feed.xml", context)
        return Response(text, media_type="application/atom+xml", headers=_SHORT_CACHE)

    def issue(self, request: Request) -> Response:
        """Show an issue as its readers of all sections saw it."""
        parts = request.path_params
        page = self._backend.issue(parts["edition"], parts["slot"])
        if page is None:
            raise HTTPException(404)
        headers = {**_SHORT_CACHE, "Content-Security-Policy": ISSUE_POLICY}
        return HTMLResponse(_with_preview(page, self._desk.site.name), headers=headers)

    def _edition(self, request: Request) -> ArchivedEdition:
        found = self._backend.edition(request.path_params["edition"])
        if found is None:
            raise HTTPException(404)
        return found

    def _list(
        self, request: Request, editions: Sequence[ArchivedEdition], *, alone: bool
    ) -> Response:
        context = {"editions": editions, "alone": alone}
        answer = self._desk.page(request, "readers-archive.html", context)
        del answer.headers["X-Robots-Tag"]
        answer.headers.update(_SHORT_CACHE)
        return answer


def _with_preview(page: ArchivedPage, site: str) -> str:
    """Return the HTML with what a shared link shows (Open Graph, ogp.me): title, picture, date."""
    said = {
        "og:type": "article",
        "og:title": page.issue.subject,
        "og:url": page.issue.url,
        "og:site_name": site,
        "og:image": page.picture,
        "article:published_time": page.issue.at.isoformat(),
    }
    tags = "".join(
        f'<meta property="{name}" content="{escape(value)}">'
        for name, value in said.items()
        if value
    )
    link = f'<link rel="canonical" href="{escape(page.issue.url)}">'
    head, found, rest = page.html.partition("</title>")
    return f"{head}{found}{tags}{link}{rest}" if found else page.html
