"""The readers' pages: unsubscribe, preferences, and the issue in a browser.

A GET changes nothing, because scanners open every link of a mail (invariant 11). The token in the
address is the only key: no cookie, no login. What a token means, the backend knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from digest.web.forms import read_form
from digest.web.front import Front, FrontRules
from digest.web.pages import Pages, static_files
from digest.web.speech import Speech

if TYPE_CHECKING:
    from starlette.requests import Request

PAUSES = (7, 14, 30)
"""For how many days a reader may pause an edition."""

_ISSUE_POLICY = (
    "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
_PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}


class LinkProblem(StrEnum):
    """Why a token opens nothing: never ours (404), or no longer good (410)."""

    UNKNOWN = "unknown"
    RETIRED = "retired"

    @property
    def status(self) -> int:
        """The HTTP status: RFC 9110 sections 15.5.5 and 15.5.11."""
        return 404 if self is LinkProblem.UNKNOWN else 410


class ReaderState(StrEnum):
    """A reader's relation to one edition, as these pages tell it."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section of an edition, and whether the reader gets it."""

    id: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReaderEdition:
    """One subscription. `paused_until` is the first local day on which mail comes again."""

    id: str
    title: str
    state: ReaderState
    sections: tuple[SectionChoice, ...]
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader whom a token speaks for. `edition` is the one whose mail carried the link.

    `address` is shown to whoever holds the link: mask it ("a…@reader.example"), mails are
    forwarded.
    """

    address: str
    edition: str
    editions: tuple[ReaderEdition, ...]

    @property
    def current(self) -> ReaderEdition:
        """The subscription whose mail carried the link."""
        return next(one for one in self.editions if one.id == self.edition)


class Action(StrEnum):
    """A reader's order; RESUME ends a pause and also undoes an unsubscription."""

    SECTIONS = "sections"
    PAUSE = "pause"
    RESUME = "resume"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Change:
    """One wish: `sections` go with SECTIONS (never empty), `days` with PAUSE."""

    edition: str
    action: Action
    sections: frozenset[str] = frozenset()
    days: int = 0


class ReadersBackend(Protocol):
    """The questions of the readers' pages. Methods are called from worker threads."""

    def find(self, token: str) -> Reader | LinkProblem:
        """Say whom a token speaks for. Any text may come: it is from the address."""

    def change(self, token: str, change: Change) -> None:
        """Carry out a wish; doing it again changes nothing more."""

    def issue(self, token: str) -> str | LinkProblem:
        """Return the HTML of the issue and variant this token's mail showed."""


def make_public(
    backend: ReadersBackend,
    *,
    site_name: str,
    site_url: str,
    language: str = "en",
    rules: FrontRules | None = None,
) -> Front:
    """Build the readers' application: /u/ unsubscribe, /p/ preferences, /v/ view in browser.

    The site's name and address head every page, also the one for a token nobody knows. RenderError
    for a language (BCP 47) that is none.
    """
    said: dict[str, object] = {"site_name": site_name, "site_url": site_url}
    public = _Public(backend, {**said, "words": Speech(language)})
    app = Starlette(
        routes=[
            Route("/u/{token}", public.ask, methods=["GET"]),
            Route("/u/{token}", public.unsubscribe, methods=["POST"]),
            Route("/p/{token}", public.preferences, methods=["GET"]),
            Route("/p/{token}", public.save, methods=["POST"]),
            Route("/v/{token}", public.issue, methods=["GET"]),
            static_files(),
        ],
        exception_handlers=dict.fromkeys((404, 410, 413, 422), public.problem),
    )
    return Front(app, rules)


class _Refused(HTTPException):
    """A wish that is not offered: `wish` says what about it, and the page says it in words."""

    def __init__(self, wish: Literal["form", "sections", "days"]) -> None:
        super().__init__(422)
        self.wish = wish


