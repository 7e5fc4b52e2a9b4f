"""Every theme that ships: what all readers, clients and screen readers may rely on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from digest.models.articles import Picture
from digest.models.editors import EditorsNote, ExtraLink, Sponsor
from digest.models.site import Brand
from digest.render import Theme, load_theme, render, themes_in
from digest.render.brand import unreadable
from digest.render.contrast import contrast
from digest.resources import templates_folder

if TYPE_CHECKING:
    from digest.models.compositions import Composition, Rendered
    from digest.models.issues import Issue
    from tests.render.conftest import Newsroom

_SHIPPED = [templates_folder() / "email"]
_NAMES = themes_in(_SHIPPED)
_BUDGET = 90_000
_NOTE = EditorsNote("Good *morning*.\n\nRead [this](https://news.example/note).", "Maren")
_SPONSORS = (
    Sponsor("Books for winter", "Advertisement", "https://books.example"),
    Sponsor(
        "The Lamp, until Sunday", "Advertisement", "", Picture("https://t.example/x.jpg"), "tech"
    ),
)
_LINKS = (ExtraLink("The crossword", "https://news.example/crossword"),)


@pytest.fixture(scope="module", params=_NAMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    """Return each shipped theme."""
    return load_theme(str(request.param), _SHIPPED)


_NEWS = {
    "ar": "أخبار",
    "he": "חדשות",
    "hi": "समाचार",
    "ja": "ニュース",
    "uk": "Новини",
    "zh-TW": "新聞",
}


def _titled(newsroom: Newsroom, word: str, language: str) -> Composition:
    """Return a composition in which every headline, excerpt and section is this word."""
    told = {"title": word, "excerpt": f"{word} {word}", "author": "", "picture": None}
    stories = [newsroom.story("world", number, **told) for number in range(7)]
    section = newsroom.section("world", word, stories[1:4], stories[4:])
    return replace(newsroom.composition(stories[0], [section]), language=language)


def _rendered(
    newsroom: Newsroom, theme: Theme, composition: Composition, **issue: object
) -> Rendered:
    whole: Issue = replace(
        newsroom.issue(composition, composition.language),
        **issue,  # type: ignore[arg-type]
    )
    return render(whole, [composition], theme, newsroom.nonce)[composition.variant]


def test_there_are_four_and_they_differ() -> None:
    """Each has a title and a sentence of its own."""
    found = [load_theme(name, _SHIPPED) for name in _NAMES]
    assert set(_NAMES) == {"briefing", "frontpage", "letter", "plain"}
    assert len({theme.title for theme in found}) == len({theme.about for theme in found}) == 4


def test_there_is_one_h1_and_no_level_is_left_out(newsroom: Newsroom, theme: Theme) -> None:
    """Who listens can jump from heading to heading."""
    html = _rendered(newsroom, theme, newsroom.everything(), note=_NOTE).html
    levels = [int(node.tag[1]) for node in LexborHTMLParser(html).css("h1, h2, h3, h4") if node.tag]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_document_is_fit_for_a_mail(newsroom: Newsroom, theme: Theme) -> None:
    """Language, title, hints for the dark; tables for layout only; nothing active."""
    html = _rendered(newsroom, theme, newsroom.everything(), sponsors=_SPONSORS).html
    page = LexborHTMLParser(html)
    names = {node.attributes.get("name") for node in page.css("meta")}
    assert re.match(r'<!DOCTYPE html>\n?<html lang="en-GB" dir="ltr">', html)
    assert {"viewport", "color-scheme", "supported-color-schemes"} <= names
    assert not page.css("script, form, link, base, iframe, object, [style='']")
    assert all(node.attributes.get("role") == "presentation" for node in page.css("table"))
    assert all(
        "alt" in node.attributes and str(node.attributes.get("width")).isdigit()
        for node in page.css("img")
    )
    for node in page.css("a"):
        assert re.match(r"https?://|mailto:|digesthole", node.attributes.get("href") or "")


def test_every_story_is_in_both_parts(newsroom: Newsroom, theme: Theme) -> None:
    """HTML and text lead to the same stories, each once in the text."""
    composition = newsroom.everything()
    rendered = _rendered(newsroom, theme, composition)
    linked = {node.attributes.get("href") for node in LexborHTMLParser(rendered.html).css("a")}
    for story in composition.stories:
        assert story.article.url in linked
        assert rendered.text.count(f"{story.article.url}\n") == 1


def test_every_section_leads_to_its_page(newsroom: Newsroom, theme: Theme) -> None:
    """Whoever wants more of it finds the way, in both parts."""
    rendered = _rendered(newsroom, theme, newsroom.everything())
    for name in ("world", "culture", "tech"):
        assert f'href="https://news.example/{name}/"' in rendered.html
        assert f"https://news.example/{name}/\n" in rendered.text


def test_what_editors_add_is_in_both_parts(newsroom: Newsroom, theme: Theme) -> None:
    """Note, sponsors with their label, and links; a sponsor of a section stands behind it."""
    extras = {"note": _NOTE, "sponsors": _SPONSORS, "links": _LINKS}
    rendered = _rendered(newsroom, theme, newsroom.everything(), **extras)
    assert '<a href="https://news.example/note"' in rendered.html
    assert "this <https://news.example/note>" in rendered.text
    for part in (rendered.html, rendered.text):
        assert part.count("Advertisement") == 2
        assert "Maren" in part
        assert "The crossword" in part
        tech = "/tech/5/"
        assert part.index("Books for winter") < part.index(tech) < part.index("The Lamp")


def test_nothing_added_leaves_no_trace(newsroom: Newsroom, theme: Theme) -> None:
    """No empty heading, no empty paragraph."""
    rendered = _rendered(newsroom, theme, newsroom.everything())
    page = LexborHTMLParser(rendered.html)
    assert "From the editor" not in rendered.html + rendered.text
    assert all(node.text(strip=True) for node in page.css("p, h1, h2, h3, li"))


def test_a_story_without_anything_but_a_headline(newsroom: Newsroom, theme: Theme) -> None:
    """No empty line, no "None", no picture that is none."""
    bare = {
        "picture": None, "excerpt": "", "author": "", "published": None, "reading_minutes": None
    }  # fmt: skip
    stories = [newsroom.story("world", number, **bare) for number in range(3)]
    section = newsroom.section("world", "World", stories[1:2], stories[2:])
    page = LexborHTMLParser(
        _rendered(newsroom, theme, newsroom.composition(stories[0], [section])).html
    )
    assert not page.css("img")
    assert all(node.text(strip=True) for node in page.css("p, h1, h2, h3, li"))
    assert "None" not in (page.body.text() if page.body else "None")


def test_an_issue_without_a_lead_still_has_its_sections(newsroom: Newsroom, theme: Theme) -> None:
    """A composition may have no lead, and a section only its latest."""
    section = newsroom.section("world", "World", latest=[newsroom.story("world", 1)])
    page = LexborHTMLParser(_rendered(newsroom, theme, newsroom.composition(None, [section])).html)
    assert [node.text(strip=True) for node in page.css("h2")] == ["World"]


def test_variants_cut_from_one_document_are_those_rendered_alone(
    newsroom: Newsroom, theme: Theme
) -> None:
    """Byte for byte, whichever variants are rendered beside it."""
    whole = newsroom.everything()
    some = [
        replace(whole, variant=f"v{index}", sections=whole.sections[index:]) for index in range(3)
    ]
    issue = replace(newsroom.issue(whole), note=_NOTE, sponsors=_SPONSORS, links=_LINKS)
    together = render(issue, some, theme, newsroom.nonce)
    for one in some:
        alone = render(issue, [one], theme, newsroom.nonce)[one.variant]
        assert together[one.variant] == alone


@pytest.mark.parametrize("language", ["ar", "he", "ja", "uk", "hi", "zh-TW"])
def test_every_language_is_set_as_it_is_written(
    newsroom: Newsroom, theme: Theme, language: str
) -> None:
    """Right-to-left pages run so; only scripts with capitals are slanted or spaced out."""
    word = _NEWS[language]
    composition = _titled(newsroom, word, language)
    site = replace(newsroom.issue(composition).site, name=word)
    html = _rendered(newsroom, theme, composition, edition_title=word, site=site).html
    turned = language in {"ar", "he"}
    assert f'lang="{language}" dir="{"rtl" if turned else "ltr"}"' in html
    if language != "uk":
        assert "letter-spacing" not in html
        assert "font-style:italic" not in html
        assert "text-transform" not in html


@pytest.mark.parametrize("language", ["ar", "he", "ja", "hi", "zh-TW"])
def test_a_foreign_headline_is_set_as_it_is_written(
    newsroom: Newsroom, theme: Theme, language: str
) -> None:
    """Also in an English mail: upright, close, and from the side where it begins."""
    composition = _titled(newsroom, _NEWS[language], "en")
    page = LexborHTMLParser(_rendered(newsroom, theme, composition).html)
    for node in page.css("h2, h3, p"):
        style = node.attributes.get("style") or ""
        if _NEWS[language] in node.text() and "Also" not in node.text():
            assert "italic" not in style
            assert "letter-spacing" not in style
            assert "uppercase" not in style
    turned = page.css('[dir="rtl"]')
    assert bool(turned) == (language in {"ar", "he"})


@pytest.mark.parametrize("theme", ["frontpage", "letter"])
def test_words_of_a_picture_are_not_those_beside_it(newsroom: Newsroom, theme: str) -> None:
    """A headline that a source gives as alt would stand there twice; the link keeps it."""
    picture = Picture("https://news.example/x.jpg", 1200, 800, "A bell is found")
    story = newsroom.story("world", 1, title="A bell is found", picture=picture)
    html = _rendered(newsroom, load_theme(theme, _SHIPPED), newsroom.composition(story)).html
    shown = LexborHTMLParser(html).css_first("img")
    assert shown
    assert shown.attributes["alt"] in {"", None}
    assert shown.parent
    assert shown.parent.attributes["aria-label"] == "A bell is found"


def test_links_that_a_program_makes_itself_keep_the_design_s_colour(
    newsroom: Newsroom, theme: Theme
) -> None:
    """Apple's data detectors, Gmail and Samsung, by what they leave in the page."""
    html = _rendered(newsroom, theme, newsroom.everything()).html
    for one in ("a[x-apple-data-detectors]", "u + #body a", "#MessageViewBody a"):
        assert f"{one}{{color:inherit" in html
    assert html.count(' id="body"') == 1


