"""One source over many documents: what was read is kept, and what was read before is not again."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.collector import Limits, SourceRequest, SourceResult
from digest.collector.article_pages import rests
from digest.collector.contract import KnownPage
from digest.errors import SourceRefused, SourceUnreachable

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]
Gather = Callable[..., list[SourceResult]]
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
SIGNS = b"_embed=replies"
POSTS = "/wp-json/wp/v2/posts"


def posts(*numbers: int, days: float = 0) -> bytes:
    """Write a page of posts as WordPress does."""
    at = f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%S}"
    listed = [
        {
            "id": number,
            "date_gmt": at,
            "link": f"https://site.example/{number}/",
            "title": {"rendered": f"Story {number}"},
        }
        for number in numbers
    ]
    return json.dumps(listed).encode()


def paged(http: Http, pages: Mapping[int, bytes]) -> Answer:
    """Answer each page of posts with what is said for it."""

    def answer(connection: socket.socket, head: bytes) -> None:
        line = head.split(b"\r\n")[0].replace(b"per_page", b"")
        number = next((n for n in pages if b"page=%d" % n in line), 1)
        connection.sendall(pages.get(number, http(b"", 500)))

    return answer


def documents(seen: list[bytes]) -> list[bytes]:
    """Leave out what was asked for to see whether anything changed."""
    return [head for head in seen if SIGNS not in head]


def asked(seen: list[bytes]) -> list[str]:
    return [head.split(b" ", 2)[1].decode() for head in seen]


def test_a_page_that_fails_costs_only_itself(serve: Serve, http: Http, gather: Gather) -> None:
    """The posts of the others are kept, it is said, and the next run asks for all of it again."""
    answer = paged(
        http,
        {
            1: http(posts(1, 2), X_WP_TotalPages="3", ETag='"a"'),
            2: http(b"", 500),
            3: http(posts(5, 6)),
        },
    )
    (result,) = gather(SourceRequest("a", serve({POSTS: answer}), "wordpress"))
    assert [article.title for article in result.articles] == [f"Story {n}" for n in (1, 2, 5, 6)]
    assert "a further document could not be read" in result.notes[0]
    assert "500" in result.notes[0]
    assert (result.status, result.etag) == ("ok", "")


def test_an_index_of_which_no_part_can_be_read_has_failed(
    serve: Serve, http: Http, gather: Gather
) -> None:
    """Nothing at all is no quiet day."""
    parts = b"".join(b"<sitemap><loc>{}/%d</loc></sitemap>" % n for n in range(3))
    answers: dict[str, Answer] = {}
    url = serve(answers)
    index = b"<sitemapindex>" + parts.replace(b"{}", url.encode()) + b"</sitemapindex>"
    answers["/index.xml"] = http(index)
    (result,) = gather(SourceRequest("a", f"{url}/index.xml"))
    assert isinstance(result.error, SourceRefused)


def test_no_more_parts_of_an_index_than_allowed(
    serve: Serve, http: Http, gather: Gather, limits: Limits, seen: list[bytes]
) -> None:
    """Those that sound like news first."""
    answers: dict[str, Answer] = {}
    url = serve(answers)
    names = ("pages", "news-1", "tags", "news-2")
    parts = "".join(f"<sitemap><loc>{url}/{name}.xml</loc></sitemap>" for name in names)
    answers["/index.xml"] = http(f"<sitemapindex>{parts}</sitemapindex>".encode())
    gather(SourceRequest("a", f"{url}/index.xml"), limits=replace(limits, max_parts=2))
    assert asked(seen) == ["/index.xml", "/news-1.xml", "/news-2.xml"]


def test_no_more_documents_than_allowed(
    serve: Serve, http: Http, gather: Gather, limits: Limits, seen: list[bytes]
) -> None:
    """And that is said."""
    answer = paged(http, {n: http(posts(n), X_WP_TotalPages="9") for n in range(1, 10)})
    request = SourceRequest("a", serve({POSTS: answer}), "wordpress")
    (result,) = gather(request, limits=replace(limits, max_pages=3))
    assert len(result.articles) == len(documents(seen)) == 3
    assert "more than 3 documents" in result.notes[0]


def test_pages_that_can_only_be_old_are_not_asked_for(
    serve: Serve, http: Http, gather: Gather, limits: Limits, seen: list[bytes]
) -> None:
    """One page behind the last that holds something young enough."""
    ages = {1: 1, 2: 12, 3: 40, 4: 80}
    answer = paged(
        http, {n: http(posts(n, days=days), X_WP_TotalPages="4") for n, days in ages.items()}
    )
    request = SourceRequest("a", serve({POSTS: answer}), "wordpress")
    (result,) = gather(request, limits=replace(limits, max_age_days=30))
    assert [article.title for article in result.articles] == ["Story 1", "Story 2", "Story 3"]
    assert len(documents(seen)) == 3
    assert result.notes == ()


def test_wordpress_is_asked_for_its_signs_first(
    serve: Serve, http: Http, gather: Gather, seen: list[bytes]
) -> None:
    """Posts carry no ETag: numbers and dates of change stand in, and a second run reads no post."""
    signs = http(b'[{"id": 1, "modified_gmt": "2026-11-23T07:00:00"}]')

    def answer(connection: socket.socket, head: bytes) -> None:
        connection.sendall(signs if SIGNS in head else http(posts(1), X_WP_TotalPages="1"))

    request = SourceRequest("a", serve({POSTS: answer}), "wordpress")
    (first,) = gather(request)
    assert (first.status, len(first.articles), len(documents(seen))) == ("ok", 1, 1)
    seen.clear()
    (again,) = gather(replace(request, etag=first.etag))
    assert (again.status, again.etag, len(seen)) == ("unchanged", first.etag, 1)
    signs = http(b'[{"id": 1, "modified_gmt": "2026-11-23T08:00:00"}]')
    (changed,) = gather(replace(request, etag=first.etag))
    assert (changed.status, len(changed.articles)) == ("ok", 1)
    assert changed.etag not in {"", first.etag}


@pytest.mark.parametrize("said", [b"<html>One moment", b"[]", b"{}", b"[1]"])
def test_signs_that_say_nothing_decide_nothing(
    serve: Serve, http: Http, gather: Gather, seen: list[bytes], said: bytes
) -> None:
    """A page that a guard shows to robots is the same every day: the posts are asked for."""

    def answer(connection: socket.socket, head: bytes) -> None:
        connection.sendall(http(said) if SIGNS in head else http(posts(1)))

    request = SourceRequest("a", serve({POSTS: answer}), "wordpress")
    for _ in range(2):
        (result,) = gather(request)
        assert (result.status, result.etag, len(result.articles)) == ("ok", "", 1)
        request = replace(request, etag=result.etag)
    assert len(documents(seen)) == 2


def test_a_source_has_its_time_and_keeps_what_it_gave(
    serve: Serve, http: Http, gather: Gather, limits: Limits
) -> None:
    """Pages that drag on are cut off; what came before them is there, and is asked for again."""
    over = threading.Event()

    def answer(connection: socket.socket, head: bytes) -> None:
        if b"&page=" in head:
            over.wait(30)
        connection.sendall(http(posts(1, 2), X_WP_TotalPages="3", ETag='"a"'))

    request = SourceRequest("a", serve({POSTS: answer}), "wordpress")
    (result,) = gather(request, limits=replace(limits, timeout=30.0, source_timeout=0.5))
    over.set()
    assert [article.title for article in result.articles] == ["Story 1", "Story 2"]
    assert "within 0.5 s" in result.notes[0]
    assert result.etag == ""


def test_a_section_none_of_whose_pages_came_in_time_has_failed(
    serve: Serve, http: Http, gather: Gather, limits: Limits
) -> None:
    """There is nothing to keep."""
    over = threading.Event()

    def silent(connection: socket.socket, _: bytes) -> None:
        over.wait(30)
        connection.sendall(http(b""))

    url = serve({"/front": http(front("/2026/11/23/one/")), "/2026/11/23/one/": silent})
    request = SourceRequest("a", f"{url}/front", "webpage")
    (result,) = gather(request, limits=replace(limits, timeout=30.0, source_timeout=0.5))
    over.set()
    assert isinstance(result.error, SourceUnreachable)
    assert "source_timeout" in str(result.error)


def front(*paths: str) -> bytes:
    """Write a section's page that links these."""
    links = "".join(f'<a href="{path}">A headline that is long enough</a>' for path in paths)
    return f"<html><main>{links}</main>".encode()


