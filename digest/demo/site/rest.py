"""The WordPress REST API of the demo site: /wp-json/wp/v2 and WordPress Popular Posts.

Only what readers of news use, with WordPress's own fields, headers and error codes
(developer.wordpress.org/rest-api/reference). Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from digest.demo.site.entries import Post
from digest.demo.site.newsroom import DemoSite
from digest.demo.site.records import Records
from digest.demo.site.restquery import Fault, Query

_RANGES = {
    "last24hours": timedelta(days=1),
    "daily": timedelta(days=1),
    "last7days": timedelta(days=7),
    "weekly": timedelta(days=7),
    "last30days": timedelta(days=30),
    "monthly": timedelta(days=30),
}


def rest_routes(site: DemoSite) -> list[Route]:
    """Give the routes under /wp-json."""
    api = _Api(site)
    return [
        Route("/wp-json/", api.index),
        Route("/wp-json/wp/v2/posts", api.posts),
        Route("/wp-json/wp/v2/posts/{id:int}", api.post),
        Route("/wp-json/wp/v2/categories", api.categories),
        Route("/wp-json/wp/v2/tags", api.tags),
        Route("/wp-json/wp/v2/users", api.users),
        Route("/wp-json/wp/v2/users/{id:int}", api.user),
        Route("/wp-json/wp/v2/media/{id:int}", api.medium),
        Route("/wp-json/wordpress-popular-posts/v1/popular-posts", api.popular),
        Route("/wp-json/{rest:path}", api.no_route),
    ]


class _Api:
    def __init__(self, site: DemoSite) -> None:
        self._site = site
        self._records = Records(site)

    async def index(self, _request: Request) -> Response:
        site = self._site
        return JSONResponse(
            {
                "name": site.name,
                "description": site.tagline,
                "url": site.base_url,
                "home": site.base_url,
                "gmt_offset": 0,
                "timezone_string": "UTC",
                "namespaces": ["wp/v2", "wordpress-popular-posts/v1"],
            }
        )

    async def posts(self, request: Request) -> Response:
        try:
            query = Query.read(request.query_params)
        except Fault as fault:
            return _refuse(fault)
        found = query.select(self._site.posts)
        pages = ceil(len(found) / query.per_page)
        if query.page > 1 and query.page > pages:
            message = "The page number requested is larger than the number of pages available."
            return _refuse(Fault(400, "rest_post_invalid_page_number", message))
        part = found[(query.page - 1) * query.per_page :][: query.per_page]
        records = [query.narrow(self._records.post(post, embed=query.embed)) for post in part]
        return JSONResponse(records, headers=self._paging(request, len(found), query.page, pages))

    async def post(self, request: Request) -> Response:
        number = request.path_params["id"]
        for post in self._site.posts:
            if post.id == number:
                embed = "_embed" in request.query_params
                return JSONResponse(self._records.post(post, embed=embed))
        return _refuse(Fault(404, "rest_post_invalid_id", "Invalid post ID."))

    async def categories(self, request: Request) -> Response:
        return self._list(request, [self._records.category(one) for one in self._site.sections])

    async def tags(self, request: Request) -> Response:
        return self._list(request, [self._records.tag(one) for one in self._site.tags])

    async def users(self, request: Request) -> Response:
        return self._list(request, [self._records.user(one) for one in self._site.authors])

    async def user(self, request: Request) -> Response:
        for author in self._site.authors:
            if author.id == request.path_params["id"]:
                return JSONResponse(self._records.user(author))
        return _refuse(Fault(404, "rest_user_invalid_id", "Invalid user ID."))

    async def medium(self, request: Request) -> Response:
        for post in self._site.posts:
            if post.picture and post.picture.id == request.path_params["id"]:
                return JSONResponse(self._records.medium(post, post.picture))
        return _refuse(Fault(404, "rest_post_invalid_id", "Invalid post ID."))

    async def popular(self, request: Request) -> Response:
        """Answer as the plug-in does: posts with `pageviews`, most viewed first."""
        asked = request.query_params
        posts = self._in_range(asked.get("range", "last24hours"))
        by_comments = asked.get("order_by") == "comments"
        posts.sort(key=lambda post: -(post.comment_count if by_comments else post.views))
        limit, offset = asked.get("limit", "10"), asked.get("offset", "0")
        if not (limit.isdigit() and offset.isdigit()):
            return _refuse(Fault(400, "rest_invalid_param", "Invalid parameter(s): limit, offset"))
        part = posts[int(offset) :][: int(limit)]
        return JSONResponse(
            [{**self._records.post(post, embed=False), "pageviews": post.views} for post in part]
        )

    async def no_route(self, _request: Request) -> Response:
        message = "No route was found matching the URL and request method."
        return _refuse(Fault(404, "rest_no_route", message))

    def _in_range(self, name: str) -> list[Post]:
        width = _RANGES.get(name)
        since: datetime | None = self._site.now - width if width else None
        return [post for post in self._site.posts if since is None or post.at >= since]

    def _list(self, request: Request, records: Sequence[dict[str, Any]]) -> Response:
        try:
            query = Query.read_terms(request.query_params)
        except Fault as fault:
            return _refuse(fault)
        found = query.select_terms(records)
        pages = ceil(len(found) / query.per_page)
        part = found[(query.page - 1) * query.per_page :][: query.per_page]
        headers = self._paging(request, len(found), query.page, pages)
        return JSONResponse([query.narrow(one) for one in part], headers=headers)

    def _paging(self, request: Request, total: int, page: int, pages: int) -> dict[str, str]:
        links = []
        for name, number in (("prev", page - 1), ("next", page + 1)):
            if 1 <= number <= pages:
                asked = urlencode({**request.query_params, "page": number})
                links.append(f'<{self._site.base_url}{request.url.path}?{asked}>; rel="{name}"')
        headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}
        return {**headers, "Link": ", ".join(links)} if links else headers


def _refuse(fault: Fault) -> JSONResponse:
    data: dict[str, Any] = {"status": fault.status}
    if fault.params:
        data["params"] = fault.params
    return JSONResponse(
        {"code": fault.code, "message": fault.message, "data": data}, status_code=fault.status
    )
