"""A newsroom's colours, fonts, logos and last words in any theme."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import RenderError
from digest.frozen import freeze, thaw
from digest.models.articles import Picture
from digest.models.site import Brand, SocialLink
from digest.render import Theme, load_theme, render, themes_in
from digest.render.brand import in_brand, palette, unreadable, written_out
from digest.render.contrast import contrast
from digest.resources import templates_folder

if TYPE_CHECKING:
    from digest.models.compositions import Rendered
    from tests.render.conftest import Newsroom

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
_THEMES = [templates_folder() / "email"]
_BRAND = Brand(
    logo_light=Picture("https://news.example/light.png", 480, 120),
    logo_dark=Picture("https://news.example/dark.png", 480, 120),
    accent="#0b6b3a",
    footer="Owned by its readers & nobody else.",
    social=(SocialLink("Mastodon", "https://social.example/@post"),),
    share=("mail", "whatsapp"),
    serif=("Tiempos",),
    sans=("Inter",),
)


def _rendered(newsroom: Newsroom, theme: Theme, brand: Brand) -> Rendered:
    composition = newsroom.everything()
    issue = newsroom.issue(composition)
    issue = replace(issue, site=replace(issue.site, brand=brand))
    return render(issue, [composition], theme, newsroom.nonce)["all"]


@pytest.mark.parametrize("name", themes_in(_THEMES))
def test_the_brand_is_in_every_theme(newsroom: Newsroom, name: str) -> None:
    """Last words, places and ways to share stand in HTML and text of each."""
    rendered = _rendered(newsroom, load_theme(name, _THEMES), _BRAND)
    assert "Owned by its readers &amp; nobody else." in rendered.html
    assert "Owned by its readers & nobody else." in rendered.text
    assert 'href="https://social.example/@post"' in rendered.html
    assert "https://social.example/@post" in rendered.text
    assert 'href="https://wa.me/?text=' in rendered.html


@pytest.mark.parametrize("name", ["frontpage", "briefing", "letter"])
def test_logo_colour_and_font_take_the_place_of_the_themes(newsroom: Newsroom, name: str) -> None:
    """The accent is nowhere left as it was, in none of the schemes; the logo is called by name."""
    theme = load_theme(name, _THEMES)
    rendered = _rendered(newsroom, theme, _BRAND)
    assert "#0b6b3a" in rendered.html
    assert theme.palette["accent"] not in rendered.html
    assert theme.palette["accent-dark"] not in rendered.html
    assert 'src="https://news.example/light.png"' in rendered.html
    assert 'src="https://news.example/dark.png"' in rendered.html
    assert rendered.html.count('alt="The Harbour Post"') == 2
    assert "font-family:Tiempos," in rendered.html or "font-family:Inter," in rendered.html


def test_no_brand_changes_nothing(newsroom: Newsroom, frontpage: Theme) -> None:
    """Who configures nothing gets the theme as it was designed."""
    assert frontpage.in_brand(Brand()) is frontpage
    assert "Share:" not in _rendered(newsroom, frontpage, Brand()).html


@given(st.builds(Brand, accent=COLOUR))
def test_what_is_derived_can_always_be_read(frontpage: Theme, brand: Brand) -> None:
    """Any accent gets a text colour on it, and a lighter self for the dark."""
    shown = in_brand(frontpage.palette, brand)
    assert contrast(shown["on-accent"], shown["accent"]) >= 4.5
    for ground in ("paper-dark", "ground-dark"):
        assert contrast(shown["accent-dark"], shown[ground]) >= 4.5


@given(st.builds(Brand, paper=COLOUR, ink=COLOUR))
def test_a_paper_and_an_ink_that_go_together_get_shades_that_do(
    frontpage: Theme, brand: Brand
) -> None:
    """Quiet text can be read on paper and on the ground around it, if ink can."""
    if not any(unreadable(frontpage.palette, brand)):
        shown = in_brand(frontpage.palette, brand)
        for ground in ("paper", "ground"):
            assert contrast(shown["quiet"], shown[ground]) >= 4.5


def test_a_colour_that_cannot_be_read_comes_with_the_nearest_that_can() -> None:
    """Each at its key, with the ground where it reads worst."""
    own = load_theme("frontpage", _THEMES).palette
    found = {
        one.key: one for one in unreadable(own, Brand(accent="#ffdd00", accent_dark="#552200"))
    }
    assert set(found) == {"accent", "accent_dark"}
    for one in found.values():
        assert one.contrast < 4.5
        assert contrast(one.nearest, one.ground) >= 4.5
    assert not list(unreadable(own, Brand(accent=found["accent"].nearest)))


def test_a_theme_without_colours_takes_none() -> None:
    """Plain has the reader's own; a brand's accent is no fault there."""
    own = load_theme("plain", _THEMES).palette
    assert in_brand(own, Brand(accent="#ffdd00")) == own
    assert not list(unreadable(own, Brand(accent="#ffdd00")))


def test_the_brand_is_frozen_with_the_issue(newsroom: Newsroom) -> None:
    """What was approved is what is sent; an issue frozen before there were brands still reads."""
    issue = newsroom.issue(newsroom.everything())
    branded = replace(issue, site=replace(issue.site, brand=_BRAND))
    assert thaw(freeze(branded).json) == branded
    assert freeze(branded).sha256 != freeze(issue).sha256
    older = freeze(issue).json.replace('"brand":', '"brand_of_later":')
    assert thaw(older).site.brand == Brand()


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"colours": {"ink": "#123456"}}, 'the colour "ink"'),
        ({"colours": {"ink": ["#123456"]}}, 'the colour "ink"'),
        ({"colours": {"ink": ["#ABCDEF", "#123456"]}}, 'the colour "ink"'),
        ({"fonts": {"sans": "'Inter'; } x {"}}, 'the font "sans"'),
    ],
)
def test_a_fault_in_the_manifests_variables_is_named(
    declared: dict[str, object], said: str
) -> None:
    """The designer is told which, and how to write it."""
    with pytest.raises(RenderError, match=said) as caught:
        palette(declared, "theme.toml")
    assert caught.value.fix


def test_an_unknown_variable_is_named_with_its_line() -> None:
    """A typing error does not become an empty colour."""
    with pytest.raises(RenderError, match='"acent"') as caught:
        written_out("a {}\n.b { color: var(--acent) }", {"accent": "#000000"}, "inline.css")
    assert caught.value.where == "inline.css:2"


def test_variables_are_gone_from_the_mail(newsroom: Newsroom) -> None:
    """Clients without var() see colours."""
    for name in themes_in(_THEMES):
        assert "var(" not in _rendered(newsroom, load_theme(name, _THEMES), _BRAND).html


def test_a_newsroom_brands_its_own_theme_too(newsroom: Newsroom, tmp_path: Path) -> None:
    """A theme of one's own that only changes a colour is three lines."""
    (tmp_path / "letter").mkdir()
    shipped = (_THEMES[0] / "letter" / "theme.toml").read_text(encoding="utf-8")
    own = shipped.replace("#fbf9f4", "#eef4ff")
    (tmp_path / "letter" / "theme.toml").write_text(own, encoding="utf-8")
    html = _rendered(newsroom, load_theme("letter", [tmp_path, *_THEMES]), Brand()).html
    assert "#eef4ff" in html
    assert "#fbf9f4" not in html
