"""Excerpts as markup: proved again where they enter a mail, or not there at all."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from digest.errors import RenderError
from digest.render import render
from digest.render.environment import Templates
from digest.render.prose import prose

if TYPE_CHECKING:
    from pathlib import Path

    from digest.render import Theme
    from tests.render.conftest import Newsroom

_TEXT = "The ferry stays in port."
_HTML = 'The <em>ferry</em> stays in <a href="https://port.example/?a=1&amp;b=2">port</a>.'
_DRESSED = _HTML.replace("<a ", '<a class="ink" ')


def test_what_is_proved_is_markup_with_links_in_the_colour_of_the_text() -> None:
    """The class is ours, as is the only attribute beside the address."""
    shown = prose(_HTML, _TEXT)
    assert isinstance(shown, Markup)
    assert shown == _DRESSED


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", _TEXT),
        (_HTML, f"{_TEXT} More."),
        (_HTML, ""),
        ("<script>alert(1)</script>", "alert(1)"),
        ('<a href="javascript:alert(1)">port</a>', "port"),
        ('<em onclick="x">port</em>', "port"),
        ("<em>port", "port"),
        ("port</td></table>", "port"),
    ],
)
def test_anything_else_is_left_to_the_plain_excerpt(html: str, text: str) -> None:
    """A store that somebody wrote into, or an editor's own words beside the source's HTML."""
    assert prose(html, text) == ""


@given(st.text())
def test_no_text_becomes_markup_that_says_something_else(text: str) -> None:
    """Only what is proved comes out, and that only with its own words."""
    assert prose(text, text) in {"", text}
    assert "<" not in prose(text, text)


@pytest.mark.parametrize("cut", ["clip(9)", "line(9)", "truncate(9)", "wrap"])
def test_markup_is_not_cut(tmp_path: Path, cut: str) -> None:
    """Half of a tag would take in what stands behind it; the error says what to cut."""
    (tmp_path / "one.html").write_text(f"{{{{ prose|{cut} }}}}")
    with pytest.raises(RenderError, match=r"what is cut is text, as story\.excerpt"):
        Templates([tmp_path]).render("one.html", {"prose": prose(_HTML, _TEXT)})


def _lead(newsroom: Newsroom, theme: Theme, **article: object) -> tuple[str, str]:
    lead = newsroom.story("world", 1, **article)
    composition = newsroom.composition(lead, [newsroom.section("world", "World", [lead])])
    shown = render(newsroom.issue(composition), [composition], theme, newsroom.nonce)["all"]
    return shown.html, shown.text


def test_a_lead_is_told_with_its_links(newsroom: Newsroom, frontpage: Theme) -> None:
    """In the HTML with the theme's look inlined; in the text part as text."""
    html, text = _lead(newsroom, frontpage, excerpt=_TEXT, excerpt_html=_HTML)
    assert "The <em>ferry</em> stays in <a class=" in html
    assert 'href="https://port.example/?a=1&amp;b=2" style="color:' in html
    assert _TEXT in text
    assert "port.example" not in text


def test_an_excerpt_that_must_be_cut_is_plain(newsroom: Newsroom, frontpage: Theme) -> None:
    """Cutting is for text; nothing of the markup is left."""
    long = "word " * 90
    html, _ = _lead(newsroom, frontpage, excerpt=f"{long}end", excerpt_html=f"<em>{long}</em>end")
    assert "<em>" not in html
    assert "word\u2026" in html


def test_a_forged_excerpt_is_shown_as_text(newsroom: Newsroom, frontpage: Theme) -> None:
    """Whatever stands in the store, the page holds the escaped plain excerpt."""
    bad = "<img src=x onerror=alert(1)>"
    html, _ = _lead(newsroom, frontpage, excerpt=bad, excerpt_html=bad)
    assert bad not in html
    assert escape(bad, quote=False) in html
