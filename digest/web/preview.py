"""The editors' preview: an issue as it would go out now, any variant of it, and why it is so.

Nothing is sent and nothing is consumed. The page renews itself when the backend's stamp changes,
and shows a fault in the configuration or a template as a page that mends itself the same way.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from digest.errors import DigestError
from digest.log import log
from digest.models.compositions import Composition
from digest.models.issues import Issue
from digest.models.stories import Reason
from digest.pipeline.desk.explained_article import ExplainedArticle
from digest.render.lint import Finding
from digest.web.pages import Pages, static_files
from digest.web.server.front import Front
from digest.web.viewer import ANY_PICTURES, Look, MailSize, ViewerPage, frame_response

if TYPE_CHECKING:
    from starlette.requests import Request

_VIEWS = (("mail", "Mail"), ("text", "Plain text"), ("why", "Why these stories"))
_KEPT = 8


@dataclass(frozen=True, slots=True)
class PreviewEdition:
    """An edition to choose: its id, its title, and its sections as (id, title) in its order."""

    id: str
    title: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One variant of one issue, rendered. `html` is empty when there is nothing for it.

    `at` is the slot's time, aware, and `due` says that it has come; `warnings` are sentences;
    `verdicts` say what became of every article of the look-back. `kept` says of an issue that was
    planned that this is how it went out; `planned` that there is such a page, whatever this is.
    `sha256` is the hash by which the issue is approved, where it can still be. `composition` is
    what it tells, `findings` are lint's, `notes` the other warnings, `eml` is the whole mail;
    `tops` is how many top stories each section has room for; `issue` is what it was composed from.
    `faults` are the overlay's entries that are left out and hold the send, with file and line.
    """

    issue_key: str
    at: datetime
    variant: str
    from_header: str
    subject: str
    preheader: str
    html: str
    text: str
    warnings: tuple[str, ...] = ()
    verdicts: tuple[ExplainedArticle, ...] = ()
    due: bool = False
    sha256: str = ""
    kept: str = ""
    planned: bool = False
    composition: Composition | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    eml: bytes = b""
    tops: Mapping[str, int] = field(default_factory=dict)
    issue: Issue | None = None
    faults: tuple[str, ...] = ()


class PreviewAnswers(Protocol):
    """The questions of the preview. Methods are called from worker threads and may be slow."""

    def editions(self) -> Sequence[PreviewEdition]:
        """Return every edition of the configuration as it is now. Raises DigestError."""

    def preview(
        self, edition: str, sections: frozenset[str], slot: str, *, again: bool = False
    ) -> PreviewPage:
        """Return one variant; no sections means all, no slot the next one. Raises DigestError.

        A slot that was planned is given as it went out, unless it shall be composed `again`.
        """

    def stamp(self) -> str:
        """Name the state of configuration, templates, overlays and articles; must be quick."""


def make_preview(backend: PreviewAnswers, audience: BaseRoute | None = None) -> Front:
    """Build the preview's application; `audience` is a page of it that the others link to."""
    preview = _Preview(backend, has_audience=audience is not None)
    app = Starlette(
        routes=[
            Route("/", preview.first),
            Route("/stamp", preview.stamp),
            Route("/edition/{edition}", preview.page),
            Route("/edition/{edition}/frame", preview.frame),
            *([audience] if audience else []),
            static_files(),
        ],
        exception_handlers={404: preview.missing},
    )
    return Front(app)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The query of a page."""

    edition: str
    sections: frozenset[str]
    slot: str
    again: bool

    def fields(self, *, again: bool | None = None) -> tuple[tuple[str, str], ...]:
        """Return the query's fields that ask for the same, perhaps composed otherwise."""
        fields = [("section", name) for name in sorted(self.sections)]
        if self.slot:
            fields.append(("slot", self.slot))
        if self.again if again is None else again:
            fields.append(("again", "1"))
        return tuple(fields)


