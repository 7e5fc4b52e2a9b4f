"""Addresses become absolute, canonical and safe to show."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.articles.identity import article_id
from digest.collector.articles.urls import absolute, canonical, shown, without_secrets


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example:443/A", "https://news.example/A"),
        ("http://news.example:8080", "http://news.example:8080/"),
        ("https://news.example/a?utm_source=x&id=7&fbclid=9#c", "https://news.example/a?id=7"),
        ("https://news.example/a?at_medium=RSS&at_campaign=KARANGA", "https://news.example/a"),
        ("https://news.example/a?q=%20b+c", "https://news.example/a?q=%20b+c"),
        ("https://u:p@news.example/a", "https://news.example/a"),
        ("https://www.google.com/url?rct=j&url=https://a.example/b&usg=x", "https://a.example/b"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("/town hall/plans 2027.html", "https://base.example/town%20hall/plans%202027.html"),
        ("https://news.example/a?q=x y", "https://news.example/a?q=x%20y"),
        ("https:\\\\news.example\\a", "https://news.example/a"),
        ("https:/news.example/a", "https://news.example/a"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("https://news.example/a\n b\t", "https://news.example/a%20b"),
        ("https://faß.example/a", "https://xn--fa-hia.example/a"),
        ("https://news.example/a[1].html?b[]=2", "https://news.example/a[1].html?b[]=2"),
        ("//news.example/a", "https://news.example/a"),
        ("/a", "https://base.example/a"),
        (" \n/a\t", "https://base.example/a"),
        ("javascript:alert(1)", ""),
        ("JaVa\tScRiPt:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:a@b.example", ""),
        ("ftp://news.example/", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("http://news.example:99999/", ""),
        ("https://news.example/" + "a" * 3000, ""),
        ('https://news.example/"><script>', "https://news.example/%22%3E%3Cscript%3E"),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    """One page has one address; what is not http(s) has none."""
    assert canonical(url, "https://base.example/section/") == expected


@given(st.text(max_size=200))
def test_canonical_is_settled_and_safe(url: str) -> None:
    """Whatever comes in, canonical twice is canonical once, and only http(s) with a host leaves."""
    once = canonical(url, "https://base.example/")
    assert canonical(once) == once
    assert not once or urlsplit(once).scheme in {"http", "https"}
    assert not set(once) & set(" <>\"'`\n\r\t\u202e\\") - {"'"}


def test_identity_survives_https_and_a_slash() -> None:
    """A site that moves to https, or adds a slash, keeps its articles."""
    assert article_id("http://a.example/x", "", "s") == article_id("https://a.example/x/", "g", "t")


def test_identity_without_an_address_is_the_sources_own() -> None:
    """A guid counts only where there is no address, and only within its source."""
    assert article_id("", "7", "one") != article_id("", "7", "two")
    assert article_id("", "7", "one") == article_id("", "7", "one")


def test_shown_hides_secrets() -> None:
    """Passwords and keys never appear in a message."""
    text = shown("https://user:pass@site.example/a?key=123&page=2&access_token=abc")
    assert text == "https://site.example/a?key=***&page=2&access_token=***"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://a.example/f?cat=3#top", "https://a.example/f?cat=3#top"),
        ("https://u:p@a.example/f", "https://a.example/f"),
        (
            "https://a.example/f?api_key=1&sig=2&monkey=3",
            "https://a.example/f?api_key=***&sig=***&monkey=***",
        ),
        ("https://a.example/f?pwd=1&page=2", "https://a.example/f?pwd=***&page=2"),
        ("https://a.example/" + "f" * 400, "https://a.example/" + "f" * 400),
    ],
)
def test_secrets_are_left_out_of_an_address(url: str, said: str) -> None:
    """Everything else stays as it is, of any length."""
    assert without_secrets(url) == said


def test_absolute_keeps_a_fragment() -> None:
    """Only the canonical form drops the fragment."""
    assert absolute("/a#b", "https://news.example") == "https://news.example/a#b"
