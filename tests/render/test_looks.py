"""Every theme in a real browser: nothing sticks out, and every text can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from digest.models.articles import Picture
from digest.models.editors import EditorsNote, ExtraLink, Sponsor
from digest.models.site import Brand, SocialLink
from digest.render import Theme, load_theme, render, themes_in
from digest.resources import templates_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from digest.models.compositions import Composition
    from digest.models.issues import Issue
    from tests.render.conftest import Newsroom

pytestmark = pytest.mark.browser

_LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenverein"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">'
    '<rect width="1200" height="800" fill="#567"/></svg>'
)
# Gives every text that is shown, with its colour and the first ground behind it that is not clear.
# Where nothing has a ground it is the browser's own, which color-scheme turns: Canvas.
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
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const canvas = dark ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)";
    shown.push([node.textContent.trim().slice(0, 40), style.color,
      behind ? getComputedStyle(behind).backgroundColor : canvas, parseFloat(style.fontSize)]);
  }
  return shown;
}"""
_PICTURES = """() => [...document.images].map(
  image => [image.className, image.checkVisibility() ? image.width : 0, image.height,
    image.naturalWidth / image.naturalHeight])"""
_SOURCE = re.compile(r'(?<=<img src=")[^"]*')


# Gives how far the letters of the second heading are from the left and the right edge.
_EDGES = """() => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelectorAll("h2")[0]);
  const box = range.getBoundingClientRect();
  return [box.left, document.documentElement.clientWidth - box.right];
}"""


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


def _arabic(newsroom: Newsroom) -> Composition:
    title = "أربع عشرة دولة توقع اتفاقًا لتبادل إنذارات الجفاف عبر الحدود"
    stories = [newsroom.story("world", n, title=title, excerpt=title) for n in range(7)]
    part = newsroom.section("world", "أخبار العالم", stories[1:4], stories[4:])
    return newsroom.composition(stories[0], [part], language="ar")


def _japanese(newsroom: Newsroom) -> Composition:
    title = "海底ケーブル切断で三つの島国のインターネットが低速に、修理船の到着まで二日"
    stories = [newsroom.story("world", n, title=title, excerpt=title * 3) for n in range(7)]
    part = newsroom.section("world", "国際ニュース", stories[1:4], stories[4:])
    return newsroom.composition(stories[0], [part], language="ja")


def _linked(newsroom: Newsroom) -> Composition:
    """Excerpts with everything that their HTML may have."""
    words = (
        "Ships burn H",
        "2",
        " now, ",
        "the port says",
        ", as m",
        "3",
        " of ",
        "dry_run",
        " fell.",
    )
    marks = ("", "sub", "", 'a href="https://port.example/"', "", "sup", "", "code", "")
    html = "".join(
        f"<{mark}>{word}</{mark.split()[0]}>" if mark else word
        for word, mark in zip(words, marks, strict=True)
    )
    stories = [
        newsroom.story("world", n, excerpt="".join(words), excerpt_html=html) for n in range(7)
    ]
    part = newsroom.section("world", "World News", stories[1:4], stories[4:])
    return newsroom.composition(stories[0], [part])


_CASES = {
    "front": _front, "bare": _bare, "odd": _odd, "hebrew": _hebrew, "arabic": _arabic,
    "japanese": _japanese, "linked": _linked,
}  # fmt: skip
_NAMES = themes_in([templates_folder() / "email"])
_WIDTHS = {"light": (320, 375, 599, 600, 1200), "dark": (375, 600)}  # width is not for the dark


