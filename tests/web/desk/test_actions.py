"""Every action of the desk in a real Chromium, by mouse and by keys, wide and on a phone.

One desk serves the module; each case begins with an overlay of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.desk.conftest import SLOT, furnish, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from digest.web.local_access import OneTimeKeys
    from tests.conftest import SampleToml

Newsroom = tuple[Path, str, "OneTimeKeys"]

pytestmark = pytest.mark.browser

_WIDTHS = (390, 1280)


@dataclass
class Editor:
    """One who sits at the desk and uses the mouse, or the keys alone."""

    page: Page
    overlay: Path
    base_url: str
    by_keys: bool

    def press(self, name: str, key: str = "") -> None:
        """Use what a selector names: click it, or press its key, or Enter on it."""
        if not self.by_keys:
            self.page.locator(name).first.click()
        elif key:
            self.page.keyboard.press(key)
        else:
            self.page.locator(name).first.focus()
            self.page.keyboard.press("Enter")

    def choose(self, story: str) -> None:
        """Choose a story: click its headline, or walk there with j and k."""
        row = self.page.locator(f"#row-{story}")
        if not self.by_keys:
            row.locator(".headline").click()
            return
        for key in "j" * 20 + "k" * 20:
            self.page.keyboard.press(key)
            if "current" in (row.get_attribute("class") or ""):
                return
        raise AssertionError(f"j and k never reached {story}")

    def on(self, story: str, button: str, key: str) -> None:
        """Choose a story and use one of its buttons, or the key of it."""
        self.choose(story)
        self.press(f"#row-{story} .tools >> text='{button}'", key)

    def opens(self, tab: str, number: int) -> None:
        """Open a panel by its tab or by its number, and wait until it is there."""
        self.press(f"#panel > .tabs a:has-text('{tab}')", str(number))
        self.page.wait_for_selector(f"#panel > .tabs a[aria-current]:has-text('{tab}')")

    def writes(self, selector: str, words: str) -> None:
        """Fill a field: by typing, or where it is opened by a click."""
        field = self.page.locator(selector).first
        if self.by_keys and field.get_attribute("type") != "date":
            field.focus()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(words)
        else:
            field.fill(words)

    def told(self, words: str) -> None:
        """Wait until the page says so."""
        self.page.wait_for_selector(f"#told:has-text('{words}')")

    def wishes(self) -> dict[str, Any]:
        """Return what the overlay holds now."""
        return tomllib.loads(self.overlay.read_text()) if self.overlay.exists() else {}

    def place(self, story: str) -> int:
        """Return the place of a story in the panel, 0 for the first."""
        rows = self.page.locator("#panel .row").all()
        return [one.get_attribute("data-story") for one in rows].index(story)

    def mail(self) -> Locator:
        """Return the mail's own text."""
        return self.page.frame_locator("iframe >> nth=0").locator("body")


@dataclass(frozen=True)
class Action:
    """What is done at the desk and what must have come of it, over an overlay to begin with."""

    do: Callable[[Editor], None]
    before: str = ""
    by_keys: bool = True


def _lead(one: Editor) -> None:
    one.on("feed-3", "Lead", "l")
    one.told("lead with")
    assert one.wishes() == {"lead": {"story": "feed-3"}}


def _unlead(one: Editor) -> None:
    one.choose("feed-3")
    one.press("#row-feed-3 button[value=unlead]")
    one.told("let the ranking choose")
    assert one.wishes() == {}


def _reorder(one: Editor) -> None:
    before = one.place("feed-2")
    one.choose("feed-2")
    one.press("#row-feed-2 button[value=up]", "ArrowUp")
    one.told("move")
    assert one.place("feed-2") == before - 1


def _drag(one: Editor) -> None:
    before = one.place("feed-2")
    target = one.page.locator("#row-feed-1")
    one.page.locator("#row-feed-2").scroll_into_view_if_needed()
    one.page.locator("#row-feed-2").drag_to(target, target_position={"x": 60, "y": 4})
    one.told("move")
    assert one.place("feed-2") == before - 1


def _pin(one: Editor) -> None:
    one.on("tech-1", "Pin", "p")
    one.told("put")
    assert [pin["story"] for pin in one.wishes()["pin"]] == ["tech-1"]


