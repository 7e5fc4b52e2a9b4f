"""The local server: a real port, given back at once."""

from __future__ import annotations

import socket
from time import monotonic

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest.errors import UsageError
from digest.web.server.serving import serving


def _app(text: str) -> Starlette:
    def page(request: Request) -> Response:
        return PlainTextResponse(f"{text} {request.url.path}")

    return Starlette(routes=[Route("/{path:path}", page)])


def test_an_application_answers_on_its_own_port() -> None:
    """What is given as the base URL answers over HTTP."""
    with serving(_app("hello")) as base_url:
        assert httpx.get(f"{base_url}/there", timeout=60).text == "hello /there"


def test_a_factory_learns_its_own_address() -> None:
    """Pages that must name themselves are built with the URL they are served at."""
    with serving(_app) as base_url:
        assert httpx.get(f"{base_url}/", timeout=60).text == f"{base_url} /"


def test_a_port_in_use_is_a_usage_error_with_a_fix() -> None:
    """Two servers on one port: the second says where, what and what to do."""
    with serving(_app("first")) as base_url:
        port = int(base_url.rpartition(":")[2])
        with (
            pytest.raises(UsageError, match="already in use") as caught,
            serving(_app(""), port=port),
        ):
            pass
        assert caught.value.where == f"127.0.0.1:{port}"
        assert "another port" in caught.value.fix


def test_an_address_of_another_machine_is_a_usage_error() -> None:
    """An address that is not ours is named, and one that works is suggested."""
    with pytest.raises(UsageError, match=r"127\.0\.0\.1"), serving(_app(""), host="192.0.2.1"):
        pass


def test_the_port_is_free_again_quickly_even_with_an_open_connection() -> None:
    """A browser that keeps its connection open does not keep the command from ending."""
    with httpx.Client(timeout=60) as client:
        started = monotonic()
        with serving(_app("hello")) as base_url:
            client.get(base_url)
            started = monotonic()
        assert monotonic() - started < 15
    port = int(base_url.rpartition(":")[2])
    with serving(_app("again"), port=port) as again, socket.create_connection(("127.0.0.1", port)):
        assert httpx.get(again, timeout=60).text == "again /"
