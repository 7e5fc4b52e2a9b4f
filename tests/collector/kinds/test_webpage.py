"""Web pages: an article's own facts, a section's links, and what a site allows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector import SourceRequest, SourceResult
from digest.collector.articles.clean import Origin, clean_all
from digest.collector.kinds.contract import FetchedPage
from digest.collector.kinds.webpage import parse
from digest.errors import SourceError, SourceUnreachable, SourceUnreadable
from digest.models.limits import DocumentLimits
from digest.models.sources import SourceRules

SITE = "https://site.example/islands/"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMITS = DocumentLimits(max_items=100, max_depth=100)
Serve = Callable[[Mapping[str, bytes]], str]
Http = Callable[..., bytes]
Gather = Callable[..., list[SourceResult]]


def links(*hrefs: str) -> str:
    return "".join(f'<a href="{href}">A headline that is long enough</a>' for href in hrefs)


def story(title: str) -> bytes:
    return f'<html><meta property="og:type" content="article"><title>{title}</title>'.encode()


def test_json_ld_and_open_graph_make_one_article(data: Path) -> None:
    """JSON-LD speaks first, Open Graph fills in; the canonical address has no tracking."""
    reading = parse(FetchedPage(SITE, (data / "article.html").read_text()), LIMITS)
    (article,) = clean_all(reading.items, Origin("s", SITE, NOW, reading.language))
    assert article.url == "https://site.example/2026/11/23/ferry-returns/"
    assert article.title == "Ferry returns to the northern islands"
    assert article.excerpt == "The first crossing since spring carried 212 people & one piano."
    assert article.author == "Ines Calder, Tom Ruiz"
    assert article.published == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    assert article.updated == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert article.picture is not None
    assert (article.picture.width, article.picture.alt) == (1200, "A white ferry at a stone pier")
    assert (article.tags, article.comments, article.language) == (("Islands",), 14, "en")


def test_a_section_names_its_articles() -> None:
    """Dated, numbered or worded addresses of the site; not menus, services, other sites, itself."""
    page = (
        "<html><nav>" + links("/2026/11/01/from-the-menu/") + "</nav><main>"
        + links(
            "/2026/11/23/first/", "/news/second-of-the-many/", "/third-123456", "/2026/11/23/first"
        )
        + links("/islands/", "/about/2026/11/2/us/", "https://other.example/2026/11/23/x/")
        + '<a href="/2026/11/23/short/">More</a><a href="/2026/11/23/pic/"><img src="x"></a></main>'
    )  # fmt: skip
    assert parse(FetchedPage(SITE, page), LIMITS).more == (
        "https://site.example/2026/11/23/first/",
        "https://site.example/news/second-of-the-many/",
        "https://site.example/third-123456",
        "https://site.example/2026/11/23/pic/",
    )


def test_a_list_in_json_ld_comes_first() -> None:
    """What the page itself lists as its articles needs no guess from links."""
    listed = {
        "@type": "ItemList",
        "itemListElement": [{"url": "/b"}, {"item": {"url": "/c"}}, {"item": "/d"}, {"url": 3}],
    }
    page = f'<html><script type="application/ld+json">{json.dumps(listed)}</script>'
    assert parse(FetchedPage(SITE, page + links("/2026/11/23/a/")), LIMITS).more == tuple(
        f"https://site.example{path}" for path in ("/b", "/c", "/d", "/2026/11/23/a/")
    )


def test_a_page_that_is_neither_is_refused() -> None:
    """No facts and no links: say what to do."""
    with pytest.raises(SourceUnreadable, match="links to no articles"):
        parse(FetchedPage(SITE, "<html><p>Words"), LIMITS)


def test_a_canonical_address_elsewhere_is_not_believed() -> None:
    """A page cannot take the place of another site's, nor of its own front page."""
    for elsewhere in ("https://other.example/x", "/", "javascript:x"):
        page = story("T").decode() + f'<link rel="canonical" href="{elsewhere}">'
        assert parse(FetchedPage(SITE, page), LIMITS).items[0].url == SITE


@pytest.mark.parametrize(
    ("canonical", "author"),
    [
        ("https://wire.example/2026/11/ferry/", "wire.example"),
        ("https://www.site.example/2026/11/ferry/", ""),
        ("https://wire.example/", ""),
    ],
)
def test_a_copy_credits_the_site_of_its_original(canonical: str, author: str) -> None:
    """The page's canonical address on another site names that site, and it may be left out."""
    page = story("T").decode() + f'<link rel="canonical" href="{canonical}">'
    items = parse(FetchedPage(SITE, page), LIMITS).items
    (article,) = clean_all(items, Origin("s", SITE, NOW, ""))
    assert article.author == author
    apart = SourceRules(republished="leave out")
    kept = clean_all(items, Origin("s", SITE, NOW, "", rules=apart))
    assert len(kept) == (0 if author else 1)


def test_a_section_is_read_page_by_page(serve: Serve, http: Http, gather: Gather) -> None:
    """In the section's order; a page that is gone or says nothing is left out, and that is said."""
    front = "<html>" + links(
        "/2026/11/23/one/", "/2026/11/23/two/", "/2026/11/23/gone/", "/a-b-c-d"
    )
    url = serve(
        {
            "/front": http(front.encode(), Content_Type="text/html"),
            "/2026/11/23/one/": http(story("One")),
            "/2026/11/23/two/": http(story("Two")),
            "/a-b-c-d": http(b"<html><p>Nothing"),
        }
    )
    (result,) = gather(SourceRequest("s", f"{url}/front", "webpage"))
    assert result.error is None
    assert [article.title for article in result.articles] == ["One", "Two"]
    assert result.notes == ("2 pages without an article's facts, or unread, were left out",)