def story(title: str) -> bytes:
    head = '<meta property="og:type" content="article">'
    date = '<meta property="article:published_time" content="2026-11-23T06:00:00Z">'
    return f"<html>{head}{date}<title>{title}</title>".encode()


def conditional(http: Http, title: str, etag: str) -> Answer:
    """Answer with the story, or with 304 to whoever has it."""

    def answer(connection: socket.socket, head: bytes) -> None:
        known = f"if-none-match: {etag}".encode() in head.lower()
        connection.sendall(http(b"", 304) if known else http(story(title), ETag=etag))

    return answer


ONE, TWO, PLAIN, DUMB = (f"/2026/11/23/{name}/" for name in ("one", "two", "plain", "dumb"))


def test_a_second_run_asks_only_for_what_may_have_changed(
    serve: Serve, http: Http, gather: Gather, seen: list[bytes]
) -> None:
    """304 for pages with validators, nothing for the others; no page is read a second time."""
    answers: dict[str, Answer] = {
        "/front": http(front(ONE, TWO, PLAIN, DUMB)),
        ONE: conditional(http, "One", '"1"'),
        TWO: conditional(http, "Two", '"2"'),
        PLAIN: http(story("Plain")),
        DUMB: http(b"<html><p>Words"),
    }
    url = serve(answers)
    (first,) = gather(SourceRequest("a", f"{url}/front", "webpage"))
    assert [article.title for article in first.articles] == ["One", "Two", "Plain"]
    assert first.kept == ()
    seen.clear()
    (again,) = gather(SourceRequest("a", f"{url}/front", "webpage", pages=first.pages))
    assert sorted(asked(seen)) == sorted(["/robots.txt", "/front", ONE, TWO])
    assert (again.status, again.articles, again.notes) == ("ok", (), ())
    assert [page.article_id for page in again.kept] == [one.id for one in first.articles]
    assert again.kept[0].published == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert again.pages.keys() == first.pages.keys()

    answers[TWO] = conditional(http, "Two, and more of it", '"3"')
    (changed,) = gather(SourceRequest("a", f"{url}/front", "webpage", pages=again.pages))
    assert [article.title for article in changed.articles] == ["Two, and more of it"]
    assert len(changed.kept) == 2


