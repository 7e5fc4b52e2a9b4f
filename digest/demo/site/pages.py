"""The demo site's templates, filled: HTML pages, RSS feeds and sitemaps as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digest.demo.site.entries import PICTURE_HEIGHT, PICTURE_WIDTH, Post, Section
from digest.demo.site.links import picture_url
from digest.demo.site.markup import ago, body_html, cdata, iso, rfc822
from digest.demo.site.newsroom import DemoSite
from digest.demo.site.selection import front_page, in_section, neighbours, related
from digest.resources import templates_folder

# Search engines take articles of the last two days only (Google's news sitemap).
_NEWS_SITEMAP_AGE = timedelta(days=2)


class SignupAddress(Protocol):
    """The address that the form leads to, and for which edition; it may be known only later."""

    url: str
    edition: str


class SitePages:
    """Fills the templates for one site."""

    def __init__(self, site: DemoSite, signup: SignupAddress) -> None:
        self._site = site
        self._environment = Environment(
            loader=FileSystemLoader(templates_folder() / "demo"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            site=site,
            newsletter=signup,
            picture_url=partial(picture_url, site.base_url),
            width=PICTURE_WIDTH,
            height=PICTURE_HEIGHT,
            body_html=body_html,
        )
        self._environment.filters.update(
            cdata=cdata,
            rfc822=rfc822,
            iso=iso,
            ago=lambda moment: ago(moment, site.now),
            number=lambda value: f"{value:,}",
        )

    def front(self) -> str:
        """Fill the front page."""
        site = self._site
        blocks = front_page(site.posts, site.sections, site.now)
        return self._fill("front.html", page=blocks)

    def section(self, section: Section) -> str:
        """Fill a section's page."""
        posts = in_section(self._site.posts, section)
        return self._fill("section.html", section=section, posts=posts)

    def listing(self, title: str, kind: str, posts: Sequence[Post], about: str = "") -> str:
        """Fill the page of a topic or an author."""
        return self._fill("listing.html", title=title, kind=kind, posts=posts, about=about)

    def article(self, post: Post) -> str:
        """Fill an article's page."""
        posts = self._site.posts
        older, newer = neighbours(post, posts)
        return self._fill(
            "article.html",
            post=post,
            older=older,
            newer=newer,
            related=related(post, posts),
            facts=self._facts(post),
        )

    def subscribe(self) -> str:
        """Fill the form's own page."""
        return self._fill("subscribe.html")

    def missing(self) -> str:
        """Fill the page for an address that is not there."""
        return self._fill("missing.html", posts=self._site.posts[:4])

    def feed(self, title: str, path: str, posts: Sequence[Post]) -> str:
        """Fill an RSS 2.0 feed as WordPress writes it."""
        return self._fill("feed.xml", title=title, path=path, posts=posts)

    def comments_feed(self) -> str:
        """Fill the feed of the latest comments."""
        pairs = [(one, post) for post in self._site.posts for one in post.comments]
        pairs.sort(key=lambda pair: (pair[0].at, pair[0].id), reverse=True)
        return self._fill("comments.xml", comments=pairs[:10])

    def sitemap(self) -> str:
        """Fill the sitemap of every page."""
        return self._fill("sitemap.xml", posts=self._site.posts)

    def news_sitemap(self) -> str:
        """Fill the news sitemap: two days at most."""
        since = self._site.now - _NEWS_SITEMAP_AGE
        posts = [post for post in self._site.posts if post.at >= since]
        return self._fill("news-sitemap.xml", posts=posts)

    def style(self) -> str:
        """Return the style sheet."""
        return self._fill("style.css")

    def icon(self) -> str:
        """Return the site's mark."""
        return self._fill("favicon.svg")

    def _fill(self, name: str, **values: Any) -> str:  # noqa: ANN401 - what each template names
        return self._environment.get_template(name).render(**values)

    def _facts(self, post: Post) -> Markup:
        """Write the JSON-LD of an article (schema.org NewsArticle)."""
        base = self._site.base_url
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": post.title,
            "datePublished": iso(post.at),
            "dateModified": iso(post.modified),
            "mainEntityOfPage": base + post.path,
            "articleSection": [one.name for one in post.sections],
            "author": {"@type": "Person", "name": post.author.name},
            "publisher": {"@type": "NewsMediaOrganization", "name": self._site.name, "url": base},
            "commentCount": post.comment_count,
            **({"image": [picture_url(base, post)]} if post.picture else {}),
        }
        # "</script>" in a headline must not end the element.
        text = json.dumps(facts, ensure_ascii=False)
        for sign in "<>&":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return Markup(text)  # noqa: S704 - every character HTML could act on is escaped above
