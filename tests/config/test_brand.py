"""The [brand] table of digest.toml: what is right arrives, what is wrong is named."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from digest.config.brand import BrandSettings, LogoSettings


def test_nothing_is_needed() -> None:
    """A newsroom that configures no brand gets the theme as it is."""
    brand = BrandSettings()
    assert (brand.accent, brand.logo_light, brand.share) == (None, None, ())


@pytest.mark.parametrize(
    ("written", "read"), [("#a4161a", "#a4161a"), ("#A4161A", "#a4161a"), ("#fd0", "#ffdd00")]
)
def test_a_colour_is_read_in_either_form(written: str, read: str) -> None:
    """Three digits are spelled out, letters made small."""
    assert BrandSettings(accent=written).accent == read


@pytest.mark.parametrize("written", ["red", "#12345", "#12345678", "rgb(0,0,0)", "", "#ggg"])
def test_what_clients_do_not_all_know_is_no_colour(written: str) -> None:
    """The message shows how to write one."""
    with pytest.raises(ValidationError, match='Write it as in "#a4161a"'):
        BrandSettings(ink=written)


@pytest.mark.parametrize("family", ["'Inter'", "Inter, Arial", "x;} y{", "", "Ünder"])
def test_a_font_is_one_plain_name(family: str) -> None:
    """It stands in style attributes, so nothing may end them."""
    with pytest.raises(ValidationError, match="is not a font family"):
        BrandSettings(sans=(family,))


@pytest.mark.parametrize("size", [0, -1, 2001])
def test_a_logo_has_a_size(size: int) -> None:
    """Outlook shows a picture at the size that is said, whatever it is."""
    with pytest.raises(ValidationError):
        LogoSettings(url="https://news.example/logo.png", width=size, height=10)


@pytest.mark.parametrize("url", ["logo.png", "data:image/png;base64,x", "//news.example/x"])
def test_a_logo_is_on_the_web(url: str) -> None:
    """A mail has no folder of its own."""
    with pytest.raises(ValidationError, match="is not a URL"):
        LogoSettings(url=url, width=10, height=10)


def test_a_dark_logo_alone_is_refused() -> None:
    """The light scheme would have none."""
    logo = LogoSettings(url="https://news.example/logo.png", width=10, height=10)
    with pytest.raises(ValidationError, match="needs a logo_light"):
        BrandSettings(logo_dark=logo)
