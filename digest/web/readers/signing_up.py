"""Subscribing: the form, "check your mail", and the link that confirms.

The form is answered after a fixed time and in the same words, whether the address is new, known or
suppressed: only its owner's mailbox learns which.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from digest.web.forms import first, read_form
from digest.web.readers.contract import SignupBackend, SignupForm, WishRefused
from digest.web.readers.desk import Desk, opened, up

if TYPE_CHECKING:
    from starlette.requests import Request

TRAP = "website"
"""A field that people do not see: whoever fills it in is a program."""

BEAT_SECONDS = 0.3


class SigningUp:
    """The pages, one method each."""

    def __init__(self, backend: SignupBackend, beat: float = BEAT_SECONDS) -> None:
        """Answers to the form go out on a multiple of `beat` seconds after it came."""
        self._backend = backend
        self._beat = beat

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return the form, its answer, and the link that confirms."""
        self._desk = desk
        return [
            Route("/", self.form, methods=["GET"]),
            Route("/subscribe", self.form, methods=["GET"]),
            Route("/subscribe", self.subscribe, methods=["POST"]),
            Route("/subscribe/sent", self.sent, methods=["GET"]),
            Route("/help", self.help, methods=["GET"]),
            Route("/c/{token:path}", self.ask, methods=["GET"]),
            Route("/c/{token:path}", self.confirm, methods=["POST"]),
        ]

    def form(self, request: Request) -> Response:
        """Show the form; `lang` and `edition` in the query choose its words and what is ticked."""
        locale = request.query_params.get("lang", "")
        wanted = set(request.query_params.getlist("edition"))
        return self._form(request, locale, wanted)

    async def subscribe(self, request: Request) -> Response:
        """Take the form. The answer says the same to everybody, after the same time."""
        began = monotonic()
        form = await read_form(request)
        answer = await run_in_threadpool(self._taken, request, form)
        await asyncio.sleep(until_beat(monotonic() - began, self._beat))
        return answer

    def sent(self, request: Request) -> Response:
        """Say to look into the mailbox."""
        locale = request.query_params.get("lang", "")
        return self._desk.page(request, "readers-check.html", {}, locale=locale)

    def help(self, request: Request) -> Response:
        """Say where the links are by which a reader changes something (List-Help, RFC 2369)."""
        locale = request.query_params.get("lang", "")
        return self._desk.page(request, "readers-help.html", {}, locale=locale)

    def ask(self, request: Request) -> Response:
        """Show what a link confirms: one button, and nothing has happened yet."""
        found = opened(self._backend.to_confirm(request.path_params["token"]))
        context = {"found": found, "token": request.path_params["token"]}
        return self._desk.page(request, "readers-confirm.html", context, locale=found.locale)

    async def confirm(self, request: Request) -> Response:
        """Take the reader's word."""
        await read_form(request)
        return await run_in_threadpool(self._confirmed, request)

    def _confirmed(self, request: Request) -> Response:
        found = opened(self._backend.confirm(request.path_params["token"], network_of(request)))
        return self._desk.page(
            request, "readers-welcome.html", {"found": found}, locale=found.locale
        )

    def _taken(self, request: Request, form: Mapping[str, list[str]]) -> Response:
        locale = first(form, "locale")
        if first(form, TRAP):
            return _to_check(request, locale)
        try:
            self._backend.ask(read_signup(form, network_of(request), self._words(locale)))
        except WishRefused as refused:
            wanted = set(form.get("edition", []))
            return self._form(request, locale, wanted, refused, first(form, "email"), form)
        return _to_check(request, locale)

    def _words(self, locale: str) -> str:
        """Return the sentence that the form shows above its button: what is agreed to."""
        return str(self._desk.speech(locale).say("page_consent", site=self._desk.site.name))

    def _form(  # noqa: PLR0913, PLR0917 - what stands in it again after a mistake
        self,
        request: Request,
        locale: str,
        wanted: set[str],
        refused: WishRefused | None = None,
        email: str = "",
        form: Mapping[str, list[str]] | None = None,
    ) -> Response:
        editions = self._backend.editions()
        context = {
            "editions": editions,
            "wanted": wanted & {one.id for one in editions} or {one.id for one in editions[:1]},
            "why": refused.why if refused else "",
            "email": email,
            "form": form or {},
            "locale": locale,
            "trap": TRAP,
        }
        status = refused.status if refused else 200
        return self._desk.page(
            request, "readers-subscribe.html", context, locale=locale, status=status
        )


def read_signup(form: Mapping[str, list[str]], network: str, words: str) -> SignupForm:
    """Return what a form asks for; sections are named "edition.section", or for all editions."""
    chosen = form.get("section", [])
    common = {name for name in chosen if "." not in name}
    editions = {
        edition: frozenset(
            common | {name.partition(".")[2] for name in chosen if name.startswith(f"{edition}.")}
        )
        for edition in form.get("edition", [])
    }
    return SignupForm(
        email=first(form, "email").strip(),
        editions=editions,
        network=network,
        words=words,
        locale=first(form, "locale"),
    )


def until_beat(taken: float, beat: float) -> float:
    """Return the seconds until the next multiple of `beat`: how long it took shows in nothing."""
    return beat * math.ceil((taken + 1e-9) / beat) - taken if beat else 0.0


def network_of(request: Request) -> str:
    """Return the address that a request came from; front.py has seen to proxies."""
    return request.client.host if request.client else ""


def _to_check(request: Request, locale: str) -> Response:
    known = locale if locale.replace("-", "").isalnum() else ""
    query = f"?lang={known}" if known else ""
    return RedirectResponse(f"{up(request)}subscribe/sent{query}", status_code=303)
