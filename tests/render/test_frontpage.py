"""The theme "frontpage": what every reader, client and screen reader may rely on."""

from __future__ import annotations

import re
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from digest.render import Theme, render

if TYPE_CHECKING:
    from digest.models.compositions import Composition
    from tests.render.conftest import Newsroom

_GROUNDS = ("paper", "ground")
_TEXTS = ("ink", "quiet", "accent")
_BUDGET = 90_000


def _page(newsroom: Newsroom, theme: Theme, composition: Composition) -> LexborHTMLParser:
    issue = newsroom.issue(composition)
    return LexborHTMLParser(render(issue, [composition], theme, newsroom.nonce)["all"].html)


def _luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _colour(css: str, name: str, kind: str) -> str:
    """Return what the sheet's last rule for the class says."""
    rules = re.findall(rf"\.{name}\s*\{{\s*{kind}:\s*(#[0-9a-f]{{6}})", css)
    assert rules, name
    return str(rules[-1])


@pytest.mark.parametrize("scheme", ["light", "dark", "outlook"])
def test_every_text_colour_can_be_read(frontpage: Theme, scheme: str) -> None:
    """At least 4.5 to 1 on both grounds, in every scheme (WCAG 2.2, 1.4.3)."""
    sheets = {
        "light": frontpage.inline_css,
        "dark": frontpage.head_css["head.css"].partition("(prefers-color-scheme:dark)")[2],
        "outlook": frontpage.head_css["outlook.css"],
    }
    for text, ground in product(_TEXTS, _GROUNDS):
        colour = _colour(sheets[scheme], text, "color")
        behind = _colour(sheets[scheme], ground, "background-color")
        assert _contrast(colour, behind) >= 4.5, (text, ground)


def test_the_button_can_be_read_in_both_schemes(frontpage: Theme) -> None:
    """Its two colours are its own and do not turn."""
    behind = _colour(frontpage.inline_css, "button", "background-color")
    assert _contrast("#ffffff", behind) >= 4.5


def test_outlook_darkens_to_the_same_colours(frontpage: Theme) -> None:
    """The two dark sheets say the same."""
    dark = frontpage.head_css["head.css"].partition("(prefers-color-scheme:dark)")[2]
    for name in (*_TEXTS, *_GROUNDS):
        kind = "color" if name in _TEXTS else "background-color"
        assert _colour(dark, name, kind) == _colour(frontpage.head_css["outlook.css"], name, kind)


def test_no_text_is_smaller_than_14_pixels(frontpage: Theme) -> None:
    """The hidden preheader and an empty gap are no text."""
    for selector, size in re.findall(r"\.(\S+) \{[^}]*?font-size: (\d+)px", frontpage.inline_css):
        assert int(size) >= 14 or selector in {"preheader", "gap", "columns"}, selector


def test_there_is_one_h1_and_no_level_is_left_out(newsroom: Newsroom, frontpage: Theme) -> None:
    """Who listens can jump from heading to heading."""
    page = _page(newsroom, frontpage, newsroom.everything())
    levels = [int(node.tag[1]) for node in page.css("h1, h2, h3, h4, h5, h6") if node.tag]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_document_says_what_it_is(newsroom: Newsroom, frontpage: Theme) -> None:
    """Doctype, language, direction, title, and the hints that clients look for."""
    composition = newsroom.everything()
    html = render(newsroom.issue(composition), [composition], frontpage, newsroom.nonce)["all"].html
    page = LexborHTMLParser(html)
    names = {node.attributes.get("name") for node in page.css("meta")}
    assert html.startswith("<!DOCTYPE html>")
    assert html.count("<meta charset") == 1
    assert {"viewport", "color-scheme", "supported-color-schemes"} <= names
    assert {"x-apple-disable-message-reformatting", "format-detection"} <= names
    assert not page.css("script, form, link, base, iframe, object")


def test_tables_are_for_layout_and_pictures_have_sizes(
    newsroom: Newsroom, frontpage: Theme
) -> None:
    """No table is read aloud as one; no picture lacks alt, width or an address."""
    page = _page(newsroom, frontpage, newsroom.everything())
    assert all(node.attributes.get("role") == "presentation" for node in page.css("table"))
    assert page.css("img")
    for node in page.css("img"):
        assert "alt" in node.attributes
        assert str(node.attributes.get("width")).isdigit()
        assert str(node.attributes.get("height")).isdigit()


def test_every_link_leads_somewhere(newsroom: Newsroom, frontpage: Theme) -> None:
    """Only http, https, or a hole."""
    page = _page(newsroom, frontpage, newsroom.everything())
    assert page.css("a")
    for node in page.css("a"):
        assert re.match(r"https?://|digesthole", node.attributes.get("href") or "")


def test_the_preheader_is_padded(newsroom: Newsroom, frontpage: Theme) -> None:
    """What follows in the mail does not show in the list of mails."""
    page = _page(newsroom, frontpage, newsroom.everything())
    hidden = page.css("body > div")[0].text()
    assert hidden.startswith("Also today: prices, ferries & bells")
    assert hidden.count("\u034f\u200c\u00a0") >= 50


def test_a_story_without_anything_but_a_headline(newsroom: Newsroom, frontpage: Theme) -> None:
    """No empty picture, no empty line, no "None"."""
    bare = {
        "picture": None, "excerpt": "", "author": "", "published": None, "reading_minutes": None
    }  # fmt: skip
    stories = [newsroom.story("world", number, **bare) for number in range(3)]
    section = newsroom.section("world", "World", stories[1:2], stories[2:])
    composition = newsroom.composition(stories[0], [section])
    page = _page(newsroom, frontpage, composition)
    assert not page.css("img")
    assert all(node.text(strip=True) for node in page.css("p, h1, h2, h3"))
    assert "None" not in (page.body.text() if page.body else "None")


def test_an_issue_without_a_lead_still_has_its_sections(
    newsroom: Newsroom, frontpage: Theme
) -> None:
    """A composition may have no lead."""
    section = newsroom.section("world", "World", latest=[newsroom.story("world", 1)])
    page = _page(newsroom, frontpage, newsroom.composition(None, [section]))
    assert [node.text() for node in page.css("h2")] == ["World"]


def test_a_long_issue_is_not_clipped(newsroom: Newsroom, frontpage: Theme) -> None:
    """Eight sections with some fifty stories stay under the budget (Gmail clips at 102 kB)."""
    parts = []
    for index in range(8):
        stories = [newsroom.story(f"part{index}", number) for number in range(7)]
        parts.append(newsroom.section(f"part{index}", f"Part {index}", stories[:3], stories[3:]))
    composition = newsroom.composition(newsroom.story("world", 1), parts)
    issue = newsroom.issue(composition)
    rendered = render(issue, [composition], frontpage, newsroom.nonce)["all"]
    assert len(composition.stories) == 57
    assert len(rendered.html.encode()) < _BUDGET
