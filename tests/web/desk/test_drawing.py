"""A picture of the mail, drawn in a real Chromium under the desk's own policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from digest.models.articles import Article, Picture
from digest.store import open_store
from digest.web.desk.backend import DeskBackend
from digest.web.desk.clients import pictures_of, with_pictures
from digest.web.server.serving import serving
from tests.web.desk.conftest import NOW

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from digest.web.local_access import OneTimeKeys

RED = (200, 16, 46)


def _red_picture(_request: Request) -> Response:
    body = BytesIO()
    Image.new("RGB", (1200, 800), RED).save(body, "PNG")
    return Response(body.getvalue(), media_type="image/png")


def _too_large(_request: Request) -> Response:
    return Response(b"\x89PNG\r\n\x1a\n" + bytes(5_000_000), media_type="image/png")


def _no_picture(_request: Request) -> Response:
    return Response('<svg xmlns="http://www.w3.org/2000/svg"/>', media_type="image/svg+xml")


@pytest.fixture
def illustrated(folder: Path) -> Iterator[str]:
    """Let the lead have a picture on a site of this machine; yield the site's address."""
    toml = folder / "digest.toml"
    toml.write_text("[collector]\nallow_private_hosts = true\n" + toml.read_text())
    routes = [
        Route("/red.png", _red_picture),
        Route("/large.png", _too_large),
        Route("/drawing.svg", _no_picture),
    ]
    with serving(Starlette(routes=routes)) as site:
        lead = Article(
            id="feed-red",
            source_id="feed",
            url="https://news.example/feed/red",
            title="Red sails at dawn",
            excerpt="What is known of it.",
            published=NOW - timedelta(hours=5),
            picture=Picture(f"{site}/red.png", 1200, 800),
            comments=500,
        )
        with open_store("sqlite:///digest.db", folder) as store:
            store.articles.save("feed", [lead], NOW)
        yield site


def test_pictures_are_found_and_put_in() -> None:
    """Each once; entities are read; what could not be had, and srcset, are off."""
    html = (
        '<img src="https://a.example/1.png?a=1&amp;b=2" srcset="https://a.example/2.png 2x">'
        '<td background="https://a.example/3.png"><img src="https://a.example/1.png?a=1&amp;b=2">'
        '<a href="https://a.example/">x</a><img src="data:image/gif;base64,AA">'
    )
    first, second = pictures_of(html)
    assert (first, second) == ("https://a.example/1.png?a=1&b=2", "https://a.example/3.png")
    drawn = with_pictures(html, {first: "data:image/png;base64,QQ=="})
    assert drawn.count('<img src="data:image/png;base64,QQ=="') == 2
    assert '<td background="data:,">' in drawn
    assert "srcset" not in drawn
    assert 'href="https://a.example/"' in drawn


@pytest.mark.parametrize("path", ["large.png", "drawing.svg", "none.png"])
def test_what_is_no_picture_of_a_mail_is_left_out(
    illustrated: str, backend: DeskBackend, path: str
) -> None:
    """Too large, a drawing, or not there."""
    urls = [f"{illustrated}/{path}", f"{illustrated}/red.png"]
    assert list(backend.pictures(urls)) == urls[1:]


def _picture(page: Page, *, by_keys: bool = False) -> Image.Image:
    with page.expect_download() as waiting:
        if by_keys:
            page.focus("#draw")
            page.keyboard.press("Enter")
        else:
            page.click("#draw")
    page.wait_for_selector("#told:has-text('The picture is drawn: daily-2026-11-23.png')")
    assert waiting.value.suggested_filename == "daily-2026-11-23.png"
    return Image.open(waiting.value.path()).convert("RGB")


@pytest.mark.browser
@pytest.mark.usefixtures("illustrated")
@pytest.mark.parametrize("by_keys", [False, True])
@pytest.mark.parametrize("screen", [390, 1280])
def test_the_mail_is_drawn_as_it_is_shown(
    browser: Browser,
    desk: tuple[str, OneTimeKeys],
    screen: int,
    *,
    by_keys: bool,
) -> None:
    """As wide as the mail, whole, in its scheme, with pictures where they are on."""
    base_url, keys = desk
    page = browser.new_page(viewport={"width": screen, "height": 860})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{base_url}/edition/daily?key={keys.new()}")
    off = _picture(page, by_keys=by_keys)
    assert off.width == 740
    assert off.height > 600
    assert len(off.getcolors(1_000_000) or ()) > 50
    corner = off.getpixel((0, 0))
    assert corner == off.getpixel((0, off.height - 1))
    assert isinstance(corner, tuple)
    assert min(corner) > 200
    assert RED not in {colour for _, colour in off.getcolors(1_000_000) or ()}
    page.goto(f"{base_url}/edition/daily?width=phone&scheme=dark&pictures=on")
    asked.clear()
    dark = _picture(page, by_keys=by_keys)
    assert dark.width == 375
    corner = dark.getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert max(corner) < 90
    red = sum(many for many, colour in dark.getcolors(1_000_000) or () if colour == RED)
    assert red > 375 * 100
    assert [one for one in asked if not one.startswith((base_url, "data:", "blob:"))] == []
    assert complaints == []
    page.close()


@pytest.mark.browser
def test_a_browser_that_refuses_is_told_another_way(
    browser: Browser, desk: tuple[str, OneTimeKeys]
) -> None:
    """Safari lets no page read such a canvas."""
    base_url, keys = desk
    page = browser.new_page()
    page.goto(f"{base_url}/edition/daily?key={keys.new()}")
    page.evaluate(
        """() => { HTMLCanvasElement.prototype.toBlob = () => {
             throw new DOMException("tainted", "SecurityError"); }; }"""
    )
    page.click("#draw")
    page.wait_for_selector("#told.wrong:has-text('could not draw the mail (SecurityError)')")
    assert page.locator("#draw").is_enabled()
    page.close()


def test_the_frame_that_is_drawn_carries_its_pictures(
    illustrated: str, desk: tuple[str, OneTimeKeys]
) -> None:
    """And allows no others."""
    base_url, keys = desk
    with httpx.Client(base_url=base_url, follow_redirects=True, timeout=120) as client:
        client.get(f"/edition/daily?key={keys.new()}")
        answer = client.get("/edition/daily/frame?drawn=1&pictures=on")
    assert "data:image/png;base64," in answer.text
    assert illustrated not in answer.text
    assert "img-src data:;" in answer.headers["content-security-policy"]
