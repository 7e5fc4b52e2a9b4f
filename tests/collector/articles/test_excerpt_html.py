"""Excerpts as HTML: the words of the plain excerpt, and nothing that could do anything."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from digest.collector.articles.excerpt import excerpt
from digest.collector.articles.excerpt_html import excerpt_html
from digest.collector.articles.markup import read_fragment
from digest.inline_html import LONGEST, is_proved, words_of
from digest.models.limits import DEFAULT_LIMITS

_PAGE = "https://news.example/2026/ferry/"
_LONG = "The ferry to the outer islands stays where it has been since the war, say those who sail. "


def _told(markup: str) -> tuple[str, str]:
    fragment = read_fragment(markup)
    found = excerpt(fragment.paragraphs, "A headline")
    return found.text, excerpt_html(found, fragment, _PAGE)


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ("<p>The <b>ferry</b> stays.</p>", "The <b>ferry</b> stays."),
        ("<p>In <i class=x style='y' id=z onclick=a()>port</i> now.", "In <i>port</i> now."),
        ("CO<sub>2</sub> in <code>x&lt;y</code>", "CO<sub>2</sub> in <code>x&lt;y</code>"),
        ("<b>One<i>two</b>three</i>.", "<b>One<i>two</i></b><i>three</i>."),
        ("<b> one </b>, <i> two </i>", "<b>one</b> , <i>two</i>"),
        ("<b>one</b> <b>two</b> three", "<b>one two</b> three"),
        ("<p><em>Read</em> this.<br>And <em>that</em>.", "<em>Read</em> this. And <em>that</em>."),
        ("&lt;p&gt;The &lt;b&gt;ferry&lt;/b&gt; stays.&lt;/p&gt;", "The <b>ferry</b> stays."),
        ("<b>\u00c3\u2030t\u00c3\u00a9</b> 1 <u>x</u>", "<b>\u00c9t\u00e9</b> 1 x"),
    ],
)  # fmt: skip
def test_stress_is_kept(markup: str, html: str) -> None:
    """Only the marks of a line, written anew: closed, nested, without attributes."""
    assert _told(markup)[1] == html


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://other.example/a?b=1&amp;c=2", "https://other.example/a?b=1&amp;c=2"),
        ("//other.example/", "https://other.example/"),
        ("/port", "https://news.example/port"),
        ("../port?x", "https://news.example/2026/port?x"),
        ("http://user:secret@other.example/x", "http://other.example/x"),
        (" https://other.example/x y", "https://other.example/x%20y"),
        ("https://other.example/\u00e9", "https://other.example/%C3%A9"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        ("mailto:desk@news.example?bcc=all@other.example", "mailto:desk@news.example"),
    ],
)
def test_links_are_absolute(written: str, address: str) -> None:
    """Resolved against the article's address, without what a link has no need of."""
    assert _told(f"See <a href='{written}' rel=x target=_top>this</a>.")[1] == (
        f'See <a href="{address}">this</a>.'
    )


