"""The way into the desk in a real Chromium: a mail, its link, the desk, and out again."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.pipeline.readers.postman import posting
from digest.web.desk.backend import DeskBackend
from digest.web.desk.served import desk_limits, served_desk
from digest.web.preview_backend import PreviewBackend
from digest.web.server.serving import serving
from tests.web.axe import looked_at
from tests.web.desk.conftest import NOW

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from starlette.types import ASGIApp

pytestmark = pytest.mark.browser

_SECRET = {"DIGEST_SECRET_KEY": "quite-a-long-secret-for-tests"}
_ELSEWHERE = "https://desk.news.example"
_DESK = f"""
[desk]
url = "{_ELSEWHERE}"
[serve]
trusted_proxies = ["127.0.0.1"]
"""


@dataclass(frozen=True)
class Door:
    """A desk that is served to editors who sign in, and the folder its mails arrive in."""

    base_url: str
    folder: Path

    def arrived(self) -> str:
        """Wait for the mail in the outbox; return its link."""
        for _ in range(600):
            for file in (self.folder / "outbox").rglob("*.eml"):
                message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                body = message.get_body(("plain",))
                text = body.get_content() if body else ""
                if found := re.search(rf"{self.base_url}/enter\?key=\S+", text):
                    return found[0]
            time.sleep(0.1)
        raise AssertionError("no mail came")


@pytest.fixture
def door(folder: Path) -> Iterator[Door]:
    """Yield a desk whose only editor is Ann, at the address where it is served."""
    file = folder / "digest.toml"
    editors = 'approval = "required"\neditors = ["Ann Ames <ann@news.example>"]\n'
    file.write_text(file.read_text().replace('approval = "required"\n', editors) + _DESK)
    looking = PreviewBackend(file, _SECRET, lambda: NOW, "daily")
    settings, store = looking.opened()
    with posting(settings, store, lambda: NOW) as postman:

        def factory(base: str) -> ASGIApp:
            file.write_text(file.read_text().replace(_ELSEWHERE, base))
            backend = DeskBackend(looking, folder, lambda: NOW, "")
            return served_desk(backend, looking, lambda: NOW, postman.hurry)

        with serving(factory, limits=desk_limits(settings)) as base_url:
            yield Door(base_url, folder)
    looking.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield a fresh page."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_whole_visit(page: Page, door: Door, width: int) -> None:
    """The mail really leaves; the link opens the desk; a change is made; signing out ends it."""
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(door.base_url)
    page.fill("#address", "ann@news.example")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Look into your mailbox')")
    page.goto(door.arrived())
    page.click("button:has-text('Open the desk')")
    page.wait_for_selector("#row-feed-1")
    page.click("#row-feed-1 .headline")
    page.click("#row-feed-1 button:has-text('Drop')")
    page.wait_for_selector("#told:has-text('drop “')")
    page.click("button:has-text('Sign out')")
    page.wait_for_selector("h1:has-text('Sign in')")
    page.goto(f"{door.base_url}/edition/daily")
    assert page.url == f"{door.base_url}/sign-in"


def test_no_page_of_the_way_in_has_a_serious_fault(page: Page, door: Door) -> None:
    """Before axe-core, light and dark; none scrolls sideways on a phone."""
    found = []

    def asks() -> None:
        page.goto(f"{door.base_url}/sign-in")
        page.fill("#address", "ann@news.example")
        page.keyboard.press("Enter")
        page.wait_for_selector("#address", state="detached")

    page.goto(door.base_url)
    found += looked_at(page)
    asks()
    found += looked_at(page)
    page.goto(door.arrived())
    found += looked_at(page)
    page.click("button:has-text('Open the desk')")
    page.wait_for_selector("#row-feed-1")
    page.goto(door.arrived())
    assert page.locator("h1").inner_text() == "This link is over"
    found += looked_at(page)
    for _ in range(5):
        asks()
    assert page.locator("h1").inner_text() == "Too many requests"
    assert found + looked_at(page) == []
