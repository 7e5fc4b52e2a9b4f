"""The Harbour Post: its content, its pages, its form, and the desk that changes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.types import ASGIApp

from digest.demo.serve import serve
from digest.demo.site import DemoSite, NewsletterForm, make_app
from digest.demo.site.links import PICTURES
from digest.errors import DigestError

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PICTURE_BUDGET = 3_500_000


class Page(LexborHTMLParser):
    """A page whose named elements must be there."""

    def one(self, selector: str) -> LexborNode:
        node = self.css_first(selector)
        assert node is not None, selector
        return node


@dataclass
class Peer:
    """A served site, a client, and where its form leads."""

    site: DemoSite
    client: httpx.Client
    newsletter: NewsletterForm

    def page(self, path: str) -> Page:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return Page(answer.text)


@contextmanager
def _open() -> Iterator[Peer]:
    sites: list[DemoSite] = []
    newsletter = NewsletterForm()

    def make(base_url: str) -> ASGIApp:
        sites.append(DemoSite(NOW, base_url))
        return make_app(sites[0], newsletter)

    with (
        serve(make) as base_url,
        httpx.Client(base_url=base_url, trust_env=False, timeout=60) as client,
    ):
        yield Peer(sites[0], client, newsletter)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """Share one site among the tests that only read."""
    with _open() as opened:
        yield opened


@pytest.fixture
def own() -> Iterator[Peer]:
    """Open a site that the test may change."""
    with _open() as opened:
        yield opened


@pytest.fixture(scope="module")
def site() -> DemoSite:
    return DemoSite(NOW, "https://harbour.example/")


def test_every_section_has_twelve_articles_and_several_of_today(site: DemoSite) -> None:
    """Twelve articles a section, four of them from the last 24 hours, at most one bare."""
    for section in site.sections:
        posts = [post for post in site.posts if section == post.sections[0]]
        fresh = [post for post in posts if NOW - post.at < timedelta(hours=24)]
        assert len(posts) >= 12
        assert len(fresh) >= 4
        assert sum(post.picture is None for post in posts) <= 1


def test_articles_are_real_and_dated_within_four_days(site: DemoSite) -> None:
    """Three to eight parts, a byline, tags, an excerpt of some length, no two slugs alike."""
    for post in site.posts:
        assert 3 <= len(post.body) <= 8, post.slug
        assert len(post.excerpt) > 80, post.slug
        assert post.tags
        assert post.author in site.authors
        assert timedelta(0) < NOW - post.at < timedelta(days=4)
        assert post.comment_count >= len(post.comments)
        assert all(post.at <= comment.at <= NOW for comment in post.comments)
    assert len({post.slug for post in site.posts}) == len(site.posts)
    assert len({post.id for post in site.posts}) == len(site.posts)


def test_content_holds_the_awkward_cases(site: DemoSite) -> None:
    """Two categories, no picture, a very long headline, quotes, ampersand, umlauts, emoji."""
    titles = [post.title for post in site.posts]
    assert sum(len(post.sections) > 1 for post in site.posts) >= 4
    assert sum(post.picture is None for post in site.posts) >= 3
    assert any(len(title) > 200 for title in titles)
    assert any({"“", "&", "ü", "🎉"} <= set(title) for title in titles)


def test_the_same_now_gives_the_same_site() -> None:
    """Nothing depends on the clock, on dictionaries' order or on chance."""
    first, second = (DemoSite(NOW, "https://harbour.example") for _ in range(2))
    assert first.posts == second.posts
    assert first.changed == second.changed
    later = DemoSite(NOW + timedelta(hours=1), "https://harbour.example")
    assert later.posts[0].at - first.posts[0].at == timedelta(hours=1)


def test_every_picture_is_there_and_the_wheel_stays_small(site: DemoSite) -> None:
    """Each named file is a 1200 by 675 JPEG, none is left over, and together they are small."""
    named = {post.picture.file for post in site.posts if post.picture}
    assert {path.name for path in PICTURES.glob("*.jpg")} == named
    assert sum(path.stat().st_size for path in PICTURES.glob("*.jpg")) <= PICTURE_BUDGET
    for name in named:
        with Image.open(PICTURES / name) as picture:
            assert (picture.format, picture.size) == ("JPEG", (1200, 675))


def test_front_page_has_every_block(peer: Peer) -> None:
    """The headings a reader knows from such sites, each with articles under it."""
    page = peer.page("/")
    headings = [node.text(strip=True) for node in page.css("h2")]
    for name in ("What\u2019s Hot", "Trending", "Our Picks", "Top Posts", "Most Popular"):
        assert name in headings
    for section in peer.site.sections:
        assert section.name in headings
    assert "Subscribe to Updates" in headings
    assert re.search(r"[\d,]+ views", page.one("ol.thumbs").text())
    assert len(page.css(".latest .column")) == 8


def test_internal_links_answer(peer: Peer) -> None:
    """Every link, picture and style of the front page and of an article leads somewhere."""
    post = peer.site.posts[1]
    found: set[str] = set()
    for path in ("/", post.path):
        page = peer.page(path)
        for node in page.css("a[href], link[href], img[src]"):
            url = str(node.attributes.get("href") or node.attributes.get("src"))
            if url.startswith(peer.site.base_url):
                found.add(urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl())
    assert len(found) > 50
    broken = [
        path
        for path in sorted(found)
        if peer.client.head(path or "/", follow_redirects=True).status_code != 200
    ]
    assert broken == []


