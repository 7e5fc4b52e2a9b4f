"""The front page in a real browser: nothing sticks out, and every text can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from digest.models import Picture
from digest.render import Theme, render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

    from digest.models import Composition
    from tests.render.conftest import Newsroom

pytestmark = pytest.mark.browser

_LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenverein"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">'
    '<rect width="1200" height="800" fill="#567"/></svg>'
)
# Gives every text that is shown, with its colour and the first ground behind it that is not clear.
_TEXTS = """() => {
  const shown = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (!node.textContent.trim() || !box.width || style.opacity === "0") continue;
    if (!element.checkVisibility()) continue;
    let behind = element;
    while (behind && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
      behind = behind.parentElement;
    shown.push([node.textContent.trim().slice(0, 40), style.color,
      getComputedStyle(behind).backgroundColor, parseFloat(style.fontSize)]);
  }
  return shown;
}"""
_PICTURES = """() => [...document.images].map(
  image => [image.src, image.width, image.height, image.naturalWidth / image.naturalHeight])"""


def _front(newsroom: Newsroom) -> Composition:
    return newsroom.everything()


def _bare(newsroom: Newsroom) -> Composition:
    stories = [newsroom.story("world", number, picture=None) for number in range(7)]
    part = newsroom.section("world", "World", stories[1:4], stories[4:])
    return newsroom.composition(stories[0], [part])


def _odd(newsroom: Newsroom) -> Composition:
    """Long words everywhere, a tall picture, a tiny one, one of unknown shape."""
    title = f"{_LONG_WORD} and {_LONG_WORD} " * 3
    shapes = ((800, 1600), (90, 60), (None, None), (1200, 800))
    stories = [
        newsroom.story(
            "world", number, title=title, excerpt=title, author=_LONG_WORD,
            picture=Picture(f"https://news.example/{number}.svg", *shape, title),
        )
        for number, shape in enumerate(shapes)
    ]  # fmt: skip
    parts = [
        newsroom.section("world", _LONG_WORD, stories[1:3], stories[3:]),
        newsroom.section("tech", "Tech", [newsroom.story("tech", 1), newsroom.story("tech", 2)]),
        newsroom.section("culture", "Culture", [], [newsroom.story("culture", 1, title=title)]),
    ]
    return newsroom.composition(stories[0], parts)


def _hebrew(newsroom: Newsroom) -> Composition:
    title = "ארבע עשרה מדינות חתמו על הסכם לשיתוף אזהרות בצורת"
    stories = [newsroom.story("world", n, title=title, excerpt=title) for n in range(7)]
    part = newsroom.section("world", "חדשות העולם", stories[1:4], stories[4:])
    return newsroom.composition(stories[0], [part], language="he")


_CASES = {"front": _front, "bare": _bare, "odd": _odd, "hebrew": _hebrew}


def _served(route: Route) -> None:
    """Answer every request ourselves: no test reaches a network."""
    route.fulfill(body=_PICTURE, content_type="image/svg+xml")


def _shown(browser: Browser, html: str, width: int, scheme: Any) -> dict[str, Any]:  # noqa: ANN401 - Playwright's literal type
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page.route("**/*", _served)
        page.set_content(html)
        return {
            "wide": page.evaluate("document.documentElement.scrollWidth"),
            "texts": page.evaluate(_TEXTS),
            "pictures": page.evaluate(_PICTURES),
        }
    finally:
        page.close()


def _html(newsroom: Newsroom, theme: Theme, case: str) -> str:
    composition = _CASES[case](newsroom)
    issue = newsroom.issue(composition, composition.language)
    return render(issue, [composition], theme, newsroom.nonce)["all"].html


def _luminance(colour: str) -> float:
    """Give the relative luminance of "rgb(1, 2, 3)" (WCAG 2.2)."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("case", sorted(_CASES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_and_everything_can_be_read(
    browser: Browser, newsroom: Newsroom, frontpage: Theme, case: str, scheme: str
) -> None:
    """From the smallest phone to a desktop: no scrolling sideways, 4.5 to 1, 14 px and up."""
    html = _html(newsroom, frontpage, case)
    for width in (320, 375, 599, 600, 1200):
        seen = _shown(browser, html, width, scheme)
        assert seen["wide"] <= width
        assert len(seen["texts"]) > 15
        for text, colour, behind, size in seen["texts"]:
            light, dark = sorted((_luminance(colour), _luminance(behind)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, colour, behind)
            assert size >= 14, text


@pytest.mark.parametrize("case", ["front", "odd"])
def test_the_mail_holds_without_its_head(
    browser: Browser, newsroom: Newsroom, frontpage: Theme, case: str
) -> None:
    """A client that strips every style sheet still shows a mail that fits a phone."""
    html = _html(newsroom, frontpage, case)
    for css in frontpage.head_css.values():
        html = html.replace(css, "")
    assert _shown(browser, html, 320, "light")["wide"] <= 320


def test_pictures_keep_their_shape(browser: Browser, newsroom: Newsroom, frontpage: Theme) -> None:
    """Height follows width on every screen."""
    html = _html(newsroom, frontpage, "front")
    for width in (320, 1200):
        for src, shown, height, ratio in _shown(browser, html, width, "light")["pictures"]:
            assert shown / height == pytest.approx(ratio, rel=0.03), src