@pytest.mark.parametrize(
    "written",
    [
        *("", "#more", _PAGE, f"{_PAGE}?utm_source=rss#more", "http://news.example/2026/ferry"),
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\x01javascript:x"),
        *("java\nscript:alert(1)", "java&Tab;script:x", "&#106;avascript:x"),
        "&#x6A&#x61;vascript:x",
        *("data:text/html,<script>x</script>", "vbscript:x", "file:///etc/passwd"),
        *("ftp://a.example", "tel:123", "cid:x", "about:blank", "blob:https://a.example/x"),
        *("http://", "https:///x", "https://[::1", "https://a.example:99999/"),
        *("mailto:", "mailto:a@b", "mailto:a%0d%0abcc:x@y.example", "mailto:\u00e9@b.example"),
        "https://other.example/" + "x" * 600,
        "https://other.example/" + " " * 1000 + "x",
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere_else_is_only_text(written: str) -> None:
    """To the article itself, with another scheme however spelled, broken, or far too long."""
    assert _told(f'See <a href="{written}">this</a>.') == ("See this.", "")


@pytest.mark.parametrize(
    ("words", "linked"),
    [
        ("bank.example", False),
        ("https://bank.example/login", False),
        ("www.Bank.example", False),
        ("news.other.example/x", True),
        ("other.example", True),
        ("the bank", True),
    ],
)
def test_a_link_that_shows_another_site_is_only_text(words: str, linked: bool) -> None:
    """So phishing looks, and so filters look for it."""
    text, html = _told(f"See <a href='https://other.example/x'>{words}</a>!")
    assert text == f"See {words}!"
    assert bool(html) is linked


@pytest.mark.parametrize(
    "markup",
    [
        "Nothing is marked.",
        "<p>Nothing <span>is</span> <u>marked</u>.</p>",
        "<p><strong>All of it is.</strong></p><p><strong>This too.</strong></p>",
        f"<em>{_LONG * 5}</em>",
        "<p>The text.</p><p>The post <a href='/x'>A</a> appeared first on <a href='/'>B</a>.</p>",
        "<p>The text. <a href='/x'>Read more</a></p>",
        "<p><b>A headline</b></p><p>The text.</p>",
        "<b></b><i> </i>The text.<a href='https://other.example/'><img src=x></a>",
        "The &am<b>p; other</b>",
    ],
)
def test_there_is_none_where_the_text_says_as_much(markup: str) -> None:
    """It would cost room and say nothing: no mark, one mark over all, or marks on what goes."""
    text, html = _told(markup)
    assert text
    assert html == ""


def test_both_end_at_the_same_sentence() -> None:
    """Marks that go on behind the end are closed there."""
    text, html = _told(f"<p>{_LONG}<a href='https://other.example/'>{_LONG * 4}</a></p>")
    assert text.endswith("sail.")
    assert html == f'{_LONG}<a href="https://other.example/">{_LONG.strip()}</a>'


def test_both_end_with_the_same_ellipsis() -> None:
    """Where no sentence ends in reach; it belongs to no mark."""
    text, html = _told("<p>Never <b>ending " + "word " * 100)
    assert text.endswith("word\u2026")
    assert html.endswith("word</b>\u2026")
    assert words_of(html) == text


def test_links_go_where_there_are_too_many() -> None:
    """A mail has its size; stress costs little and stays."""
    many = "".join(f"<a href='https://other.example/{'x' * 300}{n}'>w{n}</a> " for n in range(9))
    text, html = _told(f"<b>See</b> {many}")
    assert html == f"<b>See</b>{text[3:]}"


# What browsers and cleaners were once fooled by: tags that change how the rest is read.
_FOREIGN = (
    *("<script>x</script>", "<style>", "</style>", "<svg>", "</svg>", "<math>", "</math>"),
    *("<mtext>", "<mglyph>", "<table>", "<td>", "</table>", "<title>", "</title>", "<textarea>"),
    *("</textarea>", "<noscript>", "</noscript>", "<template>", "</template>", "<select>"),
    *("<option>", "<frameset>", "<plaintext>", "<iframe>", "</iframe>", "<form>", "<input>"),
    *("<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?x", "<!", "</", "<annotation-xml>"),
    *("<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>", "<base href='//a.b/'>"),
    *("<a href='https://a.example/'title='</a><script>'>", "<p title='--><img src=x>'>"),
    *("<b onmouseover=x>", "<i style='a:url(javascript:x)'>", "<meta http-equiv=refresh>"),
)
_LOCAL = (
    *("<b>", "</b>", "<em>", "</em>", "<sub>", "</sub>", "<code>", "</code>", "<p>", "</p>"),
    *("<br>", "<div>", "</div>", "<a href='/x'>", "<a href=https://a.example/?x&y>", "</a>"),
    *("word ", "word", "A sentence. ", " ", "\n", "&amp;", "&amp;lt;b&amp;gt;", "&lt;b&gt;"),
    *(
        "&",
        "&nbsp;",
        "&#0;",
        "&#xD800;",
        "\u0301",
        "\u202e",
        "\u200b",
        "\u6e2f\u3002",
        "\u00c3\u00a9",
    ),
    *("\x00", "\x0b", "\u2026", '"', "'", "<", ">", "\ufeff", "\ud83d", "Read more"),
)
_HTML = st.lists(st.sampled_from(_FOREIGN + _LOCAL), max_size=25).map("".join)


@given(_HTML | st.text() | st.binary().map(lambda body: body.decode("utf-8", "replace")))
def test_whatever_html_arrives_only_words_marks_and_links_leave(markup: str) -> None:
    """Proved, in the words of the plain excerpt, and a browser reads the same words in it."""
    text, html = _told(markup)
    assert len(text) <= DEFAULT_LIMITS.excerpt_length
    if html:
        assert is_proved(html)
        body = LexborHTMLParser(f"<!DOCTYPE html><body>{html}</body>").body
        assert body is not None
        assert body.text() == text == words_of(html)


@pytest.mark.parametrize(
    "markup",
    [
        "<b>" * 100_000 + "x",
        "<b>x</b> " * 40_000,
        "<a href='/x'>x" * 20_000,
        "<b><i><em>" * 20_000 + "x" + "</b></i></em>" * 10_000,
        "<p><b>x" * 40_000,
        f"<a href='/{'x' * 300_000}'>x</a>",
        "<a href='/x'>" + "<i> </i>" * 40_000 + "x",
        "<sub>" * 240 + "x <b>y</b>",
    ],
)
def test_what_is_built_to_cost_time_costs_little(markup: str) -> None:
    """Far less than a second, and what leaves stays short."""
    start = time.process_time()
    _, html = _told(markup)
    assert time.process_time() - start < 10
    assert len(html) <= LONGEST
