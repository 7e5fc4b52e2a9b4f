"""The pages of a known reader: leave, preferences, and the issue in a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from digest.render.languages import languages
from digest.web.forms import first, read_form
from digest.web.readers.contract import (
    Action,
    Change,
    Reader,
    ReaderEdition,
    ReadersBackend,
    WishRefused,
)
from digest.web.readers.desk import PRIVATE, Desk, opened, up
from digest.web.readers.speech import language_names

if TYPE_CHECKING:
    from starlette.requests import Request

PAUSES = (7, 14, 30)
"""For how many days a reader may pause an edition."""

REASONS = ("many", "boring", "never", "other")
"""The reasons why a reader leaves, if they say so; each is a sentence of the catalogues."""

ISSUE_POLICY = (
    "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)

_FOR_ALL = frozenset({Action.LANGUAGE, Action.ADDRESS, Action.DATA})


class Managing:
    """The pages, one method each."""

    def __init__(self, backend: ReadersBackend) -> None:
        """Take what knows the readers."""
        self._backend = backend

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return /u/ leave, /p/ preferences, /v/ view in browser; a token may have a tail."""
        self._desk = desk
        return [
            Route("/u/{token:path}", self.ask, methods=["GET"]),
            Route("/u/{token:path}", self.unsubscribe, methods=["POST"]),
            Route("/p/{token:path}", self.preferences, methods=["GET"]),
            Route("/p/{token:path}", self.save, methods=["POST"]),
            Route("/v/{token:path}", self.issue, methods=["GET"]),
        ]

    def ask(self, request: Request) -> Response:
        """Show the page to leave by: one button, and nothing has happened yet."""
        reader = self._reader(request)
        return self._page("readers-unsubscribe.html", request, reader, reasons=REASONS)

    async def unsubscribe(self, request: Request) -> Response:
        """Unsubscribe, for the page's button and for one click alike (RFC 8058 section 3.2).

        The answer is 200 itself, without a redirect, and asks for no cookie.
        """
        form = await read_form(request)
        reason = next(iter(form.get("reason", [])), "")
        known = reason if reason in REASONS else ""
        token = request.path_params["token"]
        one_click = "List-Unsubscribe" in form
        left = opened(await self._backend.leave(token, known, one_click=one_click))
        if one_click:
            # A mail program asked, which shows its own words: a page would cost most of the answer.
            said = self._desk.speech(left.locale)["page_done"]
            return PlainTextResponse(str(said), headers=PRIVATE)
        context = {"left": left, "token": token}
        return self._desk.page(request, "readers-goodbye.html", context, locale=left.locale)

    def preferences(self, request: Request) -> Response:
        """Show every subscription of the reader."""
        done = request.query_params.get("done", "")
        return self._page(
            "readers-preferences.html",
            request,
            self._reader(request),
            done=done,
            pauses=PAUSES,
            languages=language_names(),
        )

    async def save(self, request: Request) -> Response:
        """Carry out one wish and show the preferences again."""
        form = await read_form(request)
        return await run_in_threadpool(self._saved, request, form)

    def issue(self, request: Request) -> Response:
        """Show the issue as the mail showed it, with no script and no form."""
        html = opened(self._backend.issue(request.path_params["token"]))
        return HTMLResponse(html, headers={**PRIVATE, "Content-Security-Policy": ISSUE_POLICY})

    def _reader(self, request: Request) -> Reader:
        return opened(self._backend.find(request.path_params["token"]))

    def _saved(self, request: Request, form: Mapping[str, list[str]]) -> Response:
        reader, token = self._reader(request), request.path_params["token"]
        for change in _wished(reader, form):
            self._backend.change(token, change)
        done = form["action"][0]
        return RedirectResponse(f"{up(request)}p/{token}?done={done}", status_code=303)

    def _page(
        self, template: str, request: Request, reader: Reader, **more: object
    ) -> HTMLResponse:
        context = {"reader": reader, "token": request.path_params["token"], **more}
        return self._desk.page(request, template, context, locale=reader.locale)


def _wished(reader: Reader, form: Mapping[str, list[str]]) -> list[Change]:
    """Read the preferences form. WishRefused for whatever it does not offer."""
    action = first(form, "action")
    if action == "unsubscribe-all":
        return [Change(one.id, Action.UNSUBSCRIBE) for one in reader.editions]
    if action not in set(Action):
        raise WishRefused("form")
    wish, wanted = Action(action), first(form, "edition")
    if wish in _FOR_ALL:
        return [_about_all(reader, wish, form)]
    if wish is Action.JOIN:
        if wanted not in {name for name, _ in reader.others}:
            raise WishRefused("form")
        return [Change(wanted, wish)]
    edition = next((one for one in reader.editions if one.id == wanted), None)
    if edition is None or (wish is Action.LESS and edition.less_often is None):
        raise WishRefused("form")
    return [_change(edition, wish, form)]


def _about_all(reader: Reader, wish: Action, form: Mapping[str, list[str]]) -> Change:
    """Read a wish that is about the reader, whichever edition the link came with."""
    value = first(form, "value").strip()
    if wish is Action.LANGUAGE and value.replace("-", "_") not in languages():
        raise WishRefused("form")
    if wish is Action.ADDRESS and not value:
        raise WishRefused("email")
    return Change(reader.edition, wish, value=value)


def _change(edition: ReaderEdition, action: Action, form: Mapping[str, list[str]]) -> Change:
    if action is Action.SECTIONS:
        known = {section.id for section in edition.sections}
        chosen = frozenset(form.get("section", [])) & known
        if not chosen:
            raise WishRefused("sections")
        return Change(edition.id, action, sections=chosen)
    if action is Action.PAUSE:
        days = first(form, "days")
        if days not in {str(number) for number in PAUSES}:
            raise WishRefused("days")
        return Change(edition.id, action, days=int(days))
    return Change(edition.id, action)
