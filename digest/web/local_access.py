"""Who may ask a server on this machine: this machine's own browser, and with a key only one.

    Host → Origin → one-time key or session → application

A page on the internet can make a browser send requests to 127.0.0.1, under a name of its own (DNS
rebinding) or across origins. So the Host header must be the very address that is served, and a
request that another site started is refused (RFC 9110 section 7.2; Fetch, "Origin" and
"Sec-Fetch-Site").
"""

from __future__ import annotations

import hmac
import threading
from http.cookies import CookieError, SimpleCookie
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD"})
_OWN = frozenset({"", "same-origin", "none"})
_LOCKED_OUT = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Open it anew</title>
<link rel="stylesheet" href="/static/base.css"><link rel="stylesheet" href="/static/preview.css">
<main class="fault"><p class="kicker">Digest</p><h1>This browser is not let in</h1>
<p class="what">Each address opens the page in one browser, once.</p>
<p class="fix">Press Enter in the terminal where it runs: it prints a new address.</p></main></html>
"""


class OneTimeKeys:
    """Keys that open a session once each, and the sessions that they opened. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._sessions: set[str] = set()

    def new(self) -> str:
        """Return a fresh key."""
        key = token_urlsafe(24)
        with self._lock:
            self._keys.add(key)
        return key

    def exchange(self, key: str) -> str:
        """Return a session for a key, which is used up; "" for a key that is not known."""
        with self._lock:
            found = next((one for one in self._keys if _same(one, key)), "")
            if not found:
                return ""
            self._keys.discard(found)
            session = token_urlsafe(32)
            self._sessions.add(session)
            return session

    def knows(self, session: str) -> bool:
        """Whether a session was opened here."""
        with self._lock:
            return any(_same(one, session) for one in self._sessions)


class LocalAccess:
    """ASGI application around another, for a server on 127.0.0.1."""

    def __init__(self, app: ASGIApp, base_url: str, keys: OneTimeKeys | None = None) -> None:
        """Take the address that is served; without `keys` every browser of this machine may look.

        "localhost" is the same server under another name.
        """
        parts = urlsplit(base_url)
        self._app = app
        self._keys = keys
        hosts = (parts.netloc, f"localhost:{parts.port}")
        self._origins = frozenset(f"http://{host}" for host in hosts)
        self._cookie = f"digest_{parts.port}"  # cookies do not tell ports apart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = refusal_of(scope, self._origins) or self._at_the_door(scope)
        await (answer or self._app)(scope, receive, with_referrer(send))

    def _at_the_door(self, scope: Scope) -> Response | None:
        if self._keys is None or scope["path"].startswith("/static/"):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"))
        known = self._keys.knows(cookie_of(scope, self._cookie))
        key = dict(query).get("key")
        if key is None or scope["method"] not in _SAFE:
            return None if known else HTMLResponse(_LOCKED_OUT, 403)
        session = "" if known else self._keys.exchange(key)
        if not (known or session):
            return HTMLResponse(_LOCKED_OUT, 403)
        rest = urlencode([field for field in query if field[0] != "key"])
        answer = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), 303)
        if session:
            answer.set_cookie(self._cookie, session, httponly=True, samesite="lax")
        return answer


def cookie_of(scope: Scope, name: str) -> str:
    """Return the value of a request's cookie (RFC 6265 section 5.4); "" if it brings none."""
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def refusal_of(scope: Scope, origins: frozenset[str]) -> Response | None:
    """Return the answer to a request under another name, or that another site started; or None.

    `origins` are the server's own, as a browser writes them: "https://desk.news.example".
    """
    headers = Headers(scope=scope)
    host, origin = headers.get("host", "").lower(), headers.get("origin")
    own = {one for one in origins if urlsplit(one).netloc == host}
    if not own:
        return PlainTextResponse("This server does not answer for that name.\n", 421)
    navigates = scope["method"] in _SAFE and headers.get("sec-fetch-mode") == "navigate"
    foreign = headers.get("sec-fetch-site", "") not in _OWN and not navigates
    if foreign or (origin is not None and origin not in own):
        return PlainTextResponse("Another site asked for this. Nothing was changed.\n", 403)
    if scope["method"] not in _SAFE and origin is None:
        return PlainTextResponse("A change must name its origin. Nothing was changed.\n", 403)
    return None


def with_referrer(send: Send) -> Send:
    """Let our own forms name their origin: under "no-referrer" a browser sends "null"."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Referrer-Policy"] = "same-origin"
        await send(message)

    return sending


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
