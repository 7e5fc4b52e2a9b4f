"""A site's address is enough to find its sections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from digest.collector import Discovery, Limits, discover
from digest.errors import SourceRefused

Serve = Callable[[Mapping[str, bytes]], str]
Http = Callable[..., bytes]


def explore(url: str, limits: Limits) -> Discovery:
    return asyncio.run(discover(url, limits))


def test_wordpress_tells_its_categories(serve: Serve, http: Http, limits: Limits) -> None:
    """Top-level categories with posts, in its order, each with its feed."""
    categories = [
        {
            "id": 1,
            "name": "World &amp; More",
            "slug": "world",
            "count": 9,
            "parent": 0,
            "link": "/category/world/",
        },
        {"id": 2, "name": "Tech", "slug": "tech", "count": 5, "parent": 0},
        {"id": 3, "name": "Phones", "slug": "phones", "count": 4, "parent": 2},
        {"id": 4, "name": "Empty", "slug": "empty", "count": 0, "parent": 0},
        {"id": 5, "name": "Uncategorized", "slug": "uncategorized", "count": 7, "parent": 0},
        "nonsense",
    ]
    url = serve(
        {
            "/": http(b'<html lang="en-GB"><title>Example News | Today</title>'),
            "/wp-json/": http(b'{"name": "Example &#038; News"}'),
            "/wp-json/wp/v2/categories": http(json.dumps(categories).encode()),
        }
    )
    found = explore(url, limits)
    assert (found.name, found.language) == ("Example & News", "en")
    assert [(one.id, one.title, one.feed_url) for one in found.sections] == [
        ("world-more", "World & More", f"{url}/category/world/feed/"),
        ("tech", "Tech", f"{url}/category/tech/feed/"),
    ]


def test_a_page_links_its_feeds(serve: Serve, http: Http, limits: Limits) -> None:
    """Autodiscovery in the head, against the base; feeds of comments are left out."""
    page = (
        b'<html><head><base href="/blog/"><meta property="og:site_name" content="The Paper">'
        b'<link rel="alternate" type="application/rss+xml" title="World" href="world.xml">'
        b'<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="/all.atom">'
        b'<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        b'<link rel="alternate" type="application/rss+xml" href="javascript:x">'
        b'<link rel="alternate" type="text/html" hreflang="fr" href="/fr">'
    )
    url = serve({"/": http(page)})
    found = explore(url, limits)
    assert found.name == "The Paper"
    assert [(one.id, one.feed_url) for one in found.sections] == [
        ("world", f"{url}/blog/world.xml"),
        ("latest", f"{url}/all.atom"),
    ]


def test_habits_are_tried_last(serve: Serve, http: Http, limits: Limits, data: Path) -> None:
    """A site that says nothing may still have its feed where most have it."""
    body = (data / "section.rss").read_bytes()
    url = serve(
        {"/": http(b"<html><title>Paper - x"), "/rss.xml": http(body), "/rss": http(b"<html>")}
    )
    found = explore(url, limits)
    assert found.name == "Paper"
    assert [one.feed_url for one in found.sections] == [f"{url}/rss.xml"]


def test_the_address_of_a_feed_is_taken_as_one(
    serve: Serve, http: Http, limits: Limits, data: Path
) -> None:
    """Whoever gives a feed's address gets that feed."""
    url = serve({"/f": http((data / "section.rss").read_bytes())}) + "/f"
    assert [one.feed_url for one in explore(url, limits).sections] == [url]


def test_a_site_without_feeds_offers_nothing(serve: Serve, http: Http, limits: Limits) -> None:
    """Nothing found is an answer, not an error."""
    assert explore(serve({"/": http(b"<html>")}), limits).sections == ()


def test_a_site_that_refuses_is_an_error(serve: Serve, http: Http, limits: Limits) -> None:
    """The front page's own error is handed on."""
    with pytest.raises(SourceRefused):
        explore(serve({"/": http(b"", 403)}), limits)
