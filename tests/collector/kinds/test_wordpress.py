"""WordPress by REST: addresses of every form, and what a post carries."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from digest.collector.articles.clean import Origin, clean_all
from digest.collector.kinds.contract import FetchedPage
from digest.collector.kinds.wordpress import address, fingerprint_url, parse
from digest.models.articles import Article
from digest.models.limits import DocumentLimits

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = "https://paper.example"
POSTS = f"{SITE}/wp-json/wp/v2/posts"
PARAMETER = f"{SITE}/index.php?rest_route=/wp/v2/posts"


def articles(*posts: dict[str, object], pages: int | None = None) -> tuple[Article, ...]:
    whole = [{"id": 1, "link": f"{SITE}/1/", "title": {"rendered": "T"}} | post for post in posts]
    page = FetchedPage(address(SITE), json.dumps(whole), pages=pages)
    return clean_all(
        parse(page, DocumentLimits(max_items=100, max_depth=50)).items, Origin("s", SITE, NOW)
    )


@pytest.mark.parametrize(
    ("configured", "start"),
    [
        (SITE, POSTS),
        (f"{SITE}/", POSTS),
        (f"{SITE}/blog/", f"{SITE}/blog/wp-json/wp/v2/posts"),
        (f"{POSTS}?categories=4,9", POSTS),
        (f"{PARAMETER}&tags=7", f"{SITE}/index.php"),
    ],
)
def test_any_address_leads_to_the_first_page(configured: str, start: str) -> None:
    """Filters stay, posts come with what they embed, and asking twice changes nothing."""
    found = address(configured)
    assert found.partition("?")[0] == start
    asked = parse_qs(urlsplit(found).query)
    assert (asked["per_page"], asked["_embed"]) == (["100"], ["1"])
    assert parse_qs(urlsplit(configured).query).items() <= asked.items()
    assert address(found) == found


def test_what_an_operator_asks_for_is_asked() -> None:
    """Own pages and fields go before ours."""
    asked = parse_qs(urlsplit(address(f"{POSTS}?per_page=10&_fields=id,link,title")).query)
    assert (asked["per_page"], asked["_fields"]) == (["10"], ["id,link,title"])


def test_fingerprints_are_of_the_same_posts() -> None:
    """With numbers and dates of change alone."""
    asked = parse_qs(urlsplit(fingerprint_url(f"{POSTS}?categories=4,9")).query)
    assert asked == {"categories": ["4,9"], "per_page": ["100"], "_fields": ["id,modified_gmt"]}
    assert "rest_route=/wp/v2/posts" in fingerprint_url(PARAMETER)


@pytest.mark.parametrize(
    ("post", "count"),
    [
        ({"comment_count": 41}, 41),
        ({"comments_number": "41"}, 41),
        ({"_embedded": {"replies": [[{"id": n} for n in range(10)]]}}, 10),
        ({"_embedded": {"replies": [[{"id": 1}], {"code": "rest_no_route"}, 3]}}, 1),
        ({"_embedded": {"replies": [[]]}}, 0),
        ({"_embedded": {"replies": "none"}}, None),
        ({}, None),
    ],
)
def test_comments_are_counted(post: dict[str, object], count: int | None) -> None:
    """By a plug-in, else those that are embedded; where nobody says, nothing is said."""
    assert articles(post)[0].comments == count


def test_a_protected_post_shows_no_text() -> None:
    """What it does show is a form for its password."""
    form = {"rendered": "<p>This content is password protected.</p>", "protected": True}
    (article,) = articles({"content": form, "excerpt": form})
    assert article.excerpt == ""


def test_a_sticky_post_is_there_once() -> None:
    """In its place by date, wherever else it shows."""
    old = {"date_gmt": "2026-11-20T07:00:00", "sticky": True}
    found = articles(old, {"id": 2, "link": f"{SITE}/2/"}, old)
    assert [article.url for article in found] == [f"{SITE}/1/", f"{SITE}/2/"]
