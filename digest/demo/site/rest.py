"""The WordPress REST API of the demo site: /wp-json/wp/v2 and WordPress Popular Posts.

Only what readers of news use, with WordPress's own fields, headers and error codes
(developer.wordpress.org/rest-api/reference; the plug-in's src/Rest/PostsEndpoint.php, read
November 2026). Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from digest.demo.site.entries import Post
from digest.demo.site.newsroom import DemoSite
from digest.demo.site.records import Records
from digest.demo.site.restquery import Query, RestFault

_RANGES = {
    "last24hours": timedelta(days=1),
    "last7days": timedelta(days=7),
    "last30days": timedelta(days=30),
}
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}


def rest_routes(site: DemoSite) -> list[Route]:
    """Return the routes under /wp-json."""
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
        except RestFault as fault:
            return _refuse(fault)
        found = query.select(self._site.posts)
        pages = ceil(len(found) / query.per_page)
        if query.page > 1 and query.page > pages:
            message = "The page number requested is larger than the number of pages available."
            return _refuse(RestFault(400, "rest_post_invalid_page_number", message))
        part = found[(query.page - 1) * query.per_page :][: query.per_page]
        records = [query.narrow(self._records.post(post, embed=query.embed)) for post in part]
        return JSONResponse(records, headers=self._paging(request, len(found), query.page, pages))

    async def post(self, request: Request) -> Response:
        number = request.path_params["id"]
        for post in self._site.posts:
            if post.id == number:
                embed = "_embed" in request.query_params
                return JSONResponse(self._records.post(post, embed=embed))
        return _refuse(RestFault(404, "rest_post_invalid_id", "Invalid post ID."))

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
        return _refuse(RestFault(404, "rest_user_invalid_id", "Invalid user ID."))

    async def medium(self, request: Request) -> Response:
        for post in self._site.posts:
            if post.picture and post.picture.id == request.path_params["id"]:
                return JSONResponse(self._records.medium(post, post.picture))
        return _refuse(RestFault(404, "rest_post_invalid_id", "Invalid post ID."))

    async def popular(self, request: Request) -> Response:
        """Answer as WordPress Popular Posts does: posts with `pageviews`, most viewed first.

        The views are those of the range, whenever the post was published, unless `freshness` is
        asked for; they come as text, as MySQL gives sums.
        """
        asked = request.query_params
        try:
            viewed = self._viewed(asked)
            limit, offset = _count(asked, "limit", 10, 1), _count(asked, "offset", 0, 0)
        except RestFault as fault:
            return _refuse(fault)
        fields = frozenset(asked.get("_fields", "").split(",")) - {""}
        records = [
            {**self._records.post(post, embed=False), "pageviews": str(views)}
            for post, views in viewed[offset:][:limit]
        ]
        return JSONResponse(
            [
                {name: value for name, value in record.items() if not fields or name in fields}
                for record in records
            ]
        )

    async def no_route(self, _request: Request) -> Response:
        message = "No route was found matching the URL and request method."
        return _refuse(RestFault(404, "rest_no_route", message))

    def _viewed(self, asked: Mapping[str, str]) -> list[tuple[Post, int]]:
        width, now = _range(asked), self._site.now
        order = asked.get("order_by", "views")
        if order not in {"views", "comments"}:
            raise _wrong("order_by", "order_by is not one of views and comments.")
        fresh = asked.get("freshness", "0") == "1"
        counted = []
        for post in self._site.posts:
            age = max(now - post.at, timedelta(hours=1))
            # Readers of an old article came evenly over its life: those of the range are a part.
            views = round(post.views * min(1.0, width / age)) if width else post.views
            if views and not (fresh and width and age > width):
                counted.append((post, views))
        return sorted(
            counted, key=lambda pair: -(pair[0].comment_count if order == "comments" else pair[1])
        )

    def _list(self, request: Request, records: Sequence[dict[str, Any]]) -> Response:
        try:
            query = Query.read_terms(request.query_params)
        except RestFault as fault:
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


def _range(asked: Mapping[str, str]) -> timedelta | None:
    """Return the width of the range asked for, None for all of time."""
    name = asked.get("range", "last24hours")
    if name == "all":
        return None
    if name in _RANGES:
        return _RANGES[name]
    if name != "custom" or asked.get("time_unit", "hour") not in _UNITS:
        raise _wrong("range", f"range is not one of {', '.join(_RANGES)}, all, and custom.")
    return _count(asked, "time_quantity", 24, 1) * _UNITS[asked.get("time_unit", "hour")]


def _count(asked: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:  # noqa: PLR2004 - digits that fit any counter
        raise _wrong(name, f"{name} must be a whole number from {least}.")
    return int(text)


def _wrong(name: str, why: str) -> RestFault:
    return RestFault(400, "rest_invalid_param", f"Invalid parameter(s): {name}", {name: why})


def _refuse(fault: RestFault) -> JSONResponse:
    data: dict[str, Any] = {"status": fault.status}
    if fault.params:
        data["params"] = fault.params
    return JSONResponse(
        {"code": fault.code, "message": fault.message, "data": data}, status_code=fault.status
    )
