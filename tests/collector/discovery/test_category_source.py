"""A WordPress section is collected by REST where that gives more than its feed."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import pytest

from digest.collector import Discovery, Limits, SourceRequest, SourceResult, discover
from digest.collector.discovery.categories import read_categories

Serve = Callable[[Mapping[str, bytes]], str]
Http = Callable[..., bytes]
SITE = "https://site.example/"
FRONT = b"<html><title>Paper</title>"
PICTURE = "https://site.example/pictures/ferry-1200x800.jpg"


def category(number: int, name: str, count: int, parent: int = 0) -> dict[str, object]:
    slug = name.lower()
    return {"id": number, "name": name, "slug": slug, "count": count, "parent": parent}


def feed(items: int, *, picture: bool) -> bytes:
    media = f'<enclosure type="image/jpeg" length="1" url="{PICTURE}"/>' if picture else ""
    told = "".join(
        f"<item><title>S{n}</title><link>https://site.example/{n}/</link>{media}</item>"
        for n in range(items)
    )
    return f"<rss><channel>{told}</channel></rss>".encode()


def posts(items: int, *, picture: bool) -> bytes:
    media = {"source_url": PICTURE, "media_details": {"width": 1200, "height": 800}}
    listed = [
        {
            "id": n,
            "link": f"https://site.example/{n}/",
            "title": {"rendered": f"S{n}"},
            "_embedded": {"wp:featuredmedia": [media]} if picture else {},
        }
        for n in range(items)
    ]
    return json.dumps(listed).encode()


def explore(
    serve: Serve, http: Http, limits: Limits, feed_says: bytes, rest_says: bytes
) -> tuple[Discovery, str]:
    listed = [category(1, "World", 30), category(2, "Europe", 9, parent=1), category(3, "Arts", 5)]
    url = serve(
        {
            "/": http(FRONT),
            "/wp-json/wp/v2/categories": http(json.dumps(listed).encode()),
            "/category/world/feed/": feed_says,
            "/wp-json/wp/v2/posts": rest_says,
        }
    )
    return asyncio.run(discover(url, limits)), url


@pytest.mark.parametrize(
    ("feed_says", "rest_says"),
    [
        (feed(10, picture=False), posts(30, picture=False)),
        (feed(10, picture=False), posts(10, picture=True)),
        (b"", posts(1, picture=False)),
    ],
    ids=["more articles", "more pictures", "no feed"],
)
def test_rest_is_taken_where_it_gives_more(
    serve: Serve, http: Http, limits: Limits, feed_says: bytes, rest_says: bytes
) -> None:
    """With the posts of categories below, as the category's own page shows them."""
    found, url = explore(serve, http, limits, http(feed_says), http(rest_says))
    assert [(one.title, one.kind, one.feed_url) for one in found.sections] == [
        ("World", "wordpress", f"{url}/wp-json/wp/v2/posts?categories=1,2"),
        ("Arts", "wordpress", f"{url}/wp-json/wp/v2/posts?categories=3"),
    ]
    assert {one.found_by for one in found.sections} == {"WordPress, REST"}


@pytest.mark.parametrize("status", [200, 401, 404])
def test_the_feed_stays_where_rest_gives_no_more_or_is_closed(
    serve: Serve, http: Http, limits: Limits, status: int
) -> None:
    """It counts comments exactly, and an unchanged one costs a short answer."""
    said = http(posts(10, picture=True), status)
    found, url = explore(serve, http, limits, http(feed(10, picture=True)), said)
    assert [(one.kind, one.feed_url) for one in found.sections] == [
        ("feed", f"{url}/category/world/feed/"),
        ("feed", f"{url}/category/arts/feed/"),
    ]


def test_a_category_without_a_number_keeps_its_feed() -> None:
    """And categories below each other in a circle end."""
    listed = [category(1, "A", 3, parent=2), category(2, "B", 3, parent=1)]
    listed.append({"name": "C", "slug": "c", "count": 1})
    found, _ = read_categories(listed, (), SITE, f"{SITE}wp-json/")
    assert found[-1].posts_url == ""
    found, _ = read_categories(listed[:2], (), SITE, f"{SITE}wp-json/")
    assert [one.posts_url.partition("=")[2] for one in found] == ["1,2", "2,1"]


LISTED = json.dumps([category(1, "World", 30), category(3, "Arts", 5)]).encode()
ABOUT = b'{"name": "The Paper", "namespaces": ["wordpress-popular-posts/v1"]}'


def page_with(api: str) -> bytes:
    return f'<html><head><link rel="https://api.w.org/" href="{api}"></head>'.encode()


def test_wordpress_may_live_in_a_folder_of_the_site(
    serve: Serve, http: Http, limits: Limits
) -> None:
    """Its pages say where its API is; what counts readers is there too."""
    url = serve(
        {
            "/": http(page_with("/blog/wp-json/")),
            "/blog/wp-json/": http(ABOUT),
            "/blog/wp-json/wp/v2/categories": http(LISTED),
            "/blog/wp-json/wp/v2/posts": http(posts(12, picture=True)),
        }
    )
    found = asyncio.run(discover(url, limits))
    assert found.name == "The Paper"
    assert [one.feed_url for one in found.sections] == [
        f"{url}/blog/wp-json/wp/v2/posts?categories=1",
        f"{url}/blog/wp-json/wp/v2/posts?categories=3",
    ]
    assert (found.popularity, found.popularity_url) == ("wpp", f"{url}/blog")


def test_routes_may_be_a_parameter(
    serve: Callable[..., str], http: Http, limits: Limits, gather: Callable[..., list[SourceResult]]
) -> None:
    """Without pretty permalinks; such an address is collected from like any other."""
    routes = {
        "/": ABOUT,
        "/wp/v2/categories": LISTED,
        "/wp/v2/posts": posts(12, picture=True),
    }

    def answer(connection: socket.socket, head: bytes) -> None:
        asked = dict(parse_qsl(head.split(b" ", 2)[1].decode().partition("?")[2]))
        connection.sendall(http(routes[asked["rest_route"]]))

    url = serve({"/": http(page_with("/index.php?rest_route=/")), "/index.php": answer})
    found = asyncio.run(discover(url, limits))
    assert [one.feed_url for one in found.sections] == [
        f"{url}/index.php?rest_route=/wp/v2/posts&categories=1",
        f"{url}/index.php?rest_route=/wp/v2/posts&categories=3",
    ]
    assert found.popularity == ""
    (result,) = gather(SourceRequest("a", found.sections[0].feed_url, "wordpress"))
    assert (result.status, len(result.articles)) == ("ok", 12)
