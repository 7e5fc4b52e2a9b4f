"""The JSON endpoint: what there is to subscribe to, and a wish to do so.

The same limits, words and time as the form's. Only scripts of the origins in [readers] may read an
answer (CORS, the Fetch standard); everybody else uses the form, which needs no script.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from digest.web.embed.description import LONGEST, MOST_EDITIONS, MOST_SECTIONS, openapi
from digest.web.readers.contract import SignupBackend, SignupForm, WishRefused
from digest.web.readers.desk import Desk
from digest.web.readers.signing_up import BEAT_SECONDS, TRAP, network_of, until_beat

if TYPE_CHECKING:
    from starlette.requests import Request

_SENTENCES = {
    "email": "page_no_email",
    "editions": "page_no_editions",
    "busy": "page_busy",
    "form": "page_form_old",
}


class JsonEndpoint:
    """A list to choose from, a wish, and what both are like; one method each."""

    def __init__(
        self,
        backend: SignupBackend,
        origins: Sequence[str],
        url: str = "",
        beat: float = BEAT_SECONDS,
    ) -> None:
        """Stand at `url`. Answers go out on a multiple of `beat` seconds, as the form's do."""
        self._backend = backend
        self._url = url
        self._origins = frozenset(origins)
        self._beat = beat

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return /api/editions, /api/subscribe and their description."""
        self._desk = desk
        return [
            Route("/api/openapi.json", self.description, methods=["GET"]),
            Route("/api/editions", self.editions, methods=["GET"]),
            Route("/api/subscribe", self.preflight, methods=["OPTIONS"]),
            Route("/api/subscribe", self.subscribe, methods=["POST"]),
        ]

    def description(self, request: Request) -> Response:
        """Describe the endpoint as OpenAPI."""
        return self._answer(request, openapi(self._desk.site.name, self._url))

    def editions(self, request: Request) -> Response:
        """List the editions with their sections."""
        found = [
            {
                "id": edition.id,
                "title": edition.title,
                "sections": [{"id": name, "title": title} for name, title in edition.sections],
            }
            for edition in self._backend.editions()
        ]
        return self._answer(request, {"editions": found})

    async def preflight(self, request: Request) -> Response:
        """Say to a browser whether a script of its page may post."""
        answer = Response(status_code=204)
        self._allow(request, answer)
        if "Access-Control-Allow-Origin" in answer.headers:
            answer.headers["Access-Control-Allow-Methods"] = "POST"
            answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
            answer.headers["Access-Control-Max-Age"] = "600"
        return answer

    async def subscribe(self, request: Request) -> Response:
        """Take a wish: 202 whoever asks, 422 for what cannot be one, 429 when all are too many."""
        began = monotonic()
        answer = await self._subscribed(request)
        await asyncio.sleep(until_beat(monotonic() - began, self._beat))
        return answer

    async def _subscribed(self, request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            # Forms of other origins can be sent without asking first; JSON cannot.
            return self._answer(request, {"error": "Send application/json."}, 415)
        try:
            body = await request.body()
        except HTTPException as error:
            return self._answer(request, {"error": error.detail}, error.status_code)
        try:
            said = json.loads(body)
            form = _form(said, network_of(request))
        except (ValueError, RecursionError):
            return self._refused(request, "form", "", 422)
        if isinstance(said, dict) and said.get(TRAP):
            return self._taken(request, form.locale)
        try:
            words = str(self._words(form.locale))
            await run_in_threadpool(self._backend.ask, _agreed(form, words))
        except WishRefused as refused:
            return self._refused(request, refused.why, form.locale, refused.status)
        return self._taken(request, form.locale)

    def _words(self, locale: str) -> str:
        return str(self._desk.speech(locale).say("page_consent", site=self._desk.site.name))

    def _taken(self, request: Request, locale: str) -> Response:
        words = self._desk.speech(locale)
        return self._answer(request, {"message": str(words["page_check_text"])}, 202)

    def _refused(self, request: Request, why: str, locale: str, status: int) -> Response:
        words = self._desk.speech(locale)
        return self._answer(request, {"error": str(words[_SENTENCES[why]]), "field": why}, status)

    def _answer(self, request: Request, said: object, status: int = 200) -> Response:
        answer = JSONResponse(said, status_code=status)
        self._allow(request, answer)
        return answer

    def _allow(self, request: Request, answer: Response) -> None:
        answer.headers["Vary"] = "Origin"
        origin = request.headers.get("origin", "")
        if origin in self._origins:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _form(said: Any, network: str) -> SignupForm:  # noqa: ANN401 - whatever JSON holds
    """Read {"email", "editions": {id: [section, …]} or [id, …], "locale"}. ValueError."""
    if not isinstance(said, dict):
        raise ValueError("not an object")  # noqa: TRY004 - told as what it is: a bad request
    editions = said.get("editions", {})
    if isinstance(editions, list):
        editions = {_text(name): [] for name in editions}
    if not isinstance(editions, dict) or len(editions) > MOST_EDITIONS:
        raise ValueError("editions")
    return SignupForm(
        email=_text(said.get("email", "")),
        editions={_text(name): _names(chosen) for name, chosen in editions.items()},
        network=network,
        locale=_text(said.get("locale", "")),
    )


def _names(chosen: Any) -> frozenset[str]:  # noqa: ANN401 - as above
    if not isinstance(chosen, list) or len(chosen) > MOST_SECTIONS:
        raise ValueError("sections")
    return frozenset(map(_text, chosen))


def _text(value: Any) -> str:  # noqa: ANN401 - as above
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError("not a text")
    # A lone surrogate is JSON, and no text that can be stored.
    value.encode()
    return value


def _agreed(form: SignupForm, words: str) -> SignupForm:
    return SignupForm(form.email, form.editions, form.network, words, form.locale, way="api")
