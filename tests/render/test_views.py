"""What templates may see of an issue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from digest.models.articles import Article, Picture
from digest.render.views import TITLE_LENGTH, PictureView, Viewer

if TYPE_CHECKING:
    from digest.render.views import StoryView
    from tests.render.conftest import Newsroom


def _seen(newsroom: Newsroom, language: str = "en-GB", **article: object) -> StoryView:
    composition = newsroom.composition(newsroom.story("world", 1, **article), language=language)
    variant = Viewer(newsroom.issue(composition), language).variant(composition)
    assert variant.lead
    return variant.lead


def test_times_are_the_readers_place(newsroom: Newsroom) -> None:
    """Half past midnight in UTC is still the evening before in New York, and summer in London."""
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert _seen(newsroom, published=at).date == "2 July"


def test_a_story_of_the_day_has_a_time_and_an_older_one_a_day(newsroom: Newsroom) -> None:
    """Within the slot's local day the clock says more than the date."""
    today = _seen(newsroom, published=datetime(2026, 11, 23, 5, 4, tzinfo=UTC))
    before = _seen(newsroom, published=datetime(2026, 11, 22, 5, 4, tzinfo=UTC))
    assert (today.time, before.time) == ("05:04", "22 Nov")


def test_a_story_without_a_date_has_none(newsroom: Newsroom) -> None:
    """Nothing is made up."""
    seen = _seen(newsroom, published=None)
    assert (seen.date, seen.time) == ("", "")


def test_dates_are_written_in_the_language(newsroom: Newsroom) -> None:
    """Babel writes the edition's date."""
    composition = newsroom.everything()
    assert Viewer(newsroom.issue(composition), "de").edition.date == "Montag, 23. November 2026"


def test_a_right_to_left_language_mirrors_the_sides(newsroom: Newsroom) -> None:
    """Arabic and Hebrew begin at the right."""
    edition = Viewer(newsroom.issue(newsroom.everything()), "ar").edition
    assert (edition.direction, edition.near, edition.far) == ("rtl", "right", "left")


def test_a_headline_against_the_page_has_its_own_direction(newsroom: Newsroom) -> None:
    """Only where it differs, so that most headlines carry nothing."""
    assert _seen(newsroom, title="שלום לכולם").direction == "rtl"
    assert _seen(newsroom, title="Hello").direction == ""
    assert _seen(newsroom, language="he", title="Hello").direction == "ltr"


def test_a_headline_of_ten_thousand_letters_is_clipped(newsroom: Newsroom) -> None:
    """A broken feed does not become the whole mail."""
    assert len(_seen(newsroom, title="word " * 2000).title) <= TITLE_LENGTH


def test_a_story_with_a_hostile_address_leads_to_the_site(newsroom: Newsroom) -> None:
    """A headline always links, and never to a script."""
    assert _seen(newsroom, url="javascript:alert(1)").url == "https://news.example"


@pytest.mark.parametrize("url", ["javascript:x", "data:image/png;base64,x", "mailto:a@b.example"])
def test_a_picture_without_a_web_address_is_no_picture(newsroom: Newsroom, url: str) -> None:
    """Only http and https can be shown."""
    assert _seen(newsroom, picture=Picture(url)).picture is None


@pytest.mark.parametrize(("alt", "kept"), [("", ""), ("A BELL ", ""), ("Bronze", "Bronze")])
def test_a_picture_has_words_of_its_own_or_none(newsroom: Newsroom, alt: str, kept: str) -> None:
    """The headline stands beside it anyway."""
    picture = Picture("https://news.example/x", alt=alt)
    seen = _seen(newsroom, title="A bell", picture=picture).picture
    assert seen
    assert seen.alt == kept


def test_other_sources_are_named_once_each(newsroom: Newsroom) -> None:
    """Neither the lead's own site nor a second article of the same site is listed."""
    urls = ("https://news.example/2", "https://www.wire.example/1", "https://wire.example/2")
    story = newsroom.story("world", 1)
    also = tuple(Article(url, "s", url, "t") for url in urls)
    composition = newsroom.composition(type(story)(story.id, story.article, also, ("world",)))
    lead = Viewer(newsroom.issue(composition), "en").variant(composition).lead
    assert lead
    assert [source.host for source in lead.also] == ["wire.example"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1200, 800), (560, 373)),
        ((800, 1600), (320, 640)),
        ((90, 60), (90, 60)),
        ((None, None), (560, None)),
        ((100000, 1), (560, 1)),
    ],
)
def test_a_picture_keeps_its_shape(
    size: tuple[int | None, int | None], expected: tuple[int, int | None]
) -> None:
    """Fitted into its box, never enlarged; without a known shape only the width is said."""
    fitted = PictureView("https://news.example/x", *size, "x").within(560, 640)
    assert (fitted.width, fitted.height) == expected


@pytest.mark.parametrize(("side", "shown"), [(59, False), (60, True), (None, True)])
def test_a_picture_that_was_measured_as_an_icon_is_not_shown(
    newsroom: Newsroom, side: int | None, shown: bool
) -> None:
    """Its feed told no size, so that it was kept when it was collected."""
    picture = Picture("https://news.example/share.png", side, side, "Share")
    assert (_seen(newsroom, picture=picture).picture is not None) is shown
