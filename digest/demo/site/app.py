"""The demo news site as an ASGI application: pages, feeds, sitemaps, pictures, REST."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from digest.demo.site.conditional import conditional
from digest.demo.site.entries import Post
from digest.demo.site.links import PICTURES
from digest.demo.site.newsroom import DemoSite
from digest.demo.site.pages import SitePages
from digest.demo.site.rest import rest_routes
from digest.demo.site.selection import in_section

_RSS = "application/rss+xml; charset=UTF-8"
_XML = "application/xml; charset=UTF-8"
_HTML = "text/html; charset=utf-8"
_FEED_LENGTH = 20


@dataclass
class NewsletterForm:
    """The address that the form leads to: the readers' pages, or "" without them."""

    url: str = ""
    edition: str = "daily"


def make_app(site: DemoSite, signup: NewsletterForm | None = None) -> Starlette:
    """Put `site` on line, with the form of its newsletter."""
    desk = _SiteRoutes(site, signup or NewsletterForm())
    return Starlette(
        routes=[
            Route("/", desk.front),
            Route("/feed/", desk.feed),
            Route("/comments/feed/", desk.comments_feed),
            Route("/category/{slug}/", desk.category),
            Route("/category/{slug}/feed/", desk.category_feed),
            Route("/tag/{slug}/", desk.tag),
            Route("/author/{slug}/", desk.author),
            Route("/{year:int}/{month:int}/{day:int}/{slug}/", desk.article),
            Route("/subscribe/", desk.subscribe, methods=["GET"]),
            Route("/wp-content/uploads/{year:int}/{month:int}/{file}", desk.picture),
            Route("/style.css", desk.style),
            Route("/favicon.svg", desk.icon),
            Route("/wp-sitemap.xml", desk.sitemap),
            Route("/news-sitemap.xml", desk.news_sitemap),
            Route("/robots.txt", desk.robots),
            *rest_routes(site),
        ],
        exception_handlers={404: desk.not_found},
    )


class _SiteRoutes:
    def __init__(self, site: DemoSite, signup: NewsletterForm) -> None:
        self._site = site
        self._pages = SitePages(site, signup)

    async def front(self, request: Request) -> Response:
        number = request.query_params.get("p", "")
        for post in self._site.posts:
            if str(post.id) == number:
                return RedirectResponse(self._site.base_url + post.path, status_code=301)
        return self._page(request, self._pages.front())

    async def article(self, request: Request) -> Response:
        for post in self._site.posts:
            if post.path == request.url.path:
                return self._page(request, self._pages.article(post))
        return self._missing()

    async def category(self, request: Request) -> Response:
        for section in self._site.sections:
            if section.slug == request.path_params["slug"]:
                return self._page(request, self._pages.section(section))
        return self._missing()

    async def tag(self, request: Request) -> Response:
        for tag in self._site.tags:
            if tag.slug == request.path_params["slug"]:
                posts = [post for post in self._site.posts if tag in post.tags]
                return self._page(request, self._pages.listing(tag.name, "Topic", posts))
        return self._missing()

    async def author(self, request: Request) -> Response:
        for author in self._site.authors:
            if author.slug == request.path_params["slug"]:
                posts = [post for post in self._site.posts if post.author == author]
                page = self._pages.listing(author.name, "Articles by", posts, author.about)
                return self._page(request, page)
        return self._missing()

    async def feed(self, request: Request) -> Response:
        return self._feed(request, self._site.name, "/", list(self._site.posts))

    async def category_feed(self, request: Request) -> Response:
        for section in self._site.sections:
            if section.slug == request.path_params["slug"]:
                posts = in_section(self._site.posts, section)
                title = f"{section.name} Archives - {self._site.name}"
                return self._feed(request, title, f"/category/{section.slug}/", list(posts))
        return self._missing()

    async def comments_feed(self, request: Request) -> Response:
        body = self._pages.comments_feed()
        return conditional(request, body.encode(), _RSS, self._site.changed)

    async def sitemap(self, request: Request) -> Response:
        return self._xml(request, self._pages.sitemap())

    async def news_sitemap(self, request: Request) -> Response:
        return self._xml(request, self._pages.news_sitemap())

    async def robots(self, _request: Request) -> Response:
        base = self._site.base_url
        return PlainTextResponse(
            "User-agent: *\nDisallow: /wp-admin/\n\n"
            f"Sitemap: {base}/wp-sitemap.xml\nSitemap: {base}/news-sitemap.xml\n"
        )

    async def picture(self, request: Request) -> Response:
        # Only a file that an article names may leave: no path of the visitor is opened.
        for post in self._site.posts:
            if post.picture and post.picture.file == request.path_params["file"]:
                return FileResponse(PICTURES / post.picture.file, media_type="image/jpeg")
        return self._missing()

    async def style(self, request: Request) -> Response:
        body = self._pages.style().encode()
        return conditional(request, body, "text/css; charset=utf-8", self._site.now)

    async def icon(self, request: Request) -> Response:
        return conditional(request, self._pages.icon().encode(), "image/svg+xml", self._site.now)

    async def subscribe(self, request: Request) -> Response:
        return self._page(request, self._pages.subscribe())

    async def not_found(self, _request: Request, _error: Exception) -> Response:
        return self._missing()

    def _feed(self, request: Request, title: str, path: str, posts: list[Post]) -> Response:
        body = self._pages.feed(title, path, posts[:_FEED_LENGTH])
        return conditional(request, body.encode(), _RSS, self._site.changed)

    def _xml(self, request: Request, text: str) -> Response:
        return conditional(request, text.encode(), _XML, self._site.changed)

    def _page(self, request: Request, html: str) -> Response:
        return conditional(request, html.encode(), _HTML, self._site.changed)

    def _missing(self) -> Response:
        return Response(self._pages.missing(), status_code=404, media_type=_HTML)