class _Public:
    """The readers' pages, one method each."""

    def __init__(self, backend: ReadersBackend, site: Mapping[str, object]) -> None:
        self._backend = backend
        self._site = site
        self._pages = Pages()

    def ask(self, request: Request) -> Response:
        """Show the unsubscribe page: one button, and nothing has happened yet."""
        return self._page("readers-unsubscribe.html", request, self._reader(request))

    async def unsubscribe(self, request: Request) -> Response:
        """Unsubscribe, for the page's button and for one click alike (RFC 8058 section 3.2).

        The answer is 200 itself, without a redirect, and asks for no cookie.
        """
        await read_form(request)
        return await run_in_threadpool(self._unsubscribed, request)

    def preferences(self, request: Request) -> Response:
        """Show every subscription of the reader."""
        done = request.query_params.get("done", "")
        return self._page(
            "readers-preferences.html", request, self._reader(request), done=done, pauses=PAUSES
        )

    async def save(self, request: Request) -> Response:
        """Carry out one wish and show the preferences again."""
        form = await read_form(request)
        return await run_in_threadpool(self._saved, request, form)

    def issue(self, request: Request) -> Response:
        """Show the issue as the mail showed it, with no script and no form."""
        html = self._backend.issue(request.path_params["token"])
        if isinstance(html, LinkProblem):
            raise HTTPException(html.status)
        headers = {**_PRIVATE, "Content-Security-Policy": _ISSUE_POLICY}
        return HTMLResponse(html, headers=headers)

    async def problem(self, request: Request, error: Exception) -> Response:
        """Say in plain words what is wrong with a link or a wish, and what to do."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        wish = error.wish if isinstance(error, _Refused) else "form" if status == 413 else ""  # noqa: PLR2004 - a form that is too large
        up = "../" * (request.url.path.count("/") - 1)
        context = {**self._site, "status": status, "wish": wish, "up": up}
        return self._pages.page("readers-problem.html", context, status=status)

    def _reader(self, request: Request) -> Reader:
        found = self._backend.find(request.path_params["token"])
        if isinstance(found, LinkProblem):
            raise HTTPException(found.status)
        return found

    def _unsubscribed(self, request: Request) -> Response:
        reader = self._reader(request)
        change = Change(reader.edition, Action.UNSUBSCRIBE)
        self._backend.change(request.path_params["token"], change)
        return self._page("readers-goodbye.html", request, self._reader(request))

    def _saved(self, request: Request, form: Mapping[str, list[str]]) -> Response:
        reader = self._reader(request)
        token = request.path_params["token"]
        for change in _wished(reader, form):
            self._backend.change(token, change)
        done = form["action"][0]
        return RedirectResponse(f"../p/{token}?done={done}", status_code=303)

    def _page(
        self, template: str, request: Request, reader: Reader, **more: object
    ) -> HTMLResponse:
        token = request.path_params["token"]
        context = {**self._site, "reader": reader, "token": token, "up": "../", **more}
        answer = self._pages.page(template, context)
        answer.headers.update(_PRIVATE)
        return answer


def _wished(reader: Reader, form: Mapping[str, list[str]]) -> list[Change]:
    """Read the preferences form; whatever it does not offer is refused with 422."""
    action = next(iter(form.get("action", [])), "")
    if action == "unsubscribe-all":
        return [Change(one.id, Action.UNSUBSCRIBE) for one in reader.editions]
    wanted = next(iter(form.get("edition", [])), "")
    edition = next((one for one in reader.editions if one.id == wanted), None)
    if edition is None or action not in set(Action):
        raise _Refused("form")
    return [_change(edition, Action(action), form)]


def _change(edition: ReaderEdition, action: Action, form: Mapping[str, list[str]]) -> Change:
    if action is Action.SECTIONS:
        known = {section.id for section in edition.sections}
        chosen = frozenset(form.get("section", [])) & known
        if not chosen:
            raise _Refused("sections")
        return Change(edition.id, action, sections=chosen)
    if action is Action.PAUSE:
        days = next(iter(form.get("days", [])), "")
        if days not in {str(number) for number in PAUSES}:
            raise _Refused("days")
        return Change(edition.id, action, days=int(days))
    return Change(edition.id, action)
