"""Whether pages are still there: asked as a guest, and a dead site once."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from digest.collector import Limits, still_there

Serve = Callable[[Mapping[str, bytes]], str]
Http = Callable[..., bytes]


def ask(
    urls: list[str], limits: Limits, silent: frozenset[str] = frozenset()
) -> tuple[dict[str, bool | None], frozenset[str]]:
    answers: dict[str, bool | None] = {}
    found = asyncio.run(still_there(urls, limits, answers.__setitem__, silent))
    return answers, found


@dataclass
class NoTls:
    """Takes connections and says nothing that TLS could understand; counts them."""

    url: str
    taken: int = 0


@pytest.fixture
def no_tls() -> Iterator[NoTls]:
    """Yield an https address to which no connection comes about."""
    listener = socket.create_server(("127.0.0.1", 0))
    dead = NoTls(f"https://127.0.0.1:{listener.getsockname()[1]}")

    def take() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            dead.taken += 1
            connection.close()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    yield dead
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_there_gone_or_nobody_knows(serve: Serve, http: Http, limits: Limits) -> None:
    """404 and 410 are gone; what robots.txt forbids, or what fails, nobody knows.

    A site that leads to its front page, or to another article, has not got this one any more.
    """
    url = serve(
        {
            "/robots.txt": http(b"User-agent: *\nDisallow: /closed"),
            "/there": http(b"<p>"),
            "/moved": http(b"", 301, Location="/there"),
            "/into-closed": http(b"", 301, Location="/closed/a"),
            "/closed/a": http(b"", 404),
            "/gone": http(b"", 410),
            "/ill": http(b"", 503),
            "/large": http(b"<p>" * 1_000_000),
            "/to-the-front": http(b"", 302, Location="/"),
            "/by-number": http(b"", 301, Location="/?p=7"),
            "/guessed": http(b"", 301, Location="/ferry-returns-tomorrow"),
            "/ferry-returns-tomorrow": http(b"<p>"),
            "/": http(b"<p>"),
        }
    )
    others = {f"{url}/ferry-returns-tomorrow"}
    answers: dict[str, bool | None] = {}
    silent = asyncio.run(
        still_there(
            [url + path for path in ANSWERS],
            replace(limits, max_bytes=2_000),
            answers.__setitem__,
            is_other=others.__contains__,
        )
    )
    assert {address.removeprefix(url): said for address, said in answers.items()} == ANSWERS
    assert silent == frozenset()


ANSWERS = {
    "/there": True,
    "/moved": True,
    "/into-closed": None,
    "/closed/a": None,
    "/gone": False,
    "/missing": False,
    "/ill": None,
    "/large": True,
    "/to-the-front": False,
    "/by-number": True,
    "/guessed": False,
    "/ferry-returns-tomorrow": True,
}


def test_a_site_without_a_connection_is_tried_once(
    serve: Serve, http: Http, limits: Limits, no_tls: NoTls
) -> None:
    """Its other pages get no answer at once, and nobody else waits for them."""
    live = serve({"/there": http(b"<p>")})
    urls = [f"{no_tls.url}/{number}" for number in range(8)] + [f"{live}/there"]
    answers, silent = ask(urls, replace(limits, concurrency=2))
    assert answers == {**dict.fromkeys(urls[:8]), f"{live}/there": True}
    assert silent == {no_tls.url}
    assert no_tls.taken == 1


def test_a_site_that_was_silent_before_is_not_asked(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """Whoever found that out tells it on."""
    url = serve({"/there": http(b"<p>")})
    answers, silent = ask([f"{url}/there"], limits, frozenset({url}))
    assert (answers, silent) == ({f"{url}/there": None}, frozenset({url}))
    assert seen == []
