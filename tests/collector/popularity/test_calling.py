"""Counts find their article by canonical URL."""

from __future__ import annotations

from digest.collector.articles.identity import article_id
from digest.collector.articles.urls import canonical
from digest.collector.popularity import Figure
from digest.collector.popularity.calling import by_article


def test_spellings_of_one_page_are_one_article() -> None:
    """Paths, http, tracking and closing slashes are added up; what is no page is left out."""
    counts = by_article(
        [
            Figure("/2026/ferry/", 10),
            Figure("http://news.example/2026/ferry", 5),
            Figure("https://news.example/2026/ferry/?utm_source=mail#top", 1),
            Figure("/other", 3),
            Figure("javascript:x", 99),
        ],
        "https://news.example",
    )
    ferry = article_id(canonical("https://news.example/2026/ferry/"), "", "")
    other = article_id(canonical("https://news.example/other"), "", "")
    assert counts == {ferry: 16, other: 3}
