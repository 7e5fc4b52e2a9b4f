"""The address that a provider posts its reports to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from digest.errors import ConfigError
from digest.log import log
from digest.sender.api.webhook import Webhook, WebhookForged, WebhookUnreadable
from digest.web.readers.desk import Desk

if TYPE_CHECKING:
    from starlette.requests import Request

Receive = Callable[[str, Webhook], int]
"""Records a report of the provider of that name."""


class Hooks:
    """One address a provider, for POST; HEAD is answered, because some ask so if it is there."""

    def __init__(self, receive: Receive, clock: Callable[[], datetime]) -> None:
        """Hand each report to `receive`, with the time at which it came."""
        self._receive = receive
        self._clock = clock

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return /hooks/<provider>."""
        del desk  # nobody looks at it
        return [
            Route("/hooks/{provider}", self.report, methods=["POST"]),
            Route("/hooks/{provider}", self.asked, methods=["HEAD"]),
        ]

    async def asked(self, request: Request) -> Response:
        """Answer that the address is there."""
        del request
        return Response(status_code=204)

    async def report(self, request: Request) -> Response:
        """Take a report: 204; 401 without a valid proof, 422 for what is no report.

        A provider repeats a report that was not answered with 2xx, and gives up after hours or
        days; a 401 and a 422 would be no better then.
        """
        provider = request.path_params["provider"]
        headers = {name.lower(): value for name, value in request.headers.items()}
        client = request.client.host if request.client is not None else ""
        webhook = Webhook(headers, await request.body(), self._clock(), client=client)
        try:
            await run_in_threadpool(self._receive, provider, webhook)
        except WebhookForged as forged:
            log.warning("webhook refused", provider=provider, why=str(forged))
            return PlainTextResponse("No valid proof.\n", 401)
        except WebhookUnreadable as unreadable:
            log.warning("webhook not read", provider=provider, why=str(unreadable))
            return PlainTextResponse("Not a report.\n", 422)
        except ConfigError as error:
            log.warning("webhook not taken", provider=provider, why=error.what)
            return PlainTextResponse("No reports are taken here.\n", 404)
        return Response(status_code=204)
