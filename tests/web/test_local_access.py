"""Who may ask a server on this machine, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest.demo.inbox import guarded_inbox
from digest.demo.receiver import Receiver
from digest.web.local_access import LocalAccess, OneTimeKeys
from digest.web.server.serving import serving


def _hello(request: Request) -> Response:
    return PlainTextResponse(f"{request.method} {request.url.query}")


_APP = Starlette(routes=[Route("/", _hello, methods=["GET", "POST"])])


@pytest.fixture
def open_url() -> Iterator[str]:
    """Yield the address of a server without keys."""
    with serving(lambda base: LocalAccess(_APP, base)) as base_url:
        yield base_url


@pytest.mark.parametrize(
    "host", ["evil.example", "203.0.113.5", "127.0.0.1", "localhost", "127.0.0.1:1", ""]
)
def test_another_name_is_not_answered(open_url: str, host: str) -> None:
    """Not even an address of this machine without the port: a browser always names it."""
    answer = httpx.get(open_url, headers={"Host": host})
    assert answer.status_code in {400, 421}
    assert "GET" not in answer.text


def test_its_own_names_are_answered(open_url: str) -> None:
    """The address that was printed, and localhost with its port."""
    port = open_url.rpartition(":")[2]
    assert httpx.get(open_url).text == "GET "
    assert httpx.get(open_url, headers={"Host": f"localhost:{port}"}).text == "GET "


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_another_site_started_is_refused(
    open_url: str, method: str, headers: dict[str, str]
) -> None:
    """A page on the internet reads nothing and changes nothing."""
    assert httpx.request(method, open_url, headers=headers).status_code == 403


def test_a_change_must_name_its_origin(open_url: str) -> None:
    """A browser always does, once the referrer policy lets it."""
    assert httpx.post(open_url).status_code == 403
    own = httpx.post(open_url, headers={"Origin": open_url})
    assert own.text == "POST "
    assert own.headers["referrer-policy"] == "same-origin"


def test_a_link_from_elsewhere_opens_the_page(open_url: str) -> None:
    """Somebody may keep the address in a note on another site; to follow it changes nothing."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert httpx.get(open_url, headers=headers).status_code == 200


def test_a_key_opens_one_session_once_and_leaves_the_address() -> None:
    """The cookie is not for scripts; a second browser with the same address stays outside."""
    keys = OneTimeKeys()
    with serving(lambda base: LocalAccess(_APP, base, keys)) as base_url:
        assert httpx.get(base_url).status_code == 403
        assert httpx.get(f"{base_url}/?key=wrong").status_code == 403
        key = keys.new()
        with httpx.Client(base_url=base_url, follow_redirects=True) as editor:
            page = editor.get(f"/?key={key}&slot=x")
            assert (page.status_code, page.url.query) == (200, b"slot=x")
            cookie = page.history[0].headers["set-cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=lax" in cookie
            assert key.lower() not in cookie
            assert editor.get(f"/?key={key}").status_code == 200
        assert httpx.get(f"{base_url}/?key={key}").status_code == 403


def test_the_inbox_of_the_demo_answers_to_no_other_name() -> None:
    """It holds mails with readers' own links."""
    with Receiver() as receiver, serving(guarded_inbox(receiver)) as base_url:
        assert httpx.get(base_url).status_code == 200
        assert httpx.get(base_url, headers={"Host": "evil.example"}).status_code == 421
        assert httpx.get(base_url, headers={"Host": "203.0.113.5"}).status_code == 421
        cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
        assert httpx.get(base_url, headers=cross).status_code == 403