def test_a_section_whose_pages_say_nothing_is_an_error(
    serve: Serve, http: Http, gather: Gather
) -> None:
    """Nothing to be had from any page is a source that does not work, not a quiet day."""
    url = serve({"/front": http(b"<html>" + links("/a-b-c-d").encode()), "/a-b-c-d": http(b"<p>")})
    (result,) = gather(SourceRequest("s", f"{url}/front", "webpage"))
    assert isinstance(result.error, SourceUnreadable)


def test_robots_are_asked_for_pages(
    serve: Serve, http: Http, gather: Gather, seen: list[bytes]
) -> None:
    """Once a site; what it forbids is never fetched."""
    front = "<html>" + links("/2026/11/23/one/", "/2026/11/23/private/")
    url = serve(
        {
            "/front": http(front.encode()),
            "/robots.txt": http(b"User-agent: *\nDisallow: /*/private\n"),
            "/2026/11/23/one/": http(story("One")),
            "/2026/11/23/private/": http(story("Private")),
        }
    )
    (result,) = gather(SourceRequest("s", f"{url}/front", "webpage"))
    assert [article.title for article in result.articles] == ["One"]
    asked = [head.split(b" ", 2)[1] for head in seen]
    assert asked.count(b"/robots.txt") == 1
    assert b"/2026/11/23/private/" not in asked


@pytest.mark.parametrize(("status", "fine"), [(404, True), (410, True), (503, False)])
def test_a_robots_txt_that_cannot_be_had(
    serve: Serve, http: Http, gather: Gather, status: int, *, fine: bool
) -> None:
    """None allows everything, a site in trouble nothing (RFC 9309 section 2.3.1)."""
    url = serve({"/a": http(story("One")), "/robots.txt": http(b"", status)})
    (result,) = gather(SourceRequest("s", f"{url}/a", "webpage"))
    assert (result.error is None) is fine
    assert fine or isinstance(result.error, SourceUnreachable)


def test_feeds_ask_no_robots(
    serve: Serve, http: Http, gather: Gather, data: Path, seen: list[bytes]
) -> None:
    """A feed is published for programs: one request, whatever robots.txt says."""
    url = serve(
        {
            "/f": http((data / "section.rss").read_bytes()),
            "/robots.txt": http(b"User-agent: *\nDisallow: /"),
        }
    )
    (result,) = gather(SourceRequest("s", f"{url}/f"))
    assert result.error is None
    assert len(seen) == 1


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                '<meta property="og:type" content="article">',
                '<meta property="og:image" content="//[">',
                '<script type="application/ld+json">',
                "</script>",
                '{"@type":',
                '"NewsArticle",',
                '"headline":',
                '"x"',
                "}",
                "[",
                "]",
                '{"@graph":',
                '"image": [{"url": 7}],',
                '"author": {"name": null},',
                "null",
                "<h1>",
                '<a href="/2026/11/23/a/">Long words for a headline',
                "</a>",
                "<link rel=canonical href=x>",
            ]
        ),
        max_size=40,
    )
)
def test_no_page_crashes_it(parts: list[str]) -> None:
    """Whatever a page holds: items, links of the site, or a SourceError."""
    try:
        reading = parse(FetchedPage(SITE, "<html>" + "".join(parts)), LIMITS)
    except SourceError:
        return
    assert all(address.startswith("https://site.example/") for address in reading.more)
    for article in clean_all(reading.items, Origin("s", SITE, NOW)):
        assert article.url.startswith("https://site.example/")


def test_no_more_links_and_facts_are_looked_at_than_allowed() -> None:
    """max_links and max_linked_data end the looking, not the reading."""
    page = "<html><main>" + links(*(f"/2026/11/23/{number}/" for number in range(9)))
    assert len(parse(FetchedPage(SITE, page), replace(LIMITS, max_links=4)).more) == 4
    facts = '{"@type": "Thing"},' * 9 + '{"@type": "NewsArticle", "headline": "Ferry"}'
    page = f'<html><script type="application/ld+json">[{facts}]</script><main>' + links("/2026/1/")
    assert parse(FetchedPage(SITE, page), LIMITS).items[0].title == "Ferry"
    assert parse(FetchedPage(SITE, page), replace(LIMITS, max_linked_data=5)).items == ()


def test_blocks_name_what_the_page_puts_forward() -> None:
    """The links around a heading such as "Most read", wherever the block stands; no others."""
    first, second, third = ("/2026/11/23/first/", "/2026/11/23/second/", "/2026/11/23/third/")
    page = (
        f"<html><main><section><h2>Our picks</h2><ul><li>{links(first)}</li></ul></section>"
        f"<section><h2>Latest</h2>{links(second, third)}</section></main>"
        "<aside><div><h3><a href='/popular/'>Most read</a></h3></div>"
        f"<ol>{links(third)}</ol></aside>"
    )
    reading = parse(FetchedPage(SITE, page), LIMITS)
    site = "https://site.example"
    assert reading.more == (site + first, site + second, site + third)
    assert reading.promoted == {site + first: "Our picks", site + third: "Most read"}


def test_a_heading_over_the_whole_page_is_no_block() -> None:
    """A page that calls itself "Top stories" puts none of them forward."""
    many = links(*(f"/2026/11/23/story-{number}/" for number in range(80)))
    page = f"<html><body><div><h1>Top stories</h1>{many}</div></body>"
    assert parse(FetchedPage(SITE, page), LIMITS).promoted == {}
    page = f"<html><main><h1>Top stories</h1>{links('/2026/11/23/one/')}</main>"
    assert parse(FetchedPage(SITE, page), LIMITS).promoted == {}