def test_what_left_the_section_or_the_site_is_forgotten(
    serve: Serve, http: Http, gather: Gather
) -> None:
    """A page that is gone is not kept, one that only fails is."""
    answers: dict[str, Answer] = {
        "/front": http(front(ONE, TWO, PLAIN)),
        ONE: conditional(http, "One", '"1"'),
        TWO: conditional(http, "Two", '"2"'),
        PLAIN: http(story("Plain")),
    }
    url = serve(answers)
    (first,) = gather(SourceRequest("a", f"{url}/front", "webpage"))
    answers |= {"/front": http(front(ONE, TWO)), ONE: http(b"", 410), TWO: http(b"", 503)}
    (again,) = gather(SourceRequest("a", f"{url}/front", "webpage", pages=first.pages))
    assert list(again.pages) == [url + TWO]
    assert [page.article_id for page in again.kept] == [first.articles[1].id]


@pytest.mark.parametrize(
    ("known_for", "since", "left_alone"),
    [(0, 0.9, True), (0, 1.1, False), (5, 4.9, True), (5, 5.1, False)],
)
def test_a_page_without_validators_rests_for_as_long_as_it_is_known(
    known_for: float, since: float, *, left_alone: bool
) -> None:
    """At least an hour: news change early, and less and less."""
    read = NOW - timedelta(hours=since)
    page = KnownPage("a", None, "", "", read - timedelta(hours=known_for), read)
    assert rests(page, NOW, 3600) is left_alone
    assert not rests(replace(page, etag='"1"'), NOW, 3600)
    assert not rests(replace(page, last_modified="then"), NOW, 3600)


@pytest.mark.parametrize(
    "told",
    [
        "per_page must be between 1 (inclusive) and 10 (inclusive)",
        "per_page musi być pomiędzy 1 (włącznie) a 10 (włącznie)",
        "per_page は1 (含む) から10 (含む) の間でなければなりません",
        "per_page 必须介于 1（含）和 10（含）之间",  # noqa: RUF001 - Chinese brackets
        "يجب أن يكون per_page بين 1 (شامل) و 10 (شامل)",
    ],
)
def test_a_size_of_pages_that_a_site_refuses_is_made_the_one_it_names(
    serve: Serve, http: Http, gather: Gather, told: str
) -> None:
    """WordPress says in a 400 how many posts a page may have, in the site's language."""
    params = {"per_page": told}
    words = {"code": "rest_invalid_param", "data": {"status": 400, "params": params}}

    def answer(connection: socket.socket, head: bytes) -> None:
        allowed = b"per_page=10&" in head.split(b"\r\n")[0]
        connection.sendall(http(posts(1)) if allowed else http(json.dumps(words).encode(), 400))

    (result,) = gather(SourceRequest("s", serve({POSTS: answer}), "wordpress"))
    assert [article.title for article in result.articles] == ["Story 1"]
