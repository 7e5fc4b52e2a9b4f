"""The way into a desk that others reach: sign in by a link in a mail, then a session.

    Host and origin → session → what this editor may → the desk

The link leads to a page with a button, and the button opens the session: a scanner that opens every
link in a mail uses none up. What is answered to an address does not tell whether it has an account.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from digest.log import log
from digest.pipeline.desk.accounts import EditorAccount, account_key
from digest.web.desk.contract import SITTING, Sitting
from digest.web.desk.sessions import Sessions
from digest.web.forms import read_fields
from digest.web.local_access import cookie_of, refusal_of, with_referrer
from digest.web.pages import Pages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

_OWN = frozenset({"/sign-in", "/enter", "/leave"})
_EDITION = "/edition/"


class DoorAnswers(Protocol):
    """The questions of the door. Methods are called from worker threads and may be slow."""

    def account(self, key: str) -> EditorAccount | None:
        """Return the account of that key, as the configuration is now."""

    def may_ask(self, network: str, key: str) -> bool:
        """Count a request for a link; False if there were too many."""

    def may_enter(self, network: str) -> bool:
        """Count a link that is used; False if there were too many."""

    def may_act(self, key: str) -> bool:
        """Count a form of an account; False if there were too many."""

    def send(self, account: EditorAccount, link: str) -> None:
        """Send the mail with the link."""


class EditorsDoor:
    """ASGI application around the desk, for a server that others reach."""

    def __init__(
        self,
        app: ASGIApp,
        url: str,
        answers: DoorAnswers,
        sessions: Sessions,
        clock: Callable[[], datetime],
    ) -> None:
        """Take the desk, the address that editors know it by, and the accounts."""
        self._app = app
        self._url = url
        self._answers = answers
        self._sessions = sessions
        self._clock = clock
        self._secure = urlsplit(url).scheme == "https"
        self._cookie = "__Host-digest_desk" if self._secure else "digest_desk"
        self._pages = Pages()
        self._own = Starlette(
            routes=[
                Route("/sign-in", self._asked, methods=["GET"]),
                Route("/sign-in", self._sent, methods=["POST"]),
                Route("/enter", self._shown, methods=["GET"]),
                Route("/enter", self._entered, methods=["POST"]),
                Route("/leave", self._left, methods=["POST"]),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = refusal_of(scope, frozenset({self._url}))
        if answer is None and scope["path"] in _OWN:
            await self._own(scope, receive, with_referrer(send))
            return
        if answer is None and not scope["path"].startswith("/static/"):
            answer = await run_in_threadpool(self._let_in, scope)
        await (answer or self._app)(scope, receive, with_referrer(send))

    def _let_in(self, scope: Scope) -> Response | None:
        """Say in the scope who asks and what they may, or return what keeps them out.

        Both go by the configuration of this moment.
        """
        key = self._sessions.account_of(self._session(scope), self._clock())
        account = self._answers.account(key) if key else None
        if account is None:
            return _locked_out(scope)
        if scope["method"] == "POST" and not self._answers.may_act(key):
            return PlainTextResponse("Too many changes at once. Wait some minutes.\n", 429)
        path = scope["path"]
        edition = path[len(_EDITION) :].partition("/")[0] if path.startswith(_EDITION) else ""
        may_change = edition in account.changes
        scope[SITTING] = Sitting(account.name, may_change, may_find=may_change, way_out="/leave")
        return None

    def _session(self, scope: Scope) -> str:
        return cookie_of(scope, self._cookie)

    def _page(self, step: str, status: int = 200, **more: object) -> Response:
        """Return one of the door's pages."""
        return self._pages.page(
            "desk-door.html", {"step": step, "key": "", "name": "", **more}, status
        )

    async def _asked(self, _request: Request) -> Response:
        return self._page("ask")

    async def _sent(self, request: Request) -> Response:
        """Send a link, after the answer: its time tells nothing of the address."""
        fields = await read_fields(request)
        key = account_key(fields.get("address", ""))
        if not await run_in_threadpool(self._answers.may_ask, _network(request), key):
            return self._page("too-many", 429)
        answer = self._page("sent")
        answer.background = BackgroundTask(self._send, key)
        return answer

    def _send(self, key: str) -> None:
        account = self._answers.account(key) if key else None
        if account is None:
            log.info("somebody without an account asked for a link to the desk")
            return
        query = urlencode({"key": self._sessions.link(key, self._clock())})
        self._answers.send(account, f"{self._url}/enter?{query}")
        log.info("a link to the desk is on its way", to=account.name)

    async def _shown(self, request: Request) -> Response:
        """Show the button; looking at it changes nothing."""
        token = request.query_params.get("key", "")
        key = self._sessions.account_of_link(token, self._clock())
        account = await run_in_threadpool(self._answers.account, key) if key else None
        if account is None:
            return self._page("over", 403)
        return self._page("enter", key=token, name=account.name)

    async def _entered(self, request: Request) -> Response:
        """Open a session."""
        if not await run_in_threadpool(self._answers.may_enter, _network(request)):
            return self._page("too-many", 429)
        fields = await read_fields(request)
        session = self._sessions.enter(fields.get("key", ""), self._clock())
        if not session:
            return self._page("over", 403)
        self._sessions.leave(self._session(request.scope))
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            self._cookie, session, httponly=True, secure=self._secure, samesite="lax", path="/"
        )
        log.info("an editor signed in")
        return answer

    async def _left(self, request: Request) -> Response:
        """End the session."""
        self._sessions.leave(self._session(request.scope))
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(
            self._cookie, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
        return answer


def _network(request: Request) -> str:
    return request.client.host if request.client else ""


def _locked_out(scope: Scope) -> Response:
    """Send a person to the way in; a script and a form are told."""
    if scope["method"] == "GET" and scope["path"] != "/events":
        return RedirectResponse("/sign-in", 303)
    return PlainTextResponse("You are not signed in. Nothing was changed.\n", 401)
