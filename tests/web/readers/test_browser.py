"""The whole way in a browser, from the demo site's form to the last click."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.demo.site import DemoSite, NewsletterForm, make_app
from digest.models.articles import Article
from digest.web.server.serving import serving
from subscribers.lifecycle import State

from .conftest import NOW, TOML, Pressroom

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

_NORA = "nora@reader.example"
_SLUGS = {"world": "world-news", "tech": "tech-trends"}


def _as_on_the_site(toml: str) -> str:
    """Name sections as the demo site does, each with a source of its own."""
    for ours, slug in _SLUGS.items():
        toml = toml.replace(f'id = "{ours}"\ntitle', f'id = "{slug}"\ntitle')
    toml = toml.replace('sections = ["world", "tech"]', 'sections = ["world-news", "tech-trends"]')
    source = '[[source]]\nid = "tech"\nurl = "https://news.example/tech/feed/"\n'
    head, _, tail = toml.partition('title = "Tech & Science"\nsources = ["world"]')
    return f'{head}title = "Tech & Science"\nsources = ["tech"]{tail}\n{source}'


def _publish(room: Pressroom) -> None:
    for source in ("world", "tech"):
        article = Article(
            id=source,
            source_id=source,
            url=f"https://news.example/{source}",
            title=f"A headline of the {source} desk",
            excerpt="What happened, and what comes next.",
            published=NOW - timedelta(hours=1),
        )
        room.store.articles.save(source, [article], NOW)


def test_a_reader_walks_the_whole_way(room: Pressroom, browser: Browser) -> None:
    """Without a script and without a cookie, from the site's form to the last click."""
    room.toml = _as_on_the_site(TOML)
    _publish(room)
    newsletter = NewsletterForm()
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    with (
        room.pages() as pages,
        serving(lambda base: make_app(DemoSite(NOW, base), newsletter)) as site,
    ):
        base = str(pages.base_url).rstrip("/")
        newsletter.url = f"{base}/subscribe"
        _subscribe(page, site)
        assert page.url == f"{base}/subscribe/sent"
        page.goto(base + room.link("c", _NORA))
        page.click("button.main")
        assert room.sections(_NORA) == frozenset({"tech-trends"})
        page.goto(base + room.link("p", _NORA))
        page.click('button[value="less"]')
        assert page.inner_text(".told") == "Done. From now on mail comes less often."
        assert room.state(_NORA) is State.UNSUBSCRIBED
        room.send_now("weekly")
        mail = room.issue_mail("weekly", _NORA)
        assert "tech desk" in mail
        assert "world desk" not in mail
        link = re.search(r"https://digest\.news\.example(/u/[\w.~-]+)", mail)
        assert link
        page.goto(base + link[1])
        page.click("button.main")
        assert page.inner_text("h1") == "Done. You are unsubscribed"
        assert room.state(_NORA, "weekly") is State.UNSUBSCRIBED
        assert context.cookies() == []
    context.close()


def _subscribe(page: Page, site: str) -> None:
    page.goto(f"{site}/subscribe/")
    page.fill("#email", _NORA)
    for box in page.query_selector_all('input[name="section"]'):
        if box.get_attribute("value") != _SLUGS["tech"]:
            box.uncheck()
    page.click(".signup button")
