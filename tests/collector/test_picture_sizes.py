"""How large pictures are: told by their beginnings, which are asked for as a guest would."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digest.collector import Limits, measure_pictures
from digest.collector.picture_sizes import size_of

Serve = Callable[[Mapping[str, bytes]], str]
Http = Callable[..., bytes]


def picture(kind: str, width: int = 321, height: int = 77) -> bytes:
    into = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(into, kind)
    return into.getvalue()


def look(urls: list[str], limits: Limits) -> dict[str, tuple[int, int]]:
    sizes: dict[str, tuple[int, int]] = {}
    asyncio.run(measure_pictures(urls, limits, sizes.__setitem__))
    return sizes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_beginning_tells_the_size(kind: str) -> None:
    """Of every format that mails show, from less than the whole."""
    assert size_of(picture(kind)[:4_000]) == (321, 77)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?><svg width='9' height='9'/>",
        b"<html>Not here",
        picture("JPEG")[:12],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 30,
    ],
)
def test_what_tells_no_size_has_none(said: bytes) -> None:
    """Pages, drawings, and pictures that are cut off or say nothing."""
    assert size_of(said) is None


@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF"]), st.binary())
def test_no_bytes_break_it(signature: bytes, rest: bytes) -> None:
    """Whatever follows, there is a size in pixels or none."""
    size = size_of(signature + rest)
    assert size is None or all(0 < side <= 65_535 for side in size)


def test_only_the_beginning_is_asked_for(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """By a range, and a site that sends all of a large picture is not read to its end."""
    site = serve({"/large.png": http(picture("PNG", 1_500, 1_200))})
    assert look([site + "/large.png"], limits) == {site + "/large.png": (1_500, 1_200)}
    assert any(b"range: bytes=0-65535" in request.lower() for request in seen)


def test_what_cannot_be_had_is_left_alone(serve: Serve, http: Http, limits: Limits) -> None:
    """Missing, forbidden by robots.txt, or no picture: the others are measured."""
    site = serve({
        "/robots.txt": http(b"User-agent: *\nDisallow: /private/"),
        "/a.gif": http(picture("GIF")),
        "/private/b.gif": http(picture("GIF")),
        "/page.jpg": http(b"<html>Log in"),
    })  # fmt: skip
    names = ("/a.gif", "/private/b.gif", "/page.jpg", "/gone.jpg")
    assert look([site + name for name in names], limits) == {site + "/a.gif": (321, 77)}
