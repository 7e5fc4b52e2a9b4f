"""A reader's own address and data: each by a link of its own power that expires."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from digest.web.forms import read_form
from digest.web.readers.contract import OwnBackend
from digest.web.readers.desk import PRIVATE, Desk, opened

if TYPE_CHECKING:
    from starlette.requests import Request


class OwnPages:
    """The pages, one method each."""

    def __init__(self, backend: OwnBackend) -> None:
        """Take what knows the readers."""
        self._backend = backend

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return /n/ the new address, /d/ the data, and the data as a file."""
        self._desk = desk
        return [
            Route("/n/{token:path}", self.ask_address, methods=["GET"]),
            Route("/n/{token:path}", self.use_address, methods=["POST"]),
            Route("/d/{token}/data.json", self.download, methods=["GET"]),
            Route("/d/{token:path}", self.data, methods=["GET"]),
            Route("/d/{token:path}", self.erase, methods=["POST"]),
        ]

    def ask_address(self, request: Request) -> Response:
        """Show the new address and one button."""
        address = opened(self._backend.new_address(request.path_params["token"]))
        return self._address(request, address, done=False)

    async def use_address(self, request: Request) -> Response:
        """Make it the reader's."""
        await read_form(request)
        token = request.path_params["token"]
        address = opened(await run_in_threadpool(self._backend.use_address, token))
        return self._address(request, address, done=True)

    def data(self, request: Request) -> Response:
        """Show everything that is kept of the reader."""
        token = request.path_params["token"]
        kept = opened(self._backend.kept(token))
        context = {"kept": kept, "token": token}
        return self._desk.page(request, "readers-data.html", context, locale=kept.locale)

    def download(self, request: Request) -> Response:
        """Return the same as a file (GDPR Article 20)."""
        kept = opened(self._backend.kept(request.path_params["token"]))
        headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="my-data.json"'}
        return Response(kept.document, media_type="application/json", headers=headers)

    async def erase(self, request: Request) -> Response:
        """Erase the reader."""
        await read_form(request)
        problem = await run_in_threadpool(self._backend.erase, request.path_params["token"])
        if problem is not None:
            opened(problem)
        return self._desk.page(request, "readers-erased.html", {})

    def _address(self, request: Request, address: str, *, done: bool) -> Response:
        context = {"address": address, "done": done, "token": request.path_params["token"]}
        return self._desk.page(request, "readers-address.html", context)