class _Preview:
    """The preview's pages, one method each."""

    def __init__(self, backend: PreviewAnswers, *, has_audience: bool) -> None:
        self._backend = backend
        self._has_audience = has_audience
        self._pages = Pages()
        self._built: dict[tuple[str, _Asked], PreviewPage] = {}
        self._lock = threading.Lock()

    def first(self, _request: Request) -> Response:
        """Go to the first edition."""

        def respond() -> Response:
            editions = self._backend.editions()
            if not editions:
                raise HTTPException(404, "The configuration has no edition yet.")
            return RedirectResponse(f"/edition/{editions[0].id}")

        return self._or_fault(respond)

    def page(self, request: Request) -> Response:
        """Show one variant of an edition's issue."""
        return self._or_fault(lambda: self._shown(request))

    def frame(self, request: Request) -> Response:
        """Serve the issue's own HTML for the viewer's frame."""

        def respond() -> Response:
            page = self._page(self._asked(request)[1])
            return frame_response(page.html, request.query_params.get("scheme"), ANY_PICTURES)

        return self._or_fault(respond)

    def stamp(self, _request: Request) -> Response:
        """Name what the pages are built from; an unreadable state has a name too."""
        return PlainTextResponse(self._stamp())

    async def missing(self, _request: Request, error: Exception) -> Response:
        """Say what is not there, with the way back."""
        detail = error.detail if isinstance(error, HTTPException) else ""
        fault = {"title": "Not here", "what": detail, "where": "", "fix": "Go back to /."}
        return self._pages.page("preview-fault.html", {"fault": fault, "stamp": ""}, status=404)

    def _shown(self, request: Request) -> Response:
        stamp = self._stamp()
        edition, asked = self._asked(request)
        page = self._page(asked)
        context = {
            "stamp": stamp,
            "has_audience": self._has_audience,
            "editions": self._backend.editions(),
            "edition": edition,
            "chosen": asked.sections or frozenset(id_ for id_, _ in edition.sections),
            "slot": asked.slot,
            "again": asked.again,
            "page": page,
            "viewer": _viewer(request, edition.id, page, asked.fields()),
            "otherwise": "?" + urlencode(asked.fields(again=not asked.again)),
            "verdicts": _grouped(page.verdicts),
            "section_titles": dict(edition.sections),
        }
        return self._pages.page("preview.html", context)

    def _asked(self, request: Request) -> tuple[PreviewEdition, _Asked]:
        wanted = request.path_params["edition"]
        edition = next((one for one in self._backend.editions() if one.id == wanted), None)
        if edition is None:
            raise HTTPException(404, f'There is no edition "{wanted}" in the configuration.')
        known = {id_ for id_, _ in edition.sections}
        chosen = frozenset(request.query_params.getlist("section")) & known
        slot = request.query_params.get("slot", "").strip()
        again = bool(slot) and request.query_params.get("again") == "1"
        return edition, _Asked(wanted, frozenset() if chosen == known else chosen, slot, again)

    def _page(self, asked: _Asked) -> PreviewPage:
        """Build a variant once for page and frames; at most a few are kept."""
        key = (self._stamp(), asked)
        with self._lock:
            if key not in self._built:
                page = self._backend.preview(
                    asked.edition, asked.sections, asked.slot, again=asked.again
                )
                while len(self._built) >= _KEPT:
                    del self._built[next(iter(self._built))]
                self._built[key] = page
            return self._built[key]

    def _stamp(self) -> str:
        try:
            return self._backend.stamp()
        except DigestError as error:
            return "fault-" + hashlib.sha256(str(error).encode()).hexdigest()[:16]

    def _or_fault(self, respond: Callable[[], Response]) -> Response:
        """Answer, or show the fault as a page that watches for its mending."""
        stamp = self._stamp()
        try:
            return respond()
        except HTTPException:
            raise
        except DigestError as error:
            fault = {
                "title": "This cannot be shown yet",
                "what": error.what,
                "where": error.where,
                "fix": error.fix,
            }
        except Exception as error:  # noqa: BLE001 - the page must outlive a fault of any template
            log.exception("the preview failed")
            fault = {
                "title": "Digest did not expect this",
                "what": f"{type(error).__name__}: {error}",
                "where": "",
                "fix": "The whole trace is in the terminal where the preview runs.",
            }
        context = {"fault": fault, "stamp": stamp}
        return self._pages.page("preview-fault.html", context, status=500)


def _viewer(
    request: Request, edition: str, page: PreviewPage, kept: tuple[tuple[str, str], ...]
) -> ViewerPage:
    return ViewerPage(
        look=Look.asked(request.query_params, _VIEWS, kept),
        title=page.subject,
        page=f"/edition/{edition}",
        frame=f"/edition/{edition}/frame",
        html=page.html,
        text=page.text,
        size=MailSize(len(page.html.encode())),
        views=_VIEWS,
    )


def _grouped(
    verdicts: Iterable[ExplainedArticle],
) -> list[tuple[Reason, list[ExplainedArticle]]]:
    """Group by reason, in the order the reasons are declared: what is in comes first."""
    found = list(verdicts)
    groups = ((reason, [one for one in found if one.reason is reason]) for reason in Reason)
    return [(reason, group) for reason, group in groups if group]
