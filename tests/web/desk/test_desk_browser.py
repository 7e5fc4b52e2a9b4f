"""The desk in a real Chromium: by mouse, by keys, on a phone, and while files change."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page

    from digest.web.local_access import OneTimeKeys

pytestmark = pytest.mark.browser


@pytest.fixture
def page(desk: tuple[str, OneTimeKeys], emptied: Page) -> Iterator[Page]:
    """Yield the desk as an editor opens it; no console error is forgiven."""
    base_url, keys = desk
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(said.text)

    def hear_error(error: Error) -> None:
        complaints.append(str(error))

    emptied.set_viewport_size({"width": 1280, "height": 860})
    emptied.on("console", hear)
    emptied.on("pageerror", hear_error)
    emptied.goto(f"{base_url}/edition/daily?key={keys.new()}")
    yield emptied
    emptied.remove_listener("console", hear)
    emptied.remove_listener("pageerror", hear_error)
    assert complaints == []


def _wishes(overlay: Path) -> dict[str, Any]:
    return tomllib.loads(overlay.read_text()) if overlay.exists() else {}


def _done(page: Page, words: str) -> None:
    page.wait_for_selector(f"#told:has-text('{words}')")


def _titles(page: Page) -> list[str]:
    return page.locator("#panel .headline").all_inner_texts()


def test_the_key_is_not_kept_in_the_address(page: Page) -> None:
    """Nobody copies it along with the address."""
    assert "key=" not in page.url


def test_an_editor_does_the_day_by_mouse(page: Page, overlay: Path) -> None:
    """Change the lead, drop a story, write a note, send a test, approve."""
    page.click("#row-feed-3")
    page.click("#row-feed-3 button:has-text('Lead')")
    _done(page, "lead with “Lighthouse")
    page.click("#row-tech-0")
    page.click("#row-tech-0 button:has-text('Drop')")
    _done(page, "drop “Sensors")
    page.click("#panel .tabs a:has-text('Words')")
    page.fill("#note", "Good morning.")
    page.click("#note-form button:has-text('Save')")
    _done(page, "the note")
    page.click("summary:has-text('Send a test')")
    page.fill("#to", "ann@news.example")
    page.click("#testing button")
    _done(page, "Test sent to ann@news.example: accepted")
    assert page.locator("#testing[open]").count() == 0
    page.click(".bar button:has-text('Approve')")
    page.wait_for_selector(".chip:has-text('Approved by Ann')")
    frame = page.frames[1]
    assert "Good morning." in frame.locator("body").inner_text()
    wishes = _wishes(overlay)
    assert (wishes["lead"], wishes["drop"]) == ({"story": "feed-3"}, [{"story": "tech-0"}])


def test_the_same_by_keys_alone(page: Page, overlay: Path) -> None:
    """A story is chosen with j; d p e, the arrows, u and r act; ? shows them all."""
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = _titles(page)[1]
    page.keyboard.press("ArrowDown")
    _done(page, "move “")
    assert _titles(page)[2] == second
    page.keyboard.press("p")
    _done(page, "put “")
    page.keyboard.press("e")
    page.wait_for_selector(".editing textarea[name=headline]")
    page.fill(".editing textarea[name=headline]", "Quite other words")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    _done(page, "reword “")
    assert "Quite other words" in _titles(page)
    page.keyboard.press("d")
    _done(page, "drop “")
    assert "Quite other words" not in _titles(page)
    page.keyboard.press("u")
    _done(page, "Undone: drop")
    page.keyboard.press("r")
    _done(page, "Made again: drop")
    assert [one["story"] for one in _wishes(overlay)["drop"]] == [
        _wishes(overlay)["drop"][0]["story"]
    ]
    page.keyboard.press("2")
    page.wait_for_selector(".tabs a:has-text('Left out')[aria-current]")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_sponsors_last_day_is_changed(page: Page, overlay: Path, width: int) -> None:
    """In the form that shows what stands there."""
    overlay.parent.mkdir(parents=True)
    overlay.write_text('[[sponsor]]\nlabel = "Ad"\ntext = "Tea"\nexpires = 2026-11-30\n')
    page.set_viewport_size({"width": width, "height": 860})
    page.click("#panel .tabs a:has-text('Words')")
    page.click("summary:has-text('Edit Ad')")
    page.fill("input[name=expires] >> nth=0", "2026-12-24")
    page.click("details[open] button:has-text('Save')")
    _done(page, "the sponsor")
    assert str(_wishes(overlay)["sponsor"][0]["expires"]) == "2026-12-24"


def test_a_story_is_dragged(page: Page, overlay: Path) -> None:
    """It stands in its new place at once, and in the file after that."""
    page.locator("#row-tech-2").drag_to(
        page.locator("#row-feed-1"), target_position={"x": 80, "y": 4}
    )
    _done(page, "move “")
    (pin,) = _wishes(overlay)["pin"]
    assert (pin["story"], pin["section"], pin["place"]) == ("tech-2", "world", 1)


def test_what_is_saved_elsewhere_is_on_the_screen_by_itself(page: Page, overlay: Path) -> None:
    """A new mail without a touch; and never under the fingers of somebody who writes."""
    overlay.parent.mkdir(parents=True)
    overlay.write_text('subject = "Saved by hand"\n')
    page.wait_for_selector("h1:has-text('Saved by hand')", timeout=20_000)
    page.click("#panel .tabs a:has-text('Words')")
    page.wait_for_selector("#note")
    page.fill("#note", "Half a sen")
    overlay.write_text('subject = "Saved once more"\n')
    page.wait_for_timeout(1500)
    assert page.input_value("#note") == "Half a sen"
    page.click("#note-form button:has-text('Save')")
    _done(page, "somebody changed the overlay")
    page.click("#told button:has-text('all the same')")
    _done(page, "the note")
    assert _wishes(overlay) == {"subject": "Saved once more", "note": {"text": "Half a sen"}}


def test_what_differs_from_an_approval_is_in_the_page(page: Page) -> None:
    """Opened by the keys, closed by Escape; not a tooltip."""
    page.click(".bar button:has-text('Approve')")
    page.wait_for_selector(".chip:has-text('Approved by Ann')")
    page.click("#row-feed-1")
    page.keyboard.press("d")
    _done(page, "drop “")
    page.focus("#changed summary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#changed li:has-text('Gone: \"Council votes')")
    page.keyboard.press("Escape")
    assert page.locator("#changed[open]").count() == 0


def test_what_is_unfolded_stays_so_when_the_page_renews_itself(page: Page, overlay: Path) -> None:
    """An editor reads the list while somebody else saves; the keys still find it."""
    page.click(".bar button:has-text('Approve')")
    page.wait_for_selector(".chip:has-text('Approved by Ann')")
    overlay.parent.mkdir(parents=True, exist_ok=True)
    overlay.write_text('[[drop]]\nstory = "feed-1"\n')
    page.focus("#changed summary")
    page.keyboard.press("Enter")
    overlay.write_text('subject = "Saved by hand"\n[[drop]]\nstory = "feed-1"\n')
    page.wait_for_selector("#changed[open] li:has-text('Saved by hand')")
    assert page.evaluate("document.activeElement.matches('#changed summary')")


def _until(page: Page, script: str) -> None:
    """Wait for a script to say true; the page's policy forbids Playwright's own way of waiting."""
    for _ in range(600):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never so: {script}")


def _frame_top(page: Page) -> float:
    return float(page.evaluate("document.querySelector('iframe').contentWindow.scrollY"))


def test_the_mail_stays_where_it_was_scrolled_to(page: Page, overlay: Path) -> None:
    """Whoever drops the last story is not thrown back to the first."""
    page.evaluate("document.querySelector('iframe').contentWindow.scrollTo(0, 300)")
    page.click("#row-feed-2")
    page.click("#row-feed-2 button:has-text('Drop')")
    _done(page, "drop “")
    _until(page, "document.querySelector('iframe').contentWindow.scrollY === 300")
    assert _wishes(overlay) == {"drop": [{"story": "feed-2"}]}


def test_a_finding_leads_to_its_place_in_the_mail(page: Page, overlay: Path) -> None:
    """By mouse and by keys: the mail scrolls there and points at it."""
    overlay.parent.mkdir(parents=True)
    overlay.write_text('[[link]]\ntitle = "Our podcast"\nurl = "http://news.example/listen"\n')
    page.wait_for_selector("#panel .tabs a:has-text('Checks') .count")
    page.keyboard.press("4")
    page.wait_for_selector(".check")
    for one in page.locator(".check:not([open]) > summary").all():
        one.click()
    show = page.locator("[data-show*='Our podcast']").first
    pointed = "document.querySelector('iframe').contentDocument.querySelector('[data-pointed]')"
    for _ in range(100):  # the mail that has the link may still be on its way
        show.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
        if page.evaluate(f"{pointed} !== null"):
            break
    assert "Our podcast" in page.evaluate(f"{pointed}.textContent")
    assert _frame_top(page) > 0


def test_all_widths_use_the_whole_window(page: Page) -> None:
    """The panel makes room, and comes back; nothing scrolls sideways."""
    page.click(".toolbar a:has-text('All')")
    page.wait_for_selector(".device-desktop iframe")
    assert page.locator("iframe").count() == 3
    assert not page.locator("#panel").is_visible()
    boxes = [one.bounding_box() for one in page.locator("iframe").all()]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 1280 for box in boxes)
    page.click(".toolbar a:has-text('Fit')")
    page.wait_for_selector("#panel .row")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_readers_mail_and_a_past_issue(page: Page, yesterday: str, width: int) -> None:
    """By mouse and by keys, on a narrow screen and on a wide one."""
    page.set_viewport_size({"width": width, "height": 860})
    page.click("#panel .tabs a:has-text('Readers')")
    page.fill("#address", "amara@reader.example")
    page.keyboard.press("Enter")
    page.wait_for_selector(".whose:has-text('a…@reader.example')", state="attached")
    assert "amara" not in page.url
    page.keyboard.press("Escape")
    page.click("#panel .tabs a:has-text('Issues')")
    page.click(f"#panel a:text-is('{yesterday}')")
    page.wait_for_selector(".chip:has-text('As sent')")
    frame = page.frame_locator("iframe").locator("body")
    assert "Choir sings in the square" in frame.inner_text()


def test_nothing_leaves_the_machine_before_pictures_are_asked_for(
    browser: Browser, desk: tuple[str, OneTimeKeys]
) -> None:
    """Every request of every view goes to the desk itself."""
    base_url, keys = desk
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(f"{base_url}/edition/daily?key={keys.new()}")
    for query in ("width=all&scheme=both", "view=gmail", "view=outlook", "panel=checks"):
        page.goto(f"{base_url}/edition/daily?{query}")
    page.close()
    assert [one for one in asked if not one.startswith((base_url, "data:"))] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "panel=words", "panel=checks", "panel=issues&view=outlook"])
def test_every_panel_fits_and_starts_with_the_mail(
    desk: tuple[str, OneTimeKeys],
    emptied: Page,
    width: int,
    scheme: Literal["light", "dark"],
    query: str,
) -> None:
    """No sideways scrolling; on a phone the mail is on the first screen, the stories below it."""
    base_url, keys = desk
    emptied.set_viewport_size({"width": width, "height": 720})
    emptied.emulate_media(color_scheme=scheme)
    emptied.goto(f"{base_url}/edition/daily?key={keys.new()}&{query}")
    assert emptied.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    box = emptied.locator("iframe").first.bounding_box()
    assert box is not None
    assert box["y"] < 720 * 0.6


def test_the_desk_works_without_its_script(
    browser: Browser, desk: tuple[str, OneTimeKeys], overlay: Path
) -> None:
    """A form is a form."""
    base_url, keys = desk
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}/edition/daily?key={keys.new()}")
    page.locator("#row-feed-1 button:has-text('Drop')").click()
    page.wait_for_selector("#told:has-text('drop “')")
    assert _wishes(overlay)["drop"] == [{"story": "feed-1"}]
    context.close()
