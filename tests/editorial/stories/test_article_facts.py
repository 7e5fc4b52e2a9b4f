"""Sites: one way to tell on which host an article is."""

from __future__ import annotations

import pytest

from digest.editorial.stories.article_facts import site_of
from digest.models.articles import Article


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://News.Example/a/b?c=https://other.example", "news.example"),
        ("http://news.example:8080", "news.example"),
        ("https://reader:secret@news.example/a@b", "news.example"),
        ("https://news.example?page=1", "news.example"),
        ("https://[2001:db8::1]:443/a", "[2001:db8::1]"),
        ("/a/b", ""),
        ("", ""),
    ],
)
def test_the_site_is_the_host_in_small_letters(url: str, site: str) -> None:
    """Neither port, user nor path belong to it."""
    assert site_of(Article(id="a", source_id="feed", url=url, title="Storm")) == site
