"""WordPress by REST: addresses of every form, and what a post carries."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from digest.collector.articles.clean import Origin, clean_all
from digest.collector.kinds.contract import FetchedPage
from digest.collector.kinds.wordpress import address, fingerprint_url, parse, recognises
from digest.models.articles import Article
from digest.models.limits import DEFAULT_LIMITS, DocumentLimits

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
    """With numbers, dates of change, comments and what is sticky alone."""
    asked = parse_qs(urlsplit(fingerprint_url(f"{POSTS}?categories=4,9")).query)
    fields = "comment_count,id,modified_gmt,sticky,_links.replies,_embedded"
    assert asked == {
        "categories": ["4,9"], "per_page": ["100"], "_fields": [fields], "_embed": ["replies"]
    }  # fmt: skip
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


def test_a_protected_post_is_no_news() -> None:
    """What it does show is a form for its password."""
    form = {"rendered": "<p>This content is password protected.</p>", "protected": True}
    assert articles({"content": form, "excerpt": form}) == ()


@pytest.mark.parametrize(
    "said",
    [
        {"yoast_head_json": {"og_locale": "de_DE"}},
        {"class_list": ["post", "lang-de"]},
        {"class_list": {"0": "post", "7": "lang-de"}},
        {"lang": "de"},
    ],
)
def test_plug_ins_for_languages_are_heard(said: dict[str, object]) -> None:
    """Yoast, Polylang and WPML say it each in a way of their own."""
    assert articles(said)[0].language == "de"


@pytest.mark.parametrize(
    "before",
    [
        "<br />\n<b>Deprecated</b>: x in <b>/y</b> on line <b>42</b><br />\n",
        "Warning: Cannot modify header in /x.php\n",
        "\ufeff\n\n",
    ],
)
def test_a_notice_before_the_posts_is_read_past(before: str) -> None:
    """As it is before XML; what stands behind them too."""
    text = before + json.dumps([{"id": 1, "link": f"{SITE}/1/", "title": {"rendered": "T"}}])
    page = FetchedPage(POSTS, text + "\n<!-- cached -->", "text/html")
    assert recognises(page)
    assert [item.title for item in parse(page, DEFAULT_LIMITS).items] == ["T"]


def test_a_sticky_post_is_there_once() -> None:
    """In its place by date, wherever else it shows."""
    old = {"date_gmt": "2026-11-20T07:00:00", "sticky": True}
    found = articles(old, {"id": 2, "link": f"{SITE}/2/"}, old)
    assert [article.url for article in found] == [f"{SITE}/1/", f"{SITE}/2/"]


@pytest.mark.parametrize(("sticky", "said"), [(True, "sticky"), (False, ""), ("yes", "")])
def test_a_sticky_post_is_put_forward(sticky: object, said: str) -> None:
    """Only WordPress' own true counts."""
    (article,) = articles({"sticky": sticky})
    assert article.promoted == said
