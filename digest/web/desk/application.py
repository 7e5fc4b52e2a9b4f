"""The desk's pages: one that shows the issue, one way in for changes, and the events that renew it.

A page works without its script: every button is a form, every view a link. The script sends the
same forms and puts what comes back in the place of what is there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from digest.errors import DigestError
from digest.log import log
from digest.web.desk.acting import Acting, KeptOutcomes
from digest.web.desk.clients import CLIENTS, pictures_of, with_pictures, without_pictures
from digest.web.desk.contract import SITTING, Asked, DeskAnswers, DeskPage, Sitting
from digest.web.desk.letters import viewer_of
from digest.web.desk.view import MergedArticle
from digest.web.forms import read_fields
from digest.web.pages import Pages, static_files
from digest.web.server.front import Front, FrontRules
from digest.web.server.security import PAGE_POLICY
from digest.web.viewer import ANY_PICTURES, frame_response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

_LARGEST_FORM = 256 * 1024
_LOOK_SECONDS = 0.1
_LOOKS_A_STORE = 10
_KEPT = 6
_NO_PICTURES = "data:"
_POLICY = PAGE_POLICY.replace("img-src 'self'", "img-src 'self' data:")  # the script draws
_REMEMBERS_PICTURES = "digest_pictures"
_PANELS = ("stories", "left", "words", "checks", "readers", "issues")


def make_desk(
    backend: DeskAnswers,
    *,
    may_change: bool,
    audience: BaseRoute | None = None,
    door: Callable[[ASGIApp], ASGIApp] | None = None,
    rules: FrontRules | None = None,
) -> Front:
    """Build the desk's application; `audience` is a page of it that the others link to.

    A `door` stands between it and its `rules`, and says who sits at it.
    """
    desk = _Desk(backend, may_change=may_change, has_audience=audience is not None)
    app = Starlette(
        routes=[
            Route("/", desk.first),
            Route("/events", desk.events),
            Route("/edition/{edition}", desk.page),
            Route("/edition/{edition}/frame", desk.frame),
            Route("/edition/{edition}/issue.{kind}", desk.download),
            Route("/edition/{edition}/do", desk.act, methods=["POST"]),
            *([audience] if audience else []),
            static_files(),
        ],
        exception_handlers={404: desk.missing},
    )
    bounds = replace(rules or FrontRules(), largest_body=_LARGEST_FORM)
    return Front(door(app) if door else app, bounds)


class _Desk:
    """The desk's pages, one method each."""

    def __init__(self, backend: DeskAnswers, *, may_change: bool, has_audience: bool) -> None:
        self._backend = backend
        self._sitting = Sitting(may_change=may_change, may_find=True)
        self._has_audience = has_audience
        self._pages = Pages()
        self._lock = threading.Lock()
        self._built: dict[tuple[str, Asked], DeskPage] = {}
        self._told = KeptOutcomes()
        self._acting = Acting(backend, self._page)

    def first(self, _request: Request) -> Response:
        """Go to the first edition."""
        try:
            editions = self._backend.editions()
        except DigestError as error:
            return self._fault(error)
        if not editions:
            raise HTTPException(404, "The configuration has no edition yet.")
        return RedirectResponse(f"/edition/{editions[0].id}")

    def page(self, request: Request) -> Response:
        """Show an issue with all that can be done with it."""
        try:
            asked = self._asked(request)
            return self._shown(request, asked, self._page(asked))
        except HTTPException:
            raise
        except DigestError as error:
            return self._fault(error)
        except Exception as error:  # noqa: BLE001 - the page must outlive a fault of any template
            log.exception("the desk failed")
            what = f"{type(error).__name__}: {error}"
            return self._fault(DigestError(what, fix="The terminal has the whole trace."))

    def frame(self, request: Request) -> Response:
        """Serve the mail's own HTML; pictures are fetched from outside only where asked.

        A frame to be `drawn` carries them in itself: no script may read what came from elsewhere.
        """
        shown = self._page(self._asked(request))
        html = shown.page.html if shown.page else ""
        if client := CLIENTS.get(request.query_params.get("view", "")):
            html = client(html).html
        scheme = request.query_params.get("scheme")
        if request.query_params.get("drawn") == "1":
            urls = pictures_of(html) if _wants_pictures(request) else ()
            carried = self._backend.pictures(urls) if urls else {}
            html = with_pictures(html, carried)
            return frame_response(html, scheme, _NO_PICTURES, reachable=True)
        if _wants_pictures(request):
            return frame_response(html, scheme, ANY_PICTURES, reachable=True)
        return frame_response(without_pictures(html), scheme, _NO_PICTURES, reachable=True)

    def download(self, request: Request) -> Response:
        """Return the mail as HTML, text or a whole message."""
        kind = request.path_params["kind"]
        shown = self._page(self._asked(request))
        if shown.page is None or kind not in _DOWNLOADS:
            raise HTTPException(404, "There is no such file.")
        media, content = _DOWNLOADS[kind]
        name = shown.page.issue_key.replace("/", "-")
        headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
        return Response(content(shown), media_type=media, headers=headers)

    async def act(self, request: Request) -> Response:
        """Carry one form out, and go back to the page with a sentence of what happened."""
        fields = await read_fields(request)
        told = await run_in_threadpool(
            lambda: self._acting.acted(self._asked(request), fields, self._sitting_at(request))
        )
        with self._lock:
            self._built.clear()  # an approval or a hold changes no file
        answer = "reader" if told.reader else "told"
        once = {"told", "edit", "merge", answer}
        query = [one for one in request.query_params.multi_items() if one[0] not in once]
        query.append((answer, self._told.keep(told)))
        return RedirectResponse(
            f"/edition/{request.path_params['edition']}?{urlencode(query)}", 303
        )

    async def events(self, request: Request) -> Response:
        """Stream the state's name whenever it changes (Server-Sent Events, HTML Standard 9.2)."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = self._stamps(request)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def missing(self, _request: Request, error: Exception) -> Response:
        """Say what is not there, with the way back."""
        detail = error.detail if isinstance(error, HTTPException) else ""
        fault = {"title": "Not here", "what": detail, "where": "", "fix": "Go back to /."}
        return self._pages.page("preview-fault.html", {"fault": fault, "stamp": ""}, status=404)

    async def _stamps(self, request: Request) -> AsyncIterator[str]:
        """Look at the files ten times a second, and at the store once."""
        yield "retry: 300\n\n"
        stamp, mark, looks = "", "", 0
        while not await request.is_disconnected():
            now = await run_in_threadpool(self._backend.files_mark)
            if now != mark or looks % _LOOKS_A_STORE == 0:
                mark = now
                found = await run_in_threadpool(self._stamp)
                if found != stamp:
                    stamp = found
                    yield f"data: {stamp}\n\n"
            looks += 1
            await asyncio.sleep(_LOOK_SECONDS)

    def _sitting_at(self, request: Request) -> Sitting:
        """Return who sits at the desk: as the way in says, or whoever started it."""
        found = request.scope.get(SITTING, self._sitting)
        return found if isinstance(found, Sitting) else Sitting()

    def _shown(self, request: Request, asked: Asked, shown: DeskPage) -> Response:
        query = request.query_params
        pictures, panel = _wants_pictures(request), query.get("panel", "stories")
        panel = panel if panel in _PANELS else "stories"
        kept = _kept(request, asked, panel)
        edit = query.get("edit", "")
        rows = (row for section in shown.stories for row in section.rows)
        sitting = self._sitting_at(request)
        context = {
            "stamp": self._stamp(),
            "editions": self._backend.editions(),
            "shown": shown,
            "page": shown.page,
            "asked": asked,
            "chosen": _chosen(asked, shown),
            "viewer": viewer_of(shown, query, kept, pictures=pictures),
            "panel": panel,
            "beside": self._backend.beside(asked, panel, shown),
            "pictures": pictures,
            "merging": _merging(query.get("merge", ""), shown),
            "editing": next((row for row in rows if row.id == edit), None),
            "told": self._told.get(query.get("told", "")),
            "may_change": sitting.may_change,
            "sitting": sitting,
            "has_audience": self._has_audience,
            "query": urlencode(kept),
            "kept": urlencode([field for field in kept if field[0] not in {"panel", "merge"}]),
            "sections": dict(shown.edition.sections),
        }
        answer = self._pages.page("desk.html", context)
        answer.headers["Content-Security-Policy"] = _POLICY
        if query.get("pictures") in {"on", "off"}:
            answer.set_cookie(
                _REMEMBERS_PICTURES, query["pictures"], max_age=31_536_000, samesite="strict"
            )
        return answer

    def _asked(self, request: Request) -> Asked:
        wanted, query = request.path_params["edition"], request.query_params
        edition = next((one for one in self._backend.editions() if one.id == wanted), None)
        if edition is None:
            raise HTTPException(404, f'There is no edition "{wanted}" in the configuration.')
        known = {id_ for id_, _ in edition.sections}
        chosen = frozenset(query.getlist("section")) & known
        slot = query.get("slot", "").strip()
        again = bool(slot) and query.get("again") == "1"
        reader = self._told.get(query.get("reader", "")).reader
        return Asked(wanted, frozenset() if chosen == known else chosen, slot, again, reader)

    def _page(self, asked: Asked) -> DeskPage:
        """Build an issue once for page, frames and forms; at most a few are kept."""
        key = (self._stamp(), asked)
        with self._lock:
            if key not in self._built:
                page = self._backend.page(asked)
                while len(self._built) >= _KEPT:
                    del self._built[next(iter(self._built))]
                self._built[key] = page
            return self._built[key]

    def _stamp(self) -> str:
        try:
            return self._backend.stamp()
        except DigestError as error:
            return f"fault-{abs(hash(str(error)))}"

    def _fault(self, error: DigestError) -> Response:
        fault = {
            "title": "This cannot be shown yet",
            "what": error.what,
            "where": error.where,
            "fix": error.fix,
        }
        context = {"fault": fault, "stamp": self._stamp()}
        return self._pages.page("desk-fault.html", context, status=500)


_Content = Callable[[DeskPage], bytes]


def _part(name: str) -> _Content:
    def content(shown: DeskPage) -> bytes:
        found = getattr(shown.page, name)
        return found if isinstance(found, bytes) else str(found).encode()

    return content


_DOWNLOADS: dict[str, tuple[str, _Content]] = {
    "html": ("text/html; charset=utf-8", _part("html")),
    "txt": ("text/plain; charset=utf-8", _part("text")),
    "eml": ("message/rfc822", _part("eml")),
}


def _wants_pictures(request: Request) -> bool:
    asked = request.query_params.get("pictures") or request.cookies.get(_REMEMBERS_PICTURES)
    return asked == "on"


def _chosen(asked: Asked, shown: DeskPage) -> frozenset[str]:
    """Return the sections of the mail that is shown."""
    own = shown.reader.sections if shown.reader else asked.sections
    return own or frozenset(id_ for id_, _ in shown.edition.sections)


def _merging(story: str, shown: DeskPage) -> MergedArticle | None:
    """Return the story that another one is to be merged with, if it is among the articles."""
    title = shown.own_titles.get(story, "")
    return MergedArticle(story, title, "") if title else None


def _kept(request: Request, asked: Asked, panel: str) -> tuple[tuple[str, str], ...]:
    """Return the query's fields that every link of the page keeps."""
    fields = [("section", name) for name in sorted(asked.sections)]
    if asked.reader:
        fields.append(("reader", request.query_params["reader"]))
    if asked.slot:
        fields.append(("slot", asked.slot))
    if asked.again:
        fields.append(("again", "1"))
    if merge := request.query_params.get("merge", ""):
        fields.append(("merge", merge))
    if panel != "stories":
        fields.append(("panel", panel))
    return tuple(fields)
