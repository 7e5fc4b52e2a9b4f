"""The one list of what HTML of others may be in a mail, and the proof that nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from digest.inline_html import (
    LONGEST,
    STRESS,
    dressed,
    escaped,
    is_proved,
    opening,
    unescaped,
    words_of,
)

_LINK = opening("a", "https://news.example/?a=1&b='2'")
_PIECES = (
    *("<b>", "</b>", "<em>", "</em>", "<sub>", "</sub>", _LINK, "</a>", "word", " ", "&amp;"),
    *("&lt;", "&gt;", "&quot;", "&nbsp;", "&", "<", ">", '"', "'", "<B>", "<b >", "<b/>", "<p>"),
    *("<a>", '<a href="/x">', '<a href="javascript:x">', '<a href="https://a.example" id="x">'),
    *("<script>", "</script>", "<!--", "-->", "<svg>", "<style>", "<img src=x onerror=y>", "\0"),
    *("\u00a0", "\ufeff", "\ud800", "\r", "\u6e2f"),
)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "Plain words, \"quoted\" and 'so'.",
        "<b>One</b> and <strong>two</strong>",
        f"<em>{_LINK}x</a></em>",
        f'<a href="mailto:desk@news.example">the desk</a> CO<sub>2</sub> {escaped("<b>&")}',
    ],
)
def test_words_with_stress_and_links_are_proved(markup: str) -> None:
    """What the collector writes."""
    assert is_proved(markup)


@pytest.mark.parametrize(
    "markup",
    [
        *("<b>open", "</b>", "<b><i>crossed</b></i>", f"{_LINK}{_LINK}x</a></a>", "<b", "a < b"),
        *("&", "&amp", "&nbsp;", "&#106;avascript", "&quot;", "<B>x</B>", "<b >x</b>", "<b/>"),
        *("<script>x</script>", "<img src=x>", "<p>x</p>", "<br>", "<!-- x -->", "<svg/onload=x>"),
        *('<b class="x">x</b>', '<b onclick="x">x</b>', '<b style="color:red">x</b>', "<a>x</a>"),
        '<a href="/relative">x</a>',
        '<a href="//news.example/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="JAVASCRIPT:alert(1)">x</a>',
        '<a href="java&#9;script:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="https://news.example/" onclick="x">x</a>',
        '<a href="https://news.example/ x">x</a>',
        '<a href="https://news.example/\u00e9">x</a>',
        '<a href="http://">x</a>',
        '<a href="https://[::1/">x</a>',
        "<a href='https://news.example/'>x</a>",
        "one\nline",
        "a\u00a0b",
        "\ud800",
        "x" * (LONGEST + 1),
        "<b>" * 600,
    ],
)
def test_nothing_else_is(markup: str) -> None:
    """Other tags, attributes, schemes, spellings; what is not closed, not one line, or too long."""
    assert not is_proved(markup)


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_what_is_proved_is_read_by_a_browser_as_it_is_by_us(markup: str) -> None:
    """Only our elements, only hrefs, the same words; dressing adds a class to links and no more."""
    if not is_proved(markup):
        return
    for shown, attributes in ((markup, {"href"}), (dressed(markup, "ink"), {"href", "class"})):
        body = LexborHTMLParser(f"<!DOCTYPE html><body>{shown}</body>").body
        assert body is not None
        assert (body.text() or "") == words_of(markup)
        for node in body.css("*"):
            assert node.tag in {"body", "a", *STRESS}
            assert set(node.attributes) == (attributes if node.tag == "a" else set())


@given(st.text())
def test_escaping_is_undone(text: str) -> None:
    """Words come back as they went in."""
    assert unescaped(escaped(text)) == text