@pytest.fixture(scope="module", params=_NAMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    """Return each shipped theme."""
    return load_theme(str(request.param), [templates_folder() / "email"])


def _adorned(issue: Issue) -> Issue:
    """Return the issue with everything a newsroom and its editors may add, in long words."""
    light, dark = (Picture(f"https://news.example/{name}", 900, 200) for name in ("1", "2"))
    brand = Brand(
        logo_light=light, logo_dark=dark, accent="#0b6b3a", paper="#f4fbf6",
        ink="#10231a", footer=f"{_LONG_WORD} " * 4,
        social=(SocialLink(_LONG_WORD, "https://social.example"),),
        share=("mail", "whatsapp", "telegram", "facebook", "bluesky", "linkedin", "x"),
    )  # fmt: skip
    wide = Picture("https://books.example/x.svg", 1200, 300, "Books")
    sponsor = Sponsor(f"{_LONG_WORD} " * 3, "Advertisement", "https://books.example", wide)
    return replace(
        issue,
        site=replace(issue.site, brand=brand),
        note=EditorsNote(f"{_LONG_WORD} " * 8 + "[a link](https://news.example)", _LONG_WORD),
        sponsors=(sponsor, replace(sponsor, section="world")),
        links=(ExtraLink(_LONG_WORD * 2, "https://news.example/x"),),
    )


def _pictured(html: str) -> str:
    """Put one drawing in the place of every picture: no test reaches a network."""
    return _SOURCE.sub(f"data:image/svg+xml,{quote(_PICTURE)}", html)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Yield the page that shows one mail after the other: a page of its own costs 0.2 s each."""
    shown = browser.new_page()
    yield shown
    shown.close()


def _shown(page: Page, html: str, widths: Sequence[int], scheme: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - Playwright's literal type
    """Return what is seen at each width."""
    _show(page, html, widths[0], scheme)
    seen = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        texts, pictures = page.evaluate(_TEXTS), page.evaluate(_PICTURES)
        seen.append({"width": width, "wide": wide, "texts": texts, "pictures": pictures})
    return seen


def _show(page: Page, html: str, width: int, scheme: Any) -> None:  # noqa: ANN401 - Playwright's literal type
    """Put a mail in the place of the one before, in a document that knows nothing of that."""
    page.goto("about:blank")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(_pictured(html))


def _html(newsroom: Newsroom, theme: Theme, case: str, *, adorned: bool = False) -> str:
    composition = _CASES[case](newsroom)
    issue = newsroom.issue(composition, composition.language)
    issue = _adorned(issue) if adorned else issue
    return render(issue, [composition], theme, newsroom.nonce)["all"].html


def _luminance(colour: str) -> float:
    """Return the relative luminance of "rgb(1, 2, 3)" (WCAG 2.2)."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _legible(seen: dict[str, Any]) -> None:
    """Hold that nothing scrolls sideways and every text has 4.5 to 1 and 14 px."""
    assert seen["wide"] <= seen["width"]
    assert len(seen["texts"]) > 15
    for text, colour, behind, size in seen["texts"]:
        light, dark = sorted((_luminance(colour), _luminance(behind)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, colour, behind)
        assert size >= 14, text


@pytest.mark.parametrize(
    ("scheme", "case"),
    [
        *(("light", case) for case in sorted(_CASES)),
        ("dark", "front"),
        ("dark", "odd"),
        ("dark", "linked"),
    ],
)
def test_nothing_sticks_out_and_everything_can_be_read(
    page: Page, newsroom: Newsroom, theme: Theme, case: str, scheme: str
) -> None:
    """From the smallest phone to a desktop: no scrolling sideways, 4.5 to 1, 14 px and up."""
    for seen in _shown(page, _html(newsroom, theme, case), _WIDTHS[scheme], scheme):
        _legible(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_brand_and_everything_editors_add_fit_too(
    page: Page, newsroom: Newsroom, theme: Theme, scheme: str
) -> None:
    """Logos, share links, note, sponsors and links, with words that are too long for a line."""
    for seen in _shown(page, _html(newsroom, theme, "odd", adorned=True), _WIDTHS[scheme], scheme):
        _legible(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_logo_is_shown_that_of_the_scheme(
    page: Page, newsroom: Newsroom, theme: Theme, scheme: str
) -> None:
    """The other one takes no room."""
    (seen,) = _shown(page, _html(newsroom, theme, "front", adorned=True), [600], scheme)
    shown = [name for name, width, _, _ in seen["pictures"] if width and name in {"day", "night"}]
    expected = {"light": "day", "dark": "night"}[scheme]
    assert shown == ([] if theme.name == "plain" else [expected])


@pytest.mark.parametrize("case", ["front", "odd"])
def test_the_mail_holds_without_its_head(
    page: Page, newsroom: Newsroom, theme: Theme, case: str
) -> None:
    """A client that strips every style sheet still shows a mail that fits a phone."""
    html = _html(newsroom, theme, case)
    for css in theme.head_css.values():
        html = html.replace(css, "")
    (seen,) = _shown(page, html, [320], "light")
    assert seen["wide"] <= 320


def test_pictures_keep_their_shape(page: Page, newsroom: Newsroom, theme: Theme) -> None:
    """Height follows width on every screen."""
    for seen in _shown(page, _html(newsroom, theme, "front"), [320, 1200], "light"):
        for name, shown, height, ratio in seen["pictures"]:
            assert shown / height == pytest.approx(ratio, rel=0.03), name


@pytest.mark.parametrize("case", ["hebrew", "arabic"])
def test_a_page_that_runs_right_to_left_is_mirrored(
    page: Page, newsroom: Newsroom, theme: Theme, case: str
) -> None:
    """The first heading begins at the right; in English at the left, or in the middle."""
    _show(page, _html(newsroom, theme, case), 600, "light")
    left, right = page.evaluate(_EDGES)
    assert right < left
