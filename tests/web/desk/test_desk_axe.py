"""The desk before axe-core, and every view of it on a narrow and on a wide screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.axe import LOOKS, grave_faults, in_scheme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from digest.web.local_access import OneTimeKeys

pytestmark = pytest.mark.browser

VIEWS = (
    ("panel=stories", "panel=left", "panel=words", "panel=checks", "panel=readers", "panel=issues"),
    ("view=mail", "view=gmail", "view=outlook", "view=text", "view=headers", "view=source"),
    ("edit=feed-1", "merge=feed-3", "scheme=both", "width=phone", "width=all"),
)
_OVERLAY = """
[[merge]]
stories = ["feed-0", "feed-5"]
[[sponsor]]
label = "Ad"
text = "Tea"
expires = 2026-11-30
"""


@pytest.fixture
def inside(browser: Browser, desk: tuple[str, OneTimeKeys]) -> Iterator[tuple[str, BrowserContext]]:
    """Yield the desk's address and a browser that was let in."""
    base_url, keys = desk
    context = browser.new_context()
    context.new_page().goto(f"{base_url}/edition/daily?key={keys.new()}")
    yield base_url, context
    context.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("queries", VIEWS)
def test_no_view_has_a_serious_fault(
    inside: tuple[str, BrowserContext],
    overlay: Path,
    queries: tuple[str, ...],
    width: int,
    scheme: str,
) -> None:
    """Every panel, every view of the mail, with all that opens open, and the keys."""
    base_url, context = inside
    overlay.parent.mkdir(parents=True)
    overlay.write_text(_OVERLAY)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 860})
    in_scheme(page, scheme)
    found = []
    for query in queries:
        page.goto(f"{base_url}/edition/daily?{query}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.evaluate("document.querySelector('.row')?.classList.add('current')")
        found += [f"{query}: {one}" for one in grave_faults(page)]
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    found += [f"keys: {one}" for one in grave_faults(page)]
    assert found == []
