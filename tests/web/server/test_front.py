"""What holds for every application: host, client, size, headers, faults."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest.web.server.front import Front, FrontRules
from digest.web.server.security import SECURITY_HEADERS

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


async def _client(request: Request) -> Response:
    return PlainTextResponse(request.client.host if request.client else "")


async def _body(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _fault(_request: Request) -> Response:
    raise ZeroDivisionError("a-secret-token")


async def _gone(_request: Request) -> Response:
    raise HTTPException(410)


def _app(rules: FrontRules | None = None) -> Front:
    routes = [
        Route("/client", _client),
        Route("/body", _body, methods=["POST"]),
        Route("/fault", _fault),
        Route("/gone", _gone),
    ]
    return Front(Starlette(routes=routes), rules)


async def _asked(
    app: Front, path: str, *, method: str = "GET", peer: str = "192.0.2.1", **more: object
) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.request(method, path, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("pages.example", 200),
        ("PAGES.example:8026", 200),
        ("localhost:8026", 200),
        ("127.0.0.1:8026", 200),
        ("[::1]:8026", 200),
        ("10.0.0.7", 200),
        ("evil.example", 421),
        ("pages.example.evil.example", 421),
        ("pages.example@evil.example", 421),
        ("evil.example/pages.example", 421),
        ("[::1", 421),
        ("pages.example]", 421),
        ("", 421),
    ],
)
@pytest.mark.anyio
async def test_only_our_own_names_are_answered_for(host: str, status: int) -> None:
    """A name that is not ours is refused, so that no page elsewhere reaches us by DNS."""
    app = _app(FrontRules(hosts=frozenset({"pages.example"})))
    answer = await _asked(app, "/client", headers={"host": host})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.4, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, rubbish", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ],
)
@pytest.mark.anyio
async def test_a_client_is_whom_a_trusted_proxy_names(
    peer: str, forwarded: str, client: str
) -> None:
    """Anybody can write X-Forwarded-For: it counts from our own proxies, read from the right."""
    app = _app(FrontRules(trusted=(ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"))))
    answer = await _asked(app, "/client", peer=peer, headers={"x-forwarded-for": forwarded})
    assert answer.text == client


@pytest.mark.anyio
async def test_a_body_is_bounded_whether_or_not_it_says_its_length() -> None:
    """Too large by its head, or as it comes: 413 either way."""

    async def dripped() -> object:
        for _ in range(5):
            yield b"x" * 300

    app = _app(FrontRules(largest_body=1_000))
    fits = await _asked(app, "/body", method="POST", content=b"x" * 1_000)
    declared = await _asked(app, "/body", method="POST", content=b"x" * 1_001)
    streamed = await _asked(app, "/body", method="POST", content=dripped())
    assert (fits.status_code, declared.status_code, streamed.status_code) == (200, 413, 413)


@pytest.mark.anyio
async def test_a_body_that_never_comes_reaches_no_page() -> None:
    """The client goes away in the middle of it: nothing was begun, and nothing is answered."""
    begun, answered = [], []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append((scope, receive, send))

    messages = iter([{"type": "http.request", "body": b"a", "more_body": True}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {"type": "http", "path": "/u/x", "headers": [(b"host", b"localhost")], "client": None}
    await Front(page)(scope, receive, send)
    assert (begun, answered) == ([], [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Long": "a" * 17_000}, 431),
        ({f"X-{number}": "a" * 100 for number in range(200)}, 431),
        ({"Transfer-Encoding": "chunked", "Content-Length": "5"}, 400),
    ],
)
@pytest.mark.anyio
async def test_a_head_that_nobody_means_well_is_refused(
    headers: dict[str, str], status: int
) -> None:
    """Too large, or with two lengths; the connection is not used again."""
    answer = await _asked(_app(), "/client", headers=headers)
    assert (answer.status_code, answer.headers["connection"]) == (status, "close")


@pytest.mark.parametrize("path", ["/client", "/fault", "/gone", "/nothing"])
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
@pytest.mark.anyio
async def test_every_answer_carries_the_security_headers(path: str, host: str) -> None:
    """Errors included, and those that no application saw."""
    answer = await _asked(_app(), path, headers={"host": host})
    assert {name: answer.headers.get(name) for name, _ in SECURITY_HEADERS} == dict(
        SECURITY_HEADERS
    )


@pytest.mark.usefixtures("faults_logged")
@pytest.mark.anyio
async def test_a_fault_is_told_in_words_and_logged_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A thousand faults at once do not fill the disk."""
    app = _app()
    answers = [await _asked(app, "/fault") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {500}
    assert capsys.readouterr().err.count("Traceback") == 1
