"""How a site looks: only what it says plainly."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector.discovery.site_style import SiteStyle, hex_color, read_style, style_sheets

SITE = "https://news.example/"


def test_logo_and_colours_of_a_page() -> None:
    """JSON-LD names the logo, theme-color the accent, custom properties paper and ink."""
    page = (
        '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#000">'
        '<meta name="theme-color" content="#B41">'
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsMediaOrganization",'
        '"logo": {"@type": "ImageObject", "url": "/logo.png"}}]}</script>'
        "<style>:root { --paper: rgb(251, 248, 242); --ink:#17212A; }"
        "@media (prefers-color-scheme: dark) { :root { --paper: #000000; } }</style>"
    )
    assert read_style(page, SITE) == SiteStyle(
        logo="https://news.example/logo.png", accent="#bb4411", paper="#fbf8f2", ink="#17212a"
    )


def test_style_sheets_speak_where_the_page_is_silent() -> None:
    """The accent of a linked sheet counts; black and white are no accent."""
    page = '<meta name="theme-color" content="#ffffff"><link rel=stylesheet href="/style.css">'
    assert style_sheets(page, SITE) == ("https://news.example/style.css",)
    assert read_style(page, SITE, (":root{--brand:#0a5;--accent:var(--x)}",)).accent == "#00aa55"


def test_a_logo_that_mail_cannot_show_is_none() -> None:
    """SVG and ICO are passed over for the next best."""
    page = (
        '<header><img class="logo" src="/logo.svg"></header>'
        '<link rel="apple-touch-icon" href="/touch.png"><link rel="icon" sizes="9x9" href="/f.ico">'
    )
    assert read_style(page, SITE).logo == "https://news.example/touch.png"


@pytest.mark.parametrize(
    ("said", "color"),
    [
        ("#ABC", "#aabbcc"),
        (" #a1b2c3 ", "#a1b2c3"),
        ("rgb(1 2 3)", "#010203"),
        ("rgb(256,0,0)", ""),
        ("#aabbccdd", ""),
        ("red", ""),
        ("", ""),
    ],
)
def test_colours_have_one_form(said: str, color: str) -> None:
    """Six lower-case digits, or nothing."""
    assert hex_color(said) == color


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<style>",
                "</style>",
                "--accent:",
                "#fff",
                "rgb(1,2,3)",
                ";",
                "}",
                ":root{",
                "<script",
                ' type="application/ld+json">',
                '{"logo":',
                '{"url": 3}',
                "}",
                "[",
                "</script>",
                '<meta name="theme-color" content="',
                '">',
                '<img class="custom-logo" src="//[">',
            ]
        ),
        max_size=50,
    )
)
def test_no_page_crashes_it(parts: list[str]) -> None:
    """Whatever stands there, colours have their form and logos are absolute."""
    looks = read_style("".join(parts), SITE, ("".join(parts),))
    for color in (looks.accent, looks.paper, looks.ink):
        assert not color or re.fullmatch("#[0-9a-f]{6}", color)
    assert not looks.logo or looks.logo.startswith("http")
