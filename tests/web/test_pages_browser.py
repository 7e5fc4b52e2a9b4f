"""The pages in a real browser: nothing of a mail runs, keyboard and small screens work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

from digest.errors import ConfigError
from digest.web.preview import make_preview
from digest.web.readers.application import make_public
from digest.web.server.serving import serving
from tests.web.axe import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.web.conftest import Newsroom, Readers

pytestmark = pytest.mark.browser

_FAINT_WORDS = """() => {
  const channel = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => channel(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const ratio = (node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const says = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  return [...document.querySelectorAll('body *')]
    .filter((node) => says(node) && node.checkVisibility() && ratio(node) < 4.5)
    .map((node) => node.textContent.trim().slice(0, 40));
}"""


@pytest.fixture
def preview(newsroom: Newsroom) -> Iterator[str]:
    """Yield the address of the preview of that newsroom."""
    with serving(make_preview(newsroom)) as base_url:
        yield base_url


@pytest.fixture
def public(readers: Readers) -> Iterator[str]:
    """Yield the address of the readers' pages."""
    app = make_public(readers, site_name="Harbour Gazette", site_url="https://gazette.example")
    with serving(app) as base_url:
        yield base_url


@pytest.fixture
def page(emptied: Page) -> Page:
    """Return a page as wide as a phone."""
    return emptied


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("width", [320, 375, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_pages_fit_and_are_legible(
    page: Page, public: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No sideways scrolling, and 4.5:1 contrast everywhere, in both schemes (WCAG 1.4.3)."""
    page.set_viewport_size({"width": width, "height": 760})
    page.emulate_media(color_scheme=scheme)
    for path in ("/u/good-token", "/p/good-token?done=sections", "/u/old-token", "/u/x"):
        page.goto(public + path)
        assert _overflow(page) <= 0
        assert page.evaluate(_FAINT_WORDS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?view=why", "?section=health", "?view=text"])
def test_the_preview_fits_a_phone_and_is_legible(
    page: Page, preview: str, query: str, scheme: Literal["light", "dark"]
) -> None:
    """Editors look at it on a phone too."""
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{preview}/edition/daily{query}")
    assert _overflow(page) <= 0
    assert page.evaluate(_FAINT_WORDS) == []


def test_no_view_of_the_preview_has_a_serious_fault(page: Page, preview: str) -> None:
    """Before axe-core."""
    found = []
    for query in ("", "?view=why", "?view=text", "?width=all&scheme=both", "?slot=2026-11-22"):
        page.goto(f"{preview}/edition/daily{query}")
        found += looked_at(page)
    assert found == []


def test_a_reader_unsubscribes_with_the_keyboard_and_comes_back(
    page: Page, public: str, readers: Readers
) -> None:
    """Tab to the button, press Enter, and undo it the same way."""
    page.goto(f"{public}/u/good-token")
    page.locator("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Done. You are unsubscribed")
    page.click("text=Subscribe again")
    page.wait_for_selector("text=Welcome back")
    assert [change.action for change in readers.changes] == ["unsubscribe", "resume"]


def test_preferences_work_without_javascript(
    browser: Browser, public: str, readers: Readers
) -> None:
    """Sections are chosen and saved with scripts switched off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{public}/p/good-token")
    page.locator("section").first.locator('input[value="travel"]').uncheck()
    page.locator("section").first.get_by_role("button", name="Save sections").click()
    page.wait_for_selector("text=Saved.")
    assert readers.changes[0].sections == {"world", "tech"}
    context.close()


def test_the_mail_runs_no_script_in_the_viewer_nor_in_the_browser(
    page: Page, preview: str, public: str
) -> None:
    """A script in the issue stays still in the frame, opened directly, and in /v/."""
    page.goto(f"{preview}/edition/daily")
    frame = page.frames[1]
    frame.wait_for_selector("h1")
    assert frame.title() == "Daily"
    for address in (f"{preview}/edition/daily/frame", f"{public}/v/good-token"):
        page.goto(address)
        assert page.title() == "Daily"


def test_the_frame_shows_the_chosen_scheme_whatever_the_browser_prefers(
    page: Page, preview: str
) -> None:
    """Light and dark stand beside each other in a browser that prefers light."""
    page.goto(f"{preview}/edition/daily?scheme=both")
    colours = []
    for frame in page.frames[1:]:
        frame.wait_for_selector("h1")
        colours.append(frame.locator("body").evaluate("n => getComputedStyle(n).backgroundColor"))
    assert colours == ["rgba(0, 0, 0, 0)", "rgb(17, 17, 17)"]


def test_the_preview_renews_itself_and_recovers_from_a_fault(
    page: Page, preview: str, newsroom: Newsroom
) -> None:
    """Saving shows the change, a fault shows the fault, mending it brings the issue back."""
    page.goto(f"{preview}/edition/daily?section=tech")
    newsroom.subject, newsroom.state = "Storm over", "second"
    page.wait_for_selector("h1:has-text('Storm over')", timeout=10_000)
    newsroom.fault = ConfigError("not a URL", where="digest.toml:14", fix="Write https://")
    page.wait_for_selector("text=digest.toml:14", timeout=10_000)
    newsroom.fault = None
    page.wait_for_selector("h1:has-text('Storm over')", timeout=10_000)
    assert page.url.endswith("?section=tech")


def test_a_ticked_box_shows_its_variant_at_once(page: Page, preview: str) -> None:
    """The form sends itself when a box changes."""
    page.goto(f"{preview}/edition/daily")
    page.locator('input[value="world"]').uncheck()
    page.wait_for_selector("dd:has-text('health+tech+travel')")