def _unpin(one: Editor) -> None:
    one.on("tech-1", "Unpin", "p")
    one.told("unpin")
    assert "pin" not in one.wishes()


def _drop(one: Editor) -> None:
    one.on("feed-1", "Drop", "d")
    one.told("drop")
    assert one.wishes() == {"drop": [{"story": "feed-1"}]}
    assert one.page.locator("#row-feed-1").count() == 0


def _to_section(one: Editor) -> None:
    one.choose("feed-2")
    chosen = one.page.locator("#row-feed-2 select[name=to]")
    if one.by_keys:
        chosen.focus()
        one.page.keyboard.press("T")
    else:
        chosen.select_option("tech")
    one.press("#row-feed-2 button[value=to-section]")
    one.told("to Tech Trends")
    (pin,) = one.wishes()["pin"]
    assert (pin["story"], pin["section"]) == ("feed-2", "tech")


def _heading(one: Editor) -> None:
    one.press(".shelf[data-section=tech] button[value=heading-up]")
    one.told("move the heading")
    assert one.wishes() == {"sections": ["tech", "world"]}


def _reword(one: Editor) -> None:
    one.on("feed-2", "Edit", "e")
    one.page.wait_for_selector(".editing textarea[name=headline]")
    one.writes(".editing textarea[name=headline]", "Quite other words")
    one.writes(".editing textarea[name=excerpt]", "And another excerpt.")
    one.writes(".editing input[name=picture]", "https://news.example/p.jpg")
    one.press(".editing button[value=reword]")
    one.told("reword")
    (new,) = one.wishes()["replace"]
    assert (new["headline"], new["excerpt"]) == ("Quite other words", "And another excerpt.")
    assert new["picture"] == "https://news.example/p.jpg"


def _own_words(one: Editor) -> None:
    one.on("feed-2", "Edit", "e")
    one.press(".editing button[value=own-words]")
    one.told("its own words back")
    assert "replace" not in one.wishes()


def _note(one: Editor) -> None:
    one.opens("Words", 3)
    one.writes("#note", "Good morning.")
    one.press("#note-form button[value=note]")
    one.told("the note")
    assert one.wishes() == {"note": {"text": "Good morning."}}


def _subject(one: Editor) -> None:
    one.opens("Words", 3)
    one.writes("#subject", "Storm over")
    one.writes("#preheader", "And the ferry sails")
    assert one.page.inner_text(".line .rest b") == "Storm over"
    one.press("#subject-form button[value=subject]")
    one.told("subject and preheader")
    assert one.wishes() == {"subject": "Storm over", "preheader": "And the ferry sails"}


def _sponsor(one: Editor) -> None:
    one.opens("Words", 3)
    one.press("summary:has-text('Add a sponsor')")
    form = "details[open] form"
    one.writes(f"{form} textarea[name=text]", "Tea, freshly brewed.")
    one.writes(f"{form} input[name=starts]", "2026-11-23")
    one.writes(f"{form} input[name=expires]", "2026-12-24")
    one.press(f"{form} button[value=sponsor]")
    one.told("the sponsor")
    (new,) = one.wishes()["sponsor"]
    assert (str(new["starts"]), str(new["expires"])) == ("2026-11-23", "2026-12-24")


def _sponsor_away(one: Editor) -> None:
    one.opens("Words", 3)
    one.press(".entry button[value=remove]")
    one.told("remove the sponsor")
    assert one.wishes() == {}


def _link(one: Editor) -> None:
    one.opens("Words", 3)
    one.press("summary:has-text('Add a link')")
    one.writes("details[open] input[name=title]", "Our podcast")
    one.writes("details[open] input[name=url]", "https://news.example/listen")
    one.press("details[open] button[value=link]")
    one.told("the link")
    assert one.wishes()["link"] == [{"title": "Our podcast", "url": "https://news.example/listen"}]


def _bring_in(one: Editor) -> None:
    one.opens("Left out", 2)
    one.on("feed-6", "Bring in", "p")
    one.told("put")
    assert [pin["story"] for pin in one.wishes()["pin"]] == ["feed-6"]
    one.opens("Stories", 1)
    assert one.page.locator("#row-feed-6").count() == 1


