"""The Harbour Post as programs read it: feeds, conditional requests, sitemaps, REST."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO

import feedparser
import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.types import ASGIApp

from digest.demo.serve import serve
from digest.demo.site import DemoSite, make_app

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
POSTS = "/wp-json/wp/v2/posts"
POPULAR = "/wp-json/wordpress-popular-posts/v1/popular-posts"

Peer = tuple[DemoSite, httpx.Client]


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """Nobody in this module changes the site, so one is enough."""
    sites: list[DemoSite] = []

    def make(base_url: str) -> ASGIApp:
        sites.append(DemoSite(NOW, base_url))
        return make_app(sites[0])

    with (
        serve(make) as base_url,
        httpx.Client(base_url=base_url, trust_env=False, timeout=60) as client,
    ):
        yield sites[0], client


def test_every_feed_parses_and_carries_the_fields(peer: Peer) -> None:
    """Title, link, author, date, categories, comments, picture, content, guid: as WordPress."""
    site, client = peer
    by_url = {site.base_url + post.path: post for post in site.posts}
    for path in ("/feed/", *(f"/category/{one.slug}/feed/" for one in site.sections)):
        answer = client.get(path)
        feed = feedparser.parse(BytesIO(answer.content))
        assert answer.headers["content-type"].startswith("application/rss+xml")
        assert not feed.bozo
        assert len(feed.entries) >= 12
        assert feed.feed.updated
        for entry in feed.entries:
            post = by_url[entry.link]
            assert entry.title == post.title
            assert entry.author == post.author.name
            assert entry.id == f"{site.base_url}/?p={post.id}"
            assert parsedate_to_datetime(entry.published) == post.at
            assert int(entry.slash_comments) == post.comment_count
            names = [term.term for term in entry.tags]
            assert names == [one.name for one in post.sections] + [one.name for one in post.tags]
            assert "appeared first on" in entry.summary
            assert post.body[-1] in LexborHTMLParser(entry.content[0].value).text()
            assert bool(post.picture) == ("media_content" in entry)
            if post.picture:
                assert entry.media_content[0]["width"] == "1200"


def test_an_article_of_two_sections_is_the_same_in_both_feeds(peer: Peer) -> None:
    """One address, one guid, two feeds."""
    site, client = peer
    post = next(post for post in site.posts if len(post.sections) > 1)
    for section in post.sections:
        feed = feedparser.parse(BytesIO(client.get(f"/category/{section.slug}/feed/").content))
        assert site.base_url + post.path in {entry.link for entry in feed.entries}


def test_comments_feed_parses(peer: Peer) -> None:
    """The latest comments, newest first, each with its article."""
    _, client = peer
    feed = feedparser.parse(BytesIO(client.get("/comments/feed/").content))
    assert not feed.bozo
    assert len(feed.entries) == 10
    assert all(" on " in entry.title for entry in feed.entries)


@pytest.mark.parametrize("path", ["/feed/", "/category/uk-updates/feed/", "/", "/wp-sitemap.xml"])
def test_unchanged_answers_304(peer: Peer, path: str) -> None:
    """Either validator will do; a stale one gets the whole answer; ETag wins over the date."""
    _, client = peer
    first = client.get(path)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"if-none-match": etag},
        {"if-none-match": f'"other", W/{etag}'},
        {"if-modified-since": modified},
    ):
        again = client.get(path, headers=headers)
        assert again.status_code == 304, headers
        assert again.content == b""
        assert again.headers["etag"] == etag
    for headers in (
        {"if-none-match": '"other"', "if-modified-since": modified},
        {"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
    ):
        assert client.get(path, headers=headers).status_code == 200, headers


def test_posts_page_through_to_the_last(peer: Peer) -> None:
    """Following Link: rel=next meets every article once, newest first, as the totals say."""
    site, client = peer
    url, seen = f"{site.base_url}{POSTS}?per_page=40", []
    while url:
        answer = client.get(url)
        assert answer.headers["x-wp-total"] == str(len(site.posts))
        assert answer.headers["x-wp-totalpages"] == "3"
        seen += [record["id"] for record in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert seen == [post.id for post in site.posts]


def test_embed_brings_author_picture_and_terms(peer: Peer) -> None:
    """`_embed` carries what a newsletter needs, and names are HTML as WordPress has it."""
    site, client = peer
    category = next(one for one in site.sections if one.slug == "travel-culture")
    records = client.get(POSTS, params={"_embed": "", "categories": category.id}).json()
    assert records
    for record in records:
        post = site.post(record["id"])
        assert html.unescape(record["title"]["rendered"]) == post.title
        assert record["link"] == site.base_url + post.path
        embedded = record["_embedded"]
        assert embedded["author"][0]["name"] == post.author.name
        assert [term["slug"] for term in embedded["wp:term"][1]] == [one.slug for one in post.tags]
        names = [term["name"] for term in embedded["wp:term"][0]]
        assert "Travel &amp; Culture" in names
        if post.picture:
            media = embedded["wp:featuredmedia"][0]
            assert media["alt_text"] == post.picture.alt
            assert client.get(media["source_url"]).headers["content-type"] == "image/jpeg"
    assert "_embedded" not in client.get(POSTS).json()[0]


def test_posts_are_filtered(peer: Peer) -> None:
    """Slug, tag, search, date, order and `_fields` narrow the answer."""
    site, client = peer
    post = site.posts[5]
    assert [one["id"] for one in client.get(POSTS, params={"slug": post.slug}).json()] == [post.id]
    tagged = client.get(POSTS, params={"tags": post.tags[0].id}).json()
    assert post.id in {one["id"] for one in tagged}
    assert client.get(POSTS, params={"search": "Arden Sound"}).headers["x-wp-total"] == "2"
    since = NOW - timedelta(hours=3)
    fresh = client.get(POSTS, params={"after": since.isoformat(), "_fields": "id"}).json()
    assert fresh == [{"id": one.id} for one in site.posts if one.at > since]
    oldest = client.get(POSTS, params={"order": "asc", "per_page": 1}).json()
    assert oldest[0]["id"] == site.posts[-1].id


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{POSTS}?page=99", 400, "rest_post_invalid_page_number"),
        (f"{POSTS}?per_page=101", 400, "rest_invalid_param"),
        (f"{POSTS}?per_page=0", 400, "rest_invalid_param"),
        (f"{POSTS}?page=x", 400, "rest_invalid_param"),
        (f"{POSTS}?orderby=comment_count", 400, "rest_invalid_param"),
        (f"{POSTS}?categories=world", 400, "rest_invalid_param"),
        (f"{POSTS}?after=soon", 400, "rest_invalid_param"),
        (f"{POSTS}/7", 404, "rest_post_invalid_id"),
        ("/wp-json/wp/v2/media/7", 404, "rest_post_invalid_id"),
        ("/wp-json/wp/v2/users/777", 404, "rest_user_invalid_id"),
        (f"{POPULAR}?limit=all", 400, "rest_invalid_param"),
        ("/wp-json/wp/v3/posts", 404, "rest_no_route"),
    ],
)
def test_rest_errors_are_wordpress_errors(peer: Peer, path: str, status: int, code: str) -> None:
    """The status, the code and the status again inside `data`."""
    _, client = peer
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["data"]["status"] == status


def test_single_records_and_lists_agree(peer: Peer) -> None:
    """A post, its author, its picture and its terms can be fetched one by one."""
    site, client = peer
    post = next(post for post in site.posts if post.picture)
    record = client.get(f"{POSTS}/{post.id}").json()
    for link in ("author", "wp:featuredmedia"):
        assert client.get(record["_links"][link][0]["href"]).status_code == 200
    categories = client.get("/wp-json/wp/v2/categories").json()
    assert {one["slug"] for one in categories} == {one.slug for one in site.sections}
    assert all(one["count"] >= 12 for one in categories)
    tags = client.get("/wp-json/wp/v2/tags", params={"slug": post.tags[0].slug}).json()
    assert [one["id"] for one in tags] == [post.tags[0].id]
    assert len(client.get("/wp-json/wp/v2/users").json()) == len(site.authors)
    assert "wp/v2" in client.get("/wp-json/").json()["namespaces"]


def test_popular_posts_come_by_views_within_the_range(peer: Peer) -> None:
    """Most viewed first in the last day unless asked otherwise; `pageviews` are text."""
    site, client = peer
    fresh = client.get(POPULAR, params={"limit": 5, "freshness": "1"}).json()
    assert len(fresh) == 5
    assert all(NOW - site.post(one["id"]).at <= timedelta(days=1) for one in fresh)
    always = client.get(POPULAR, params={"range": "all", "limit": 3}).json()
    views = [one["pageviews"] for one in always]
    most = sorted((post.views for post in site.posts), reverse=True)[:3]
    assert views == [str(number) for number in most]
    talked = client.get(POPULAR, params={"range": "all", "order_by": "comments", "limit": 1}).json()
    assert site.post(talked[0]["id"]).comment_count == max(one.comment_count for one in site.posts)


def test_popular_posts_count_the_range_asked_for(peer: Peer) -> None:
    """Old articles are in it with their readers of that time; fields can be chosen."""
    _, client = peer
    asked = {"range": "custom", "time_unit": "hour", "time_quantity": "24", "limit": "500"}
    custom = client.get(POPULAR, params={**asked, "_fields": "link,pageviews"}).json()
    assert all(one.keys() == {"link", "pageviews"} for one in custom)
    assert len(custom) > 50
    counts = [int(one["pageviews"]) for one in custom]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("range", "daily"), ("order_by", "date"), ("limit", "0"), ("offset", "-1")],
)
def test_popular_posts_refuse_what_the_plug_in_refuses(peer: Peer, name: str, value: str) -> None:
    """WordPress's own error for a parameter that is none."""
    _, client = peer
    answer = client.get(POPULAR, params={name: value})
    assert answer.status_code == 400
    assert answer.json()["code"] == "rest_invalid_param"


def test_sitemaps_name_every_article_and_the_news(peer: Peer) -> None:
    """All articles in one, those of two days in the other; robots.txt names both."""
    site, client = peer
    everything, news = client.get("/wp-sitemap.xml").text, client.get("/news-sitemap.xml").text
    for post in site.posts:
        assert f"{site.base_url}{post.path}</loc>" in everything
        assert (f"{site.base_url}{post.path}</loc>" in news) == (NOW - post.at <= timedelta(days=2))
    robots = client.get("/robots.txt").text
    assert f"{site.base_url}/wp-sitemap.xml" in robots
    assert f"{site.base_url}/news-sitemap.xml" in robots
