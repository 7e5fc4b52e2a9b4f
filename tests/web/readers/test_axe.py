"""The readers' pages before axe-core, on a narrow and on a wide screen, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.axe import looked_at

from .conftest import Pressroom

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

_NORA = "nora@reader.example"


def test_no_page_has_a_serious_fault(room: Pressroom, browser: Browser) -> None:
    """From the form to the last page, and those that say what is wrong with a link."""
    page = browser.new_page()
    with room.pages() as pages:
        base = str(pages.base_url).rstrip("/")
        found = []

        def presses(button: str) -> None:
            with page.expect_navigation():
                page.click(button)

        def opens(path: str, button: str = "") -> None:
            page.goto(base + path)
            if button:
                presses(button)
            found.extend(looked_at(page))

        opens("/subscribe")
        page.fill("input[type=email]", _NORA)
        presses("main form button")
        found += looked_at(page)
        confirm = room.link("c", _NORA)
        opens(confirm)
        opens(confirm, "button.main")
        room.send_issue()
        preferences = room.link("p", _NORA)
        opens(preferences)
        opens(preferences, "button[value=data]")
        data = room.link("d", _NORA)
        page.goto(base + preferences)
        page.fill("input[type=email]", "nora@elsewhere.example")
        presses("button[value=address]")
        address = room.link("n")
        opens(address)
        opens(address, "button.main")
        for path in (data, "/help", "/c/x", "/none"):
            opens(path)
        for path in ("/archive", "/archive/daily"):
            opens(path)
        leave = preferences.replace("/p/", "/u/", 1)
        opens(leave)
        opens(leave, "button.main")
    page.close()
    assert found == []
