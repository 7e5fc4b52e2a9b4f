"""The desk's pages: one that shows the issue, one way in for changes, and the events that renew it.

A page works without its script: every button is a form, every view a link. The script sends the
same forms and puts what comes back in the place of what is there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from digest.errors import DigestError
from digest.log import log
from digest.pipeline.desk.overlay_file import OverlayChanged
from digest.web.desk.contract import Asked, DeskAnswers, DeskPage
from digest.web.desk.forms import change_asked
from digest.web.desk.letters import differing_lines, viewer_of
from digest.web.pages import Pages, static_files
from digest.web.server.front import Front, FrontRules
from digest.web.viewer import ANY_PICTURES, frame_response

if TYPE_CHECKING:
    from starlette.requests import Request

_LARGEST_FORM = 256 * 1024
_LOOK_SECONDS = 0.1
_LOOKS_A_STORE = 10
_KEPT = 50
_NO_PICTURES = "data:"
_REMEMBERS_PICTURES = "digest_pictures"
_PANELS = ("stories", "left", "words", "checks", "readers")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a form: words, and after a conflict what differs and the form once more."""

    words: str = ""
    wrong: bool = False
    differences: tuple[str, ...] = ()
    again: Mapping[str, str] = field(default_factory=dict)


def make_desk(
    backend: DeskAnswers, *, may_change: bool, audience: BaseRoute | None = None
) -> Front:
    """Build the desk's application; `audience` is a page of it that the others link to."""
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
    return Front(app, FrontRules(largest_body=_LARGEST_FORM))


class _Desk:
    """The desk's pages, one method each."""

    def __init__(self, backend: DeskAnswers, *, may_change: bool, has_audience: bool) -> None:
        self._backend = backend
        self._may_change = may_change
        self._has_audience = has_audience
        self._pages = Pages()
        self._lock = threading.Lock()
        self._built: dict[tuple[str, Asked], DeskPage] = {}
        self._told: dict[str, Told] = {}

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
        """Serve the mail's own HTML; pictures are fetched from outside only where asked."""
        shown = self._page(self._asked(request))
        html = shown.page.html if shown.page else ""
        pictures = ANY_PICTURES if _wants_pictures(request) else _NO_PICTURES
        return frame_response(html, request.query_params.get("scheme"), pictures)

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
        body = (await request.body()).decode("utf-8", "replace")
        fields = dict(parse_qsl(body, keep_blank_values=True))
        name = await run_in_threadpool(lambda: self._keep(self._acted(request, fields)))
        query = [
            one for one in request.query_params.multi_items() if one[0] not in {"told", "edit"}
        ]
        address = f"/edition/{request.path_params['edition']}?{urlencode([*query, ('told', name)])}"
        return RedirectResponse(address, 303)

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

    def _keep(self, told: Told) -> str:
        """Keep what is to be told once the page is back; return its name."""
        name = token_hex(6)
        with self._lock:
            self._built.clear()  # an approval or a hold changes no file
            self._told[name] = told
            while len(self._told) > _KEPT:
                del self._told[next(iter(self._told))]
        return name

    def _acted(self, request: Request, fields: dict[str, str]) -> Told:
        if not self._may_change:
            return Told("This is the preview: it changes nothing. Start `digest desk`.", wrong=True)
        asked = self._asked(request)
        action, version = fields.get("action", ""), fields.get("version", "")
        try:
            return Told(self._carried_out(asked, action, version, fields))
        except OverlayChanged as error:
            differ = differing_lines(error.seen, error.now.text)
            again = {} if action in {"undo", "redo"} else fields
            return Told(str(error), wrong=True, differences=differ, again=again)
        except DigestError as error:
            return Told(str(error), wrong=True)

    def _carried_out(self, asked: Asked, action: str, version: str, fields: dict[str, str]) -> str:
        """Do what a form asks; return a sentence of what was done. Raises DigestError."""
        backend = self._backend
        others: dict[str, Callable[[], str]] = {
            "undo": lambda: f"Undone: {backend.undo(asked, version)}.",
            "redo": lambda: f"Made again: {backend.redo(asked, version)}.",
            "approve": lambda: backend.approve(asked, fields.get("sha256", "")),
            "hold": lambda: backend.hold(asked),
            "release": lambda: backend.release(asked),
            "test": lambda: backend.test(asked, fields.get("to", "").strip()),
        }
        if action in others:
            return others[action]()
        wanted = change_asked(action, fields, self._page(asked))
        backend.change(asked, version, wanted.change, wanted.words)
        return f"Done: {wanted.words}."

    def _shown(self, request: Request, asked: Asked, shown: DeskPage) -> Response:
        query = request.query_params
        pictures, panel = _wants_pictures(request), query.get("panel", "stories")
        panel = panel if panel in _PANELS else "stories"
        kept = _kept(asked, panel)
        edit = query.get("edit", "")
        rows = (row for section in shown.stories for row in section.rows)
        context = {
            "stamp": self._stamp(),
            "editions": self._backend.editions(),
            "shown": shown,
            "page": shown.page,
            "asked": asked,
            "chosen": asked.sections or frozenset(id_ for id_, _ in shown.edition.sections),
            "viewer": viewer_of(shown, query, kept, pictures=pictures),
            "panel": panel,
            "pictures": pictures,
            "editing": next((row for row in rows if row.id == edit), None),
            "told": self._told.get(query.get("told", ""), Told()),
            "may_change": self._may_change,
            "has_audience": self._has_audience,
            "query": urlencode(kept),
            "sections": dict(shown.edition.sections),
        }
        answer = self._pages.page("desk.html", context)
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
        return Asked(wanted, frozenset() if chosen == known else chosen, slot, again)

    def _page(self, asked: Asked) -> DeskPage:
        """Build an issue once for page, frames and forms; at most a few are kept."""
        key = (self._stamp(), asked)
        with self._lock:
            if key not in self._built:
                page = self._backend.page(asked)
                while len(self._built) >= _KEPT // 8:
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


def _kept(asked: Asked, panel: str) -> tuple[tuple[str, str], ...]:
    """Return the query's fields that every link of the page keeps."""
    fields = [("section", name) for name in sorted(asked.sections)]
    if asked.slot:
        fields.append(("slot", asked.slot))
    if asked.again:
        fields.append(("again", "1"))
    if panel != "stories":
        fields.append(("panel", panel))
    return tuple(fields)