def test_article_tells_machines_and_readers_what_it_is(peer: Peer) -> None:
    """Canonical, Open Graph, JSON-LD, feed autodiscovery, byline, tags, neighbours, comments."""
    post = peer.site.posts[2]
    page = peer.page(post.path)
    url = peer.site.base_url + post.path
    assert page.one("link[rel=canonical]").attributes["href"] == url
    og = {
        node.attributes["property"]: node.attributes["content"]
        for node in page.css("meta[property]")
    }
    assert og["og:title"] == post.title
    assert og["og:image:width"] == "1200"
    facts = json.loads(page.one('script[type="application/ld+json"]').text())
    assert facts["headline"] == post.title
    assert facts["datePublished"].endswith("+00:00")
    feeds = page.css('link[type="application/rss+xml"]')
    assert any("/category/" in str(node.attributes["href"]) for node in feeds)
    assert page.one("[rel=author]").text() == post.author.name
    assert [node.text() for node in page.css("[rel=tag]")] == [tag.name for tag in post.tags]
    assert page.one("[rel=prev]").attributes["href"]
    assert len(page.css(".comments article")) == len(post.comments)
    assert "min read" in page.one(".story .meta").text()


def test_text_is_escaped_everywhere(own: Peer) -> None:
    """Markup in a headline or a body is shown, not obeyed, in pages, JSON-LD and feeds alike."""
    nasty = '<script>alert("1")</script> & </script>]]>'
    post = own.site.publish("tech-trends", nasty, f"{nasty}\n\nSecond.", tags=["<b>"])
    for path in ("/", post.path, "/category/tech-trends/", "/feed/", "/wp-sitemap.xml"):
        text = own.client.get(path).text
        assert "<script>alert" not in text, path
    page = own.page(post.path)
    assert page.one("h1").text() == nasty
    facts = json.loads(page.one('script[type="application/ld+json"]').text())
    assert facts["headline"] == nasty


def test_the_form_leads_to_the_readers_pages(own: Peer) -> None:
    """With a newsletter beside the site it posts there; without one it says so and has no form."""
    assert own.page("/subscribe/").css_first("form") is None
    own.newsletter.url = "http://127.0.0.1:1/subscribe"
    form = own.page("/subscribe/").one("form")
    assert form.attributes["action"] == own.newsletter.url
    chosen = {box.attributes["value"] for box in form.css('input[name="section"]')}
    assert chosen == {section.slug for section in own.site.sections}


def test_publish_edit_and_withdraw_show_at_once(own: Peer) -> None:
    """Each change is on the page, in the list and in the validators of the next answer."""
    before = own.client.get("/feed/")
    post = own.site.publish(
        ["world-news", "uk-updates"], "Harbour light fails", "Out.\n\nBack.\n\nFixed."
    )
    published = own.client.get("/category/uk-updates/feed/")
    assert "Harbour light fails" in published.text
    assert own.client.get("/feed/").headers["etag"] != before.headers["etag"]

    edited = own.site.edit(post.id, title="Harbour light shines again", views=99_999)
    assert edited.path == post.path
    assert edited.modified > post.modified
    assert "Harbour light shines again" in own.client.get(post.path).text
    assert "99,999 views" in own.client.get("/").text

    own.site.withdraw(post.id)
    assert own.client.get(post.path).status_code == 404
    assert "Harbour light" not in own.client.get("/feed/").text


def test_two_articles_of_one_headline_get_two_addresses(site: DemoSite) -> None:
    """A slug is never shared, as in WordPress."""
    own = DemoSite(NOW, site.base_url)
    first, second = (own.publish("world-news", "Same again", "One.\n\nTwo.") for _ in range(2))
    assert (first.slug, second.slug) == ("same-again", "same-again-2")


def test_desk_refuses_what_is_not_there(site: DemoSite) -> None:
    """An unknown article, section or author is named, with what to choose from."""
    with pytest.raises(DigestError, match="no article 7"):
        site.withdraw(7)
    with pytest.raises(DigestError, match="world-news"):
        site.publish("sport", "A", "B")
    with pytest.raises(DigestError, match="maren-holloway"):
        site.publish("world-news", "A", "B", author="nobody")


@pytest.mark.parametrize(
    "path",
    [
        "/2026/11/23/no-such-article/",
        "/category/sport/",
        "/category/sport/feed/",
        "/tag/none/",
        "/author/none/",
        "/wp-content/uploads/2026/11/app.py",
        "/wp-content/uploads/2026/11/..%2f..%2fapp.py",
        "/nowhere",
    ],
)
def test_unknown_address_answers_404_with_a_page(peer: Peer, path: str) -> None:
    """What is not there says so, in HTML, and no file but a named picture leaves."""
    answer = peer.client.get(path)
    assert answer.status_code == 404
    assert "That page has sailed" in answer.text


def test_short_link_redirects_to_the_permalink(peer: Peer) -> None:
    """/?p=ID is what the guid says; it leads to the article."""
    post = peer.site.posts[0]
    answer = peer.client.get("/", params={"p": post.id})
    assert answer.status_code == 301
    assert answer.headers["location"] == peer.site.base_url + post.path