def _restore(one: Editor) -> None:
    one.opens("Left out", 2)
    one.on("feed-1", "Take the drop back", "p")
    one.told("take the drop of")
    assert one.wishes() == {}


def _merge(one: Editor) -> None:
    one.on("feed-2", "Merge…", "m")
    one.page.wait_for_selector(".merging:has-text('Night train')")
    one.on("feed-1", "Same as this", "m")
    one.told("together with")
    assert [set(pair["stories"]) for pair in one.wishes()["merge"]] == [{"feed-1", "feed-2"}]


def _split(one: Editor) -> None:
    one.press(".together button[value=split]")
    one.told("by itself")
    assert "merge" not in one.wishes()


def _undo_and_redo(one: Editor) -> None:
    one.on("feed-1", "Drop", "d")
    one.told("drop")
    one.press(".bar button[value=undo]", "u")
    one.told("Undone: drop")
    assert one.wishes() == {}
    one.press(".bar button[value=redo]", "r")
    one.told("Made again: drop")
    assert one.wishes() == {"drop": [{"story": "feed-1"}]}


def _test(one: Editor) -> None:
    one.press("#testing summary", "t")
    one.writes("#to", "ann@news.example")
    one.press("#testing button[value=test]")
    one.told("Test sent to ann@news.example: accepted")


def _approve(one: Editor) -> None:
    one.press(".bar button[value=approve]")
    one.page.wait_for_selector(".chip:has-text('Approved by Ann')")


def _hold(one: Editor) -> None:
    one.press(".bar button[value=hold]")
    one.page.wait_for_selector(".chip:has-text('Held')")
    one.press(".bar button[value=release]")
    one.told("Released")
    assert one.page.locator(".chip:has-text('Held')").count() == 0


def _downloads(one: Editor) -> None:
    for words, ending in (("HTML", "html"), ("text", "txt"), (".eml", "eml"), ("picture", "png")):
        with one.page.expect_download() as waiting:
            one.press(f".files >> text='{words}'")
        assert waiting.value.suggested_filename == f"daily-{SLOT}.{ending}"
        assert Path(waiting.value.path()).stat().st_size > 500


def _views(one: Editor) -> None:
    for view in ("Gmail", "Outlook", "Plain text", "Headers", "Source", "Mail"):
        one.press(f".toolbar .tabs a:text-is('{view}')")
        one.page.wait_for_selector(f".toolbar .tabs a[aria-current]:text-is('{view}')")
    wide = one.page.viewport_size and one.page.viewport_size["width"] > min(_WIDTHS)
    widths = ("Phone", "Tablet", "Desktop", "All", "Fit") if wide else ()  # a phone has its own
    for word in (*widths, "Dark", "Both", "Light"):
        one.press(f".segments a:text-is('{word}')")
        one.page.wait_for_selector(f".segments a[aria-current]:text-is('{word}')")
    one.press("#pictures a:has-text('Show pictures')")
    one.page.wait_for_selector("#pictures:has-text('Pictures come from outside')")
    one.press("#pictures a:has-text('Pictures off')")
    one.page.wait_for_selector("#pictures:has-text('Pictures are off')")


def _panels(one: Editor) -> None:
    for number, tab in enumerate(("Left out", "Words", "Checks", "Readers", "Issues"), start=2):
        one.opens(tab, number)
    one.opens("Stories", 1)


def _variant(one: Editor) -> None:
    one.opens("Readers", 5)
    box = one.page.locator("#choose input[value=tech]")
    if one.by_keys:
        box.focus()
        one.page.keyboard.press("Space")
    else:
        box.click()
    one.page.wait_for_url(re.compile("section=world"))
    one.page.wait_for_selector("#choose input[value=tech]:not(:checked)")


def _named_reader(one: Editor) -> None:
    one.opens("Readers", 5)
    one.writes("#address", "amara@reader.example")
    one.press("#whose button[value=reader]")
    one.page.wait_for_selector(".whose:has-text('a…@reader.example')", state="attached")
    assert "amara" not in one.page.url


