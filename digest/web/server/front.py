"""The rules for every application that Digest serves, errors included.

    client → front: which host, whose address, how much body → application → security headers

It stands outside the application, so that no fault inside one takes the headers away, and no
answer is made from what a client wrote into its header.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from digest.extension.networks import Network, is_in
from digest.log import log
from digest.web.server.security import SECURITY_HEADERS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = LARGEST_HEAD = 16 * 1024
"""Bytes of the largest form that is read, and of all headers of a request."""

_REPORTS = "/hooks/"
_CLOSE = {"Connection": "close"}
_LOOPBACK = frozenset({"localhost"})
_SECONDS_BETWEEN_TRACES = 10.0


@dataclass(frozen=True, slots=True)
class FrontRules:
    """The host names that are answered for, besides any IP address and localhost; whom to trust.

    `trusted` proxies say in X-Forwarded-For who their client is. `largest_body` is in
    bytes; `largest_report` holds for reports of providers, which send many events at once.
    """

    hosts: frozenset[str] = frozenset()
    trusted: tuple[Network, ...] = field(default=())
    largest_body: int = LARGEST_BODY
    largest_report: int = 1_000_000


class Front:
    """ASGI application around another, keeping to the rules."""

    def __init__(self, app: ASGIApp, rules: FrontRules | None = None) -> None:
        """Take the application that does the work."""
        self._app = app
        self._rules = rules or FrontRules()
        self._traced_at = -_SECONDS_BETWEEN_TRACES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        headers = Headers(scope=scope)
        if refused := _refusal(headers):
            await refused(scope, receive, answer.send)
            return
        is_report = scope["path"].startswith(_REPORTS)
        largest = self._rules.largest_report if is_report else self._rules.largest_body
        body = _Body(receive, largest, headers.get("content-length", ""))
        # First the whole body: a request that is never finished costs no page, and no answer.
        if not await body.has_come():
            return
        if not self._is_ours(headers.get("host", "")):
            refusal = PlainTextResponse("This server does not answer for that name.\n", 421)
            await refusal(scope, receive, answer.send)
            return
        scope["client"] = _client_of(scope, headers, self._rules.trusted)
        try:
            await self._app(scope, body.receive, answer.send)
        except ClientDisconnect:
            return
        except Exception:  # noqa: BLE001 - the last place where a fault can become an answer
            self._trace()
            if not answer.begun:
                await _FAILED(scope, receive, answer.send)

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header (RFC 9110 section 7.2) names this server.

        An IP address always does: a page elsewhere cannot make a browser send one for its own name
        (DNS rebinding), and health checks know no other.
        """
        name = _name_in(host)
        return name in _LOOPBACK or name in self._rules.hosts or _is_address(name)

    def _trace(self) -> None:
        """Log the fault with its trace, but not each of a thousand that come at once."""
        now = monotonic()
        if now - self._traced_at >= _SECONDS_BETWEEN_TRACES:
            self._traced_at = now
            log.exception("a page failed")


_FAILED = PlainTextResponse("Something went wrong here. Nothing was changed. Try again.\n", 500)


class _Answer:
    """The way out: every head gets the security headers that the application did not bring."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS:
                headers.setdefault(name, value)
        await self._send(message)


class _Body:
    """The way in: a body is read whole; one that is larger than allowed is refused.

    The refusal is raised where the application asks for the body, so that it is told as the
    application tells things.
    """

    def __init__(self, receive: Receive, largest: int, declared: str) -> None:
        self._receive = receive
        self._largest = largest
        self._read = bytearray()
        self._too_large = declared.isdecimal() and int(declared) > largest
        self._handed_over = False

    async def has_come(self) -> bool:
        """Read until the body is whole, or larger than allowed; False if the client went away."""
        more = not self._too_large
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return False
            self._read += message.get("body", b"")
            self._too_large = len(self._read) > self._largest
            more = message.get("more_body", False) and not self._too_large
        return True

    async def receive(self) -> Message:
        if self._too_large:
            raise HTTPException(413, "That form is too large.")
        if self._handed_over:
            return await self._receive()  # whether the client went away
        self._handed_over = True
        return {"type": "http.request", "body": bytes(self._read), "more_body": False}


def _client_of(
    scope: Scope, headers: Headers, trusted: tuple[Network, ...]
) -> tuple[str, int] | None:
    """Return the client: the last address of X-Forwarded-For that no trusted proxy has."""
    client: tuple[str, int] | None = scope.get("client")
    if client is None or not is_in(client[0], trusted):
        return client
    said = ",".join(headers.getlist("x-forwarded-for")).split(",")
    for name in reversed([part.strip() for part in said]):
        if not _is_address(name):
            return client
        client = (name, 0)
        if not is_in(name, trusted):
            return client
    return client


def _refusal(headers: Headers) -> Response | None:
    """Return the answer to a head that nobody means well, or None.

    A length beside chunks (RFC 9112 section 6.3) may be read in two ways by two servers, one behind
    the other: then the rest of the body is taken for a request of its own. So may two hosts
    (section 3.2).
    """
    if sum(len(name) + len(value) for name, value in headers.raw) > LARGEST_HEAD:
        return PlainTextResponse("The head of this request is too large.\n", 431, _CLOSE)
    if "transfer-encoding" in headers and "content-length" in headers:
        return PlainTextResponse("This request says two lengths.\n", 400, _CLOSE)
    if len(headers.getlist("host")) > 1:
        return PlainTextResponse("This request names two hosts.\n", 400, _CLOSE)
    return None


def _name_in(host: str) -> str:
    """Return the name or address in a Host header, "" if it is none."""
    if not host or set(host) & set("/?#@\\ "):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # a bracket that is not closed
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
