"""What every room's tests may ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a real, headless Chromium; mark such tests `browser`.

    One a module, not one a session: while Playwright runs, its event loop occupies the thread and
    `asyncio.run` in any other test would be refused.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = _launched(playwright)
        yield chromium
        chromium.close()


def _launched(playwright: Playwright) -> Browser:
    """Start the system's Chromium, or else the one that Playwright keeps for itself."""
    from playwright.sync_api import Error

    names = (os.environ.get("DIGEST_CHROMIUM", ""), *_CHROMIUM_NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    arguments = ["--no-sandbox", "--disable-background-networking"]
    try:
        return playwright.chromium.launch(executable_path=found, args=arguments)
    except Error as error:
        if found:
            raise
        missing = f"no Chromium: run tests/setup-browser ({error.message.splitlines()[0]})"
    if "browser" in os.environ.get("DIGEST_TESTS_REQUIRE", ""):
        pytest.fail(missing)
    pytest.skip(missing)