_PINNED = '[[pin]]\nstory = "tech-1"\nsection = "tech"\nplace = 1\n'
ACTIONS = {
    "lead": Action(_lead),
    "unlead": Action(_unlead, '[lead]\nstory = "feed-3"\n'),
    "reorder": Action(_reorder),
    "drag": Action(_drag, by_keys=False),  # keys have the arrows, "reorder"
    "pin": Action(_pin),
    "unpin": Action(_unpin, _PINNED),
    "drop": Action(_drop),
    "to-section": Action(_to_section),
    "heading": Action(_heading),
    "reword": Action(_reword),
    "own-words": Action(_own_words, '[[replace]]\nstory = "feed-2"\nheadline = "Other"\n'),
    "note": Action(_note),
    "subject": Action(_subject),
    "sponsor": Action(_sponsor),
    "sponsor-away": Action(_sponsor_away, '[[sponsor]]\nlabel = "Ad"\ntext = "Tea"\n'),
    "link": Action(_link),
    "bring-in": Action(_bring_in),
    "restore": Action(_restore, '[[drop]]\nstory = "feed-1"\n'),
    "merge": Action(_merge),
    "split": Action(_split, '[[merge]]\nstories = ["feed-1", "feed-2"]\n'),
    "undo-redo": Action(_undo_and_redo),
    "test": Action(_test),
    "hold": Action(_hold),
    "downloads": Action(_downloads),
    "views": Action(_views),
    "panels": Action(_panels),
    "variant": Action(_variant),
    "named-reader": Action(_named_reader),
    "approve": Action(_approve, 'preheader = "{number}"\n'),
}
"""What an editor can do, by name; {number} makes an overlay unlike every other."""


@pytest.fixture(scope="module")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, sqlite_tables: Path, sample_toml: SampleToml
) -> Iterator[Newsroom]:
    """Yield one desk for all cases: its folder, its address, and the keys that open it."""
    folder = tmp_path_factory.mktemp("newsroom")
    shutil.copyfile(sqlite_tables, folder / sqlite_tables.name)
    furnish(folder, sample_toml)
    with served(folder) as (base_url, keys):
        yield folder, base_url, keys


@pytest.fixture(scope="module")
def pages(browser: Browser, newsroom: Newsroom) -> Iterator[Callable[[int], Page]]:
    """Yield a page of each width, let in once; none says an error on its console."""
    complaints: list[str] = []
    _, base_url, keys = newsroom
    context = browser.new_context(reduced_motion="reduce")
    context.new_page().goto(f"{base_url}/edition/daily?key={keys.new()}")
    context.pages[0].close()
    opened = {}
    for width in _WIDTHS:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 860})
        page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened[width] = page
    yield opened.__getitem__
    context.close()
    assert complaints == []


_ALL_FOUR = os.environ.get("DIGEST_TORTURE") == "long"
_CASES = [
    pytest.param(name, width, by_keys, id=f"{name}-{'keys' if by_keys else 'mouse'}-{width}")
    for at, (name, action) in enumerate(ACTIONS.items())
    for by_keys in ((False, True) if action.by_keys else (False,))
    for place, width in enumerate(_WIDTHS)
    if _ALL_FOUR or not action.by_keys or (at + place) % 2 == by_keys
]
"""Each action by mouse at one width and by keys at the other, in turn; `make torture` has all."""


@pytest.mark.parametrize(("name", "width", "by_keys"), _CASES)
def test_each_action_by_mouse_and_by_keys(
    newsroom: Newsroom, pages: Callable[[int], Page], name: str, width: int, *, by_keys: bool
) -> None:
    """What is pressed is done, and written down as the overlay says it."""
    folder, base_url, _ = newsroom
    overlay, page = folder / "overlays" / "daily" / f"{SLOT}.toml", pages(width)
    page.goto("about:blank")
    overlay.parent.mkdir(parents=True, exist_ok=True)
    overlay.unlink(missing_ok=True)
    if before := ACTIONS[name].before.format(number=f"{width} {by_keys}"):
        overlay.write_text(before)
    page.goto(f"{base_url}/edition/daily?pictures=off")
    ACTIONS[name].do(Editor(page, overlay, base_url, by_keys))