def test_a_time_is_said_once_for_all_that_share_it(newsroom: Newsroom) -> None:
    """Five equal dates in a row are four too many."""
    day = newsroom.story("world", 1).article.published
    assert day
    latest = [
        newsroom.story("world", number, published=day - timedelta(days=2 + number // 3))
        for number in range(6)
    ]
    section = newsroom.section("world", "World", latest=latest)
    for name in ("frontpage", "briefing"):
        html = _rendered(
            newsroom, load_theme(name, _SHIPPED), newsroom.composition(None, [section])
        ).html
        assert html.count("21\u00a0Nov") == html.count("20\u00a0Nov") == 1


def test_words_that_run_the_other_way_keep_their_own(newsroom: Newsroom, theme: Theme) -> None:
    """In an Arabic mail a Latin address, note, sponsor or link does not lose its punctuation."""
    composition = replace(newsroom.everything(), language="ar")
    extras = {"note": _NOTE, "sponsors": _SPONSORS, "links": _LINKS}
    page = LexborHTMLParser(_rendered(newsroom, theme, composition, **extras).html)
    turned = " ".join(node.text() for node in page.css('[dir="ltr"]'))
    for said in ("1 Quay Street", "Good morning", "Books for winter", "The crossword"):
        assert said in turned


def test_outlook_for_windows_has_a_sheet_of_its_own(newsroom: Newsroom, theme: Theme) -> None:
    """It stands in a comment, and the class names it speaks of are still in the mail."""
    html = _rendered(newsroom, theme, newsroom.everything()).html
    (for_word,) = re.findall(
        r"<!--\[if mso\]>.*?<style>(.*?)</style>.*?<!\[endif\]-->", html, re.DOTALL
    )
    assert ".preheader{mso-hide:all}" in for_word
    assert re.search(r'<div class="preheader"', html)
    fonts = {name for name in ("serif", "sans") if f"--{name}" in theme.written["inline.css"]}
    for name in fonts if theme.name != "plain" else ():
        assert re.search(rf'class="[^"]*\b{name}\b', html)
    assert "mso-" not in html.replace(for_word, "")


def test_its_own_colours_can_be_read(theme: Theme) -> None:
    """Every text colour on every ground, in both schemes; what stands on the accent too."""
    colours = theme.palette
    for scheme in ("", "-dark"):
        grounds = [colours[f"{name}{scheme}"] for name in ("paper", "ground") if name in colours]
        for name in ("ink", "quiet", "accent"):
            for ground in grounds:
                assert contrast(colours[f"{name}{scheme}"], ground) >= 4.5, (name, scheme)
    if "on-accent" in colours:
        assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    keys = {"accent": "accent", "accent_dark": "accent-dark", "paper": "paper", "ink": "ink"}
    as_brand = Brand(**{key: colours.get(name, "") for key, name in keys.items()})  # type: ignore[arg-type]
    assert not list(unreadable(colours, as_brand))


def test_no_text_is_smaller_than_14_pixels(theme: Theme) -> None:
    """The hidden preheader and an empty gap are no text."""
    for selector, size in re.findall(r"\.(\S+) \{[^}]*?font-size: (\d+)px", theme.inline_css):
        assert int(size) >= 14 or selector in {"preheader", "gap", "columns", "stripe"}, selector


def test_a_long_issue_is_not_clipped(newsroom: Newsroom, theme: Theme) -> None:
    """Eight sections with some fifty stories stay under the budget (Gmail clips at 102 kB)."""
    parts = []
    for index in range(8):
        stories = [newsroom.story(f"part{index}", number) for number in range(7)]
        parts.append(newsroom.section(f"part{index}", f"Part {index}", stories[:3], stories[3:]))
    composition = newsroom.composition(newsroom.story("world", 1), parts)
    assert len(composition.stories) == 57
    assert len(_rendered(newsroom, theme, composition).html.encode()) < _BUDGET


@pytest.mark.parametrize("name", ["briefing", "plain"])
def test_the_themes_without_pictures_have_none(newsroom: Newsroom, name: str) -> None:
    """They are for reading fast, or for looking hand-written."""
    html = _rendered(newsroom, load_theme(name, _SHIPPED), newsroom.everything()).html
    assert not LexborHTMLParser(html).css("img")


def test_plain_is_almost_no_html(newsroom: Newsroom) -> None:
    """No table, no colour, and a small part of the front page's weight."""
    composition = newsroom.everything()
    plain = _rendered(newsroom, load_theme("plain", _SHIPPED), composition).html
    front = _rendered(newsroom, load_theme("frontpage", _SHIPPED), composition).html
    assert not LexborHTMLParser(plain).css("table")
    assert not re.search(r"(?<!-)color:#", plain)
    assert len(plain) < len(front) / 2


def test_the_briefing_says_two_lines_a_story(newsroom: Newsroom) -> None:
    """Whole sentences where they fit; no more than two lines of its column at 600 pixels."""
    html = _rendered(newsroom, load_theme("briefing", _SHIPPED), newsroom.everything()).html
    lines = [node.text() for node in LexborHTMLParser(html).css("h3 + p")]
    assert len(lines) == 9
    assert max(len(line) for line in lines) <= 150


def test_the_letter_begins_with_the_editor(newsroom: Newsroom) -> None:
    """Before any story; the stories follow as sentences."""
    composition = newsroom.everything()
    html = _rendered(newsroom, load_theme("letter", _SHIPPED), composition, note=_NOTE).html
    first = min(
        html.index(f'href="{story.article.url}"'.replace("&", "&amp;"))
        for story in composition.stories
    )
    assert html.index("Good <i") < first
    assert not LexborHTMLParser(html).css("h3")


def test_other_sites_of_a_story_are_in_both_parts(theme: Theme, newsroom: Newsroom) -> None:
    """Wherever it stands, as the lead or as a top story, with a picture or without."""
    whole = newsroom.everything()
    assert whole.lead is not None
    for leads in (0, 1, 2):
        told = [newsroom.story("world", number) for number in range(8)]
        for number in (0, 1, 2):
            article = replace(told[number].article, url=f"https://wire{number}.example/x")
            told[number] = replace(told[number], also=(article,))
        lead = told.pop(leads)
        section = newsroom.section("world", "World", told[:3], told[3:])
        page = newsroom.composition(lead, [section])
        (mail,) = render(newsroom.issue(page), [page], theme, newsroom.nonce).values()
        for number in range(3):
            address = f"https://wire{number}.example/x"
            assert address in mail.html
            assert address in mail.text


def test_other_sites_of_a_story_far_down_are_in_both_parts(
    theme: Theme, newsroom: Newsroom
) -> None:
    """Twelve top stories: the last two stand among headlines, and name their sites as well."""
    told = [newsroom.story("world", number) for number in range(14)]
    for number in range(14):
        article = replace(told[number].article, url=f"https://wire{number}.example/x")
        told[number] = replace(told[number], also=(article,))
    section = newsroom.section("world", "World", told[1:13], told[13:])
    page = newsroom.composition(told[0], [section])
    (mail,) = render(newsroom.issue(page), [page], theme, newsroom.nonce).values()
    for number in range(13):
        assert f"https://wire{number}.example/x" in mail.html
        assert f"https://wire{number}.example/x" in mail.text
