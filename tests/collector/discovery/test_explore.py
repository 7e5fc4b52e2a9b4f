"""A site's address is enough to find its sections."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from digest.collector import Discovery, Limits, discover
from digest.collector.kinds.feed_titles import feed_name
from digest.errors import SourceRefused, SourceUnreachable, SourceUnreadable

Answer = bytes | Callable[[socket.socket, bytes], None]
Serve = Callable[[Mapping[str, Answer]], str]
Http = Callable[..., bytes]


def explore(url: str, limits: Limits) -> Discovery:
    return asyncio.run(discover(url, limits))


def test_wordpress_tells_its_categories(serve: Serve, http: Http, limits: Limits) -> None:
    """Top-level categories with posts, in its order, each with its feed."""
    categories = [
        {
            "id": 1,
            "name": "World &amp; More",
            "slug": "world",
            "count": 9,
            "parent": 0,
            "link": "/category/world/",
        },
        {"id": 2, "name": "Tech", "slug": "tech", "count": 5, "parent": 0},
        {"id": 3, "name": "Phones", "slug": "phones", "count": 4, "parent": 2},
        {"id": 4, "name": "Empty", "slug": "empty", "count": 0, "parent": 0},
        {"id": 5, "name": "Uncategorized", "slug": "uncategorized", "count": 7, "parent": 0},
        "nonsense",
    ]
    url = serve(
        {
            "/": http(b'<html lang="en-GB"><title>Example News | Today</title>'),
            "/wp-json/": http(b'{"name": "Example &#038; News"}'),
            "/wp-json/wp/v2/categories": http(json.dumps(categories).encode()),
        }
    )
    found = explore(url, limits)
    assert (found.name, found.language) == ("Example & News", "en")
    assert [(one.id, one.title, one.feed_url) for one in found.sections] == [
        ("world-more", "World & More", f"{url}/category/world/feed/"),
        ("tech", "Tech", f"{url}/category/tech/feed/"),
    ]


def test_a_page_links_its_feeds(serve: Serve, http: Http, limits: Limits) -> None:
    """Autodiscovery in the head, against the base; feeds of comments are left out."""
    page = (
        b'<html><head><base href="/blog/"><meta property="og:site_name" content="The Paper">'
        b'<link rel="alternate" type="application/rss+xml" title="World" href="world.xml">'
        b'<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="/all.atom">'
        b'<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        b'<link rel="alternate" type="application/rss+xml" href="javascript:x">'
        b'<link rel="alternate" type="text/html" hreflang="fr" href="/fr">'
    )
    url = serve({"/": http(page)})
    found = explore(url, limits)
    assert found.name == "The Paper"
    assert [(one.id, one.feed_url) for one in found.sections] == [
        ("world", f"{url}/blog/world.xml"),
        ("latest", f"{url}/all.atom"),
    ]


def test_habits_are_tried_last(serve: Serve, http: Http, limits: Limits, data: Path) -> None:
    """A site that says nothing may still have its feed where most have it."""
    body = (data / "section.rss").read_bytes()
    url = serve(
        {"/": http(b"<html><title>Paper - x"), "/rss.xml": http(body), "/rss": http(b"<html>")}
    )
    found = explore(url, limits)
    assert found.name == "Paper"
    assert [one.feed_url for one in found.sections] == [f"{url}/rss.xml"]


def test_the_address_of_a_feed_is_taken_as_one(
    serve: Serve, http: Http, limits: Limits, data: Path
) -> None:
    """Whoever gives a feed's address gets that feed."""
    url = serve({"/f": http((data / "section.rss").read_bytes())}) + "/f"
    assert [one.feed_url for one in explore(url, limits).sections] == [url]


def test_a_source_of_any_kind_is_taken_as_what_it_is(
    serve: Serve, http: Http, limits: Limits, data: Path
) -> None:
    """Its kind is written: what comes after the first page is then read too."""
    kinds = {"feed.json": "jsonfeed", "posts.json": "wordpress", "news-sitemap.xml": "sitemap"}
    url = serve({f"/{name}": http((data / name).read_bytes()) for name in kinds})
    for name, kind in kinds.items():
        (found,) = explore(f"{url}/{name}", limits).sections
        assert found.kind == kind


def test_a_feed_of_no_use_is_told_at_once(serve: Serve, http: Http, limits: Limits) -> None:
    """Not by the first run that tries to collect it."""
    comments = b"<rss><channel><item><title>R</title><link>https://a.example/1#comment-9</link>"
    url = serve({"/f": http(comments + b"</item></channel></rss>")}) + "/f"
    with pytest.raises(SourceUnreadable, match="comments") as caught:
        explore(url, limits)
    assert caught.value.where == url
    assert "/feed/" in caught.value.fix


def test_the_menu_gives_categories_their_order(serve: Serve, http: Http, limits: Limits) -> None:
    """Not the number of posts: the newsroom's menu decides, and names what is a section."""
    listed = [
        {"id": number, "name": name, "slug": name.lower(), "count": 100 - number, "parent": parent}
        for number, (name, parent) in enumerate(
            [("Archive", 0), ("Sport", 0), ("Football", 1), ("World", 0)]
        )
    ]
    menu = (
        b'<nav><a href="/category/world/">World</a><a href="/category/football">Football</a>'
        b'<a href="/category/sport/">Sport</a></nav>'
    )
    url = serve({"/": http(menu), "/wp-json/wp/v2/categories": http(json.dumps(listed).encode())})
    found = explore(url, limits)
    assert [one.title for one in found.sections] == ["World", "Football", "Sport"]
    assert found.left_out == ("Archive",)
    assert {one.found_by for one in found.sections} == {"WordPress, menu"}


def test_section_feeds_stand_without_the_whole_sites(
    serve: Serve, http: Http, limits: Limits
) -> None:
    """Titles lose the site's name; the feed of everything goes where sections have their own."""
    feed = '<link rel="alternate" type="application/rss+xml" title="Paper \u00bb {}" href="/{}">'
    names = ["Feed", "Comments Feed", "Sport Category Feed", "World Category Feed"]
    head = "".join(feed.format(name, number) for number, name in enumerate(names))
    menu = '<nav><a href="/world/">World</a><a href="/sport/">Sport</a></nav>'
    page = f'<meta charset="utf-8"><meta property="og:site_name" content="Paper">{head}{menu}'
    url = serve({"/": http(page.encode())})
    assert [(one.title, one.feed_url, one.url) for one in explore(url, limits).sections] == [
        ("World", f"{url}/3", f"{url}/world/"),
        ("Sport", f"{url}/2", f"{url}/sport/"),
    ]


def test_the_pages_of_the_menu_link_their_feeds(serve: Serve, http: Http, limits: Limits) -> None:
    """Where the front page links one feed only, each section's page is asked for its own."""
    whole = '<link rel="alternate" type="application/rss+xml" href="/all.xml">'
    own = whole + '<link rel="alternate" type="application/rss+xml" href="/{}.xml">'
    menu = '<nav><a href="/a/">Arts</a><a href="/b/">Business</a><a href="/c/">Cars</a></nav>'
    url = serve(
        {
            "/": http((whole + menu).encode()),
            "/a/": http(own.format("arts").encode()),
            "/b/": http(own.format("business").encode()),
            "/c/": http(whole.encode()),
        }
    )
    assert [(one.id, one.feed_url) for one in explore(url, limits).sections] == [
        ("arts", f"{url}/arts.xml"),
        ("business", f"{url}/business.xml"),
    ]


def test_pages_of_the_menu_are_opened_as_a_guest(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """What robots.txt forbids is not opened; the front page was asked for by a person."""
    own = '<link rel="alternate" type="application/rss+xml" href="/{}.xml">'
    menu = '<nav><a href="/a/">Arts</a><a href="/b/">Business</a><a href="/c/">Cars</a></nav>'
    url = serve(
        {
            "/": http(menu.encode()),
            "/robots.txt": http(b"User-agent: Digest\nDisallow: /c/\nDisallow: /$"),
            "/a/": http(own.format("arts").encode()),
            "/b/": http(own.format("business").encode()),
            "/c/": http(own.format("cars").encode()),
        }
    )
    assert [one.id for one in explore(url, limits).sections] == ["arts", "business"]
    assert b"/c/" not in [head.split(b" ", 2)[1] for head in seen]


def test_a_news_sitemap_serves_where_there_is_no_feed(
    serve: Serve, http: Http, limits: Limits, data: Path
) -> None:
    """robots.txt names it."""
    body = (data / "news-sitemap.xml").read_bytes()
    robots = b"User-agent: *\nSitemap: /maps/news.xml\n"
    url = serve({"/": http(b"<p>"), "/robots.txt": http(robots), "/maps/news.xml": http(body)})
    (found,) = explore(url, limits).sections
    assert (found.kind, found.feed_url) == ("sitemap", f"{url}/maps/news.xml")


def test_looks_and_counted_views_are_told(serve: Serve, http: Http, limits: Limits) -> None:
    """Colours of the linked sheet, WordPress's site icon, and that it counts views."""
    about = {
        "name": "Paper",
        "site_icon_url": "https://news.example/icon.png",
        "namespaces": ["wp/v2", "wordpress-popular-posts/v1"],
    }
    url = serve(
        {
            "/": http(b'<link rel="stylesheet" href="/style.css">'),
            "/style.css": http(b":root { --accent: #b5411c }"),
            "/wp-json/": http(json.dumps(about).encode()),
        }
    )
    found = explore(url, limits)
    assert (found.accent, found.logo) == ("#b5411c", "https://news.example/icon.png")
    assert found.popularity == "wpp"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss><channel><title><![CDATA[The Paper]]></title>", "The Paper"),
        ("<feed><title type='text'> A &amp;amp; B </title>", "A & B"),
        ('{"version": "x", "title": "Caf\\u00e9"}', "Caf\u00e9"),
        ('{"title": 3}', ""),
        ("", ""),
    ],
)
def test_a_feed_says_its_name(text: str, name: str) -> None:
    """XML and JSON alike."""
    assert feed_name(text) == name


def test_a_site_without_feeds_offers_nothing(serve: Serve, http: Http, limits: Limits) -> None:
    """Nothing found is an answer, not an error."""
    assert explore(serve({"/": http(b"<html>")}), limits).sections == ()


def test_a_site_that_refuses_is_an_error(serve: Serve, http: Http, limits: Limits) -> None:
    """The front page's own error is handed on."""
    with pytest.raises(SourceRefused):
        explore(serve({"/": http(b"", 403)}), limits)


def test_no_more_is_opened_and_found_than_allowed(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """max_explored pages of the menu, max_sections of what they offer, max_stylesheets."""
    names = [f"topic{number}" for number in range(8)]
    menu = "".join(f'<a href="/{name}/">{name}</a>' for name in names)
    sheets = "".join(f'<link rel="stylesheet" href="/{number}.css">' for number in range(8))
    front = f"<html>{sheets}<nav>{menu}</nav>"
    feed = '<link rel="alternate" type="application/rss+xml" href="feed.xml">'
    pages = {f"/{name}/": http(feed.encode()) for name in names}
    url = serve({"/": http(front.encode())} | pages)
    found = explore(url, replace(limits, max_explored=5, max_sections=3, max_stylesheets=1))
    assert [one.title for one in found.sections] == names[:3]
    asked = [head.split(b" ", 2)[1].decode() for head in seen]
    assert sum(path.strip("/") in names for path in asked) == 5
    assert sum(path.endswith(".css") for path in asked) == 1


def test_exploring_has_an_end(serve: Serve, limits: Limits) -> None:
    """A site that drips is given up as a whole, by the name of the limit."""

    def silent(connection: socket.socket, _: bytes) -> None:
        connection.recv(1)

    with pytest.raises(SourceUnreachable, match=r"0\.2 s \(explore_timeout\)"):
        explore(serve({"/": silent}), replace(limits, explore_timeout=0.2))


RSS = (
    b'<rss version="2.0"><channel><title>%s</title><link>/</link>'
    b"<item><title>One</title><link>/1</link></item></channel></rss>"
)


def addresses(found: Discovery, url: str) -> list[tuple[str, str]]:
    return [(one.title, one.feed_url.removeprefix(url)) for one in found.sections]


def test_ghosts_tags_are_its_sections(serve: Serve, http: Http, limits: Limits) -> None:
    """Each has a feed below its page, though no page links it."""
    page = (
        b'<html><head><meta name="generator" content="Ghost 5.96"><title>Gazette</title></head>'
        b'<body><nav><a href="/tag/news/">News</a><a href="/tag/science/">Science</a>'
        b'<a href="/about/">About</a></nav>'
    )
    answers = {f"/tag/{name}/rss/": http(RSS % name.encode()) for name in ("news", "science")}
    url = serve({"/": http(page), "/rss/": http(RSS % b"Gazette"), **answers})
    assert addresses(explore(url, limits), url) == [
        ("News", "/tag/news/rss/"),
        ("Science", "/tag/science/rss/"),
    ]


KEY = "22444f78447824223cefc48062"


def ghost_page(menu: str = "", script: str = "") -> bytes:
    head = '<meta name="generator" content="Ghost 5.96"><title>Gazette</title>'
    return f"<html><head>{head}{script}</head><body><nav>{menu}</nav>".encode()


def ghost_tag(name: str, url: str, posts: int = 3) -> dict[str, object]:
    slug = name.lower()
    link = f"{url}/tag/{slug}/"
    return {"name": name, "slug": slug, "url": link, "count": {"posts": posts}}


@pytest.mark.parametrize(
    ("menu", "sections", "left_out"),
    [
        ("", ["News", "Science", "Sport"], ()),
        (
            '<a href="/tag/science/">Science</a><a href="/tag/news/">News</a>',
            ["Science", "News"],
            ("Sport",),
        ),
    ],
)
def test_ghost_tells_its_tags_by_the_key_on_its_page(
    serve: Serve, http: Http, limits: Limits, menu: str, sections: list[str], left_out: object
) -> None:
    """Every tag with posts, or those of the menu in its order; each is read by the Content API."""
    asked: list[bytes] = []

    def tags(line: socket.socket, head: bytes) -> None:
        asked.append(head)
        known = [ghost_tag(name, url) for name in ("News", "Science", "Sport")]
        known.append(ghost_tag("Empty", url, posts=0))
        line.sendall(http(json.dumps({"tags": known}).encode()))

    script = f'<script defer data-key="{KEY}" data-ghost="/" src="/search.js"></script>'
    posts = http(json.dumps({"posts": []}).encode())
    url = serve({
        "/": http(ghost_page(menu, script)),
        "/ghost/api/content/tags/": tags,
        "/ghost/api/content/posts/": posts,
    })  # fmt: skip
    found = explore(url, limits)
    assert [one.title for one in found.sections] == sections
    assert found.left_out == left_out
    first = found.sections[0]
    tag = first.title.lower()
    assert first.kind == "ghost"
    assert first.feed_url == f"{url}/ghost/api/content/posts/?key={KEY}&filter=tag:{tag}"
    assert f"key={KEY}".encode() in asked[0]


@pytest.mark.parametrize(
    "script",
    [
        f'<script data-key="{KEY}" data-api="https://other.example/ghost/api/content/"></script>',
        '<script data-key="no key at all"></script>',
        "",
    ],
)
def test_ghost_without_a_key_of_its_own_is_read_by_its_feeds(
    serve: Serve, http: Http, limits: Limits, script: str
) -> None:
    """Another site's API is not asked because a page says so."""
    menu = '<a href="/tag/news/">News</a><a href="/tag/science/">Science</a>'
    answers = {f"/tag/{name}/rss/": http(RSS % name.encode()) for name in ("news", "science")}
    url = serve({"/": http(ghost_page(menu, script)), **answers})
    assert {one.kind for one in explore(url, limits).sections} == {"feed"}


@pytest.mark.parametrize(
    ("generator", "place"),
    [
        ("Hugo 0.140", "/{}/index.xml"),
        ("Joomla! - Open Source Content Management", "/{}?format=feed&type=rss"),
        ("Drupal 10 (https://www.drupal.org)", "/{}/feed"),
        ("Squarespace", "/{}?format=rss"),
        ("Jekyll v4.3", "/{}/feed.xml"),
        ("TYPO3 CMS", "/{}?type=9818"),
        ("Plone - https://plone.org", "/{}/RSS"),
        ("WordPress 6.7", "/{}/feed/"),
    ],
)
def test_software_keeps_feeds_where_it_does(
    serve: Serve, http: Http, limits: Limits, generator: str, place: str
) -> None:
    """A section's feed is looked for below its page, or by a parameter, by what made the site."""
    page = (
        f'<html><head><meta name="generator" content="{generator}"><title>Paper</title></head>'
        '<body><nav><a href="/economy">Economy</a><a href="/health">Health</a></nav>'
    )
    answers = {place.format(name): http(RSS % b"x") for name in ("economy", "health")}
    url = serve({"/": http(page.encode()), **answers})
    assert addresses(explore(url, limits), url) == [
        ("Economy", place.format("economy")),
        ("Health", place.format("health")),
    ]


def test_feeds_are_linked_anywhere_in_a_page(serve: Serve, http: Http, limits: Limits) -> None:
    """In a footer, by the link's words or by the feed's own title; pages are none."""
    page = (
        b"<html><title>Tribune</title><nav><a href='/local/'>Local</a></nav><footer>"
        b"<a href='/feeds/local.rss'>Local</a><a href='/feeds/sport.rss'>RSS</a>"
        b"<a href='/feeds/all.rss'>RSS</a><a href='/feed/'>Feeds</a></footer>"
    )
    url = serve(
        {
            "/": http(page),
            "/feeds/local.rss": http(RSS % b"x"),
            "/feeds/sport.rss": http(RSS % b"Tribune: Sport"),
            "/feeds/all.rss": http(RSS % b"Tribune"),
            "/feed/": http(b"<html>Our feeds"),
        }
    )
    assert addresses(explore(url, limits), url) == [
        ("Local", "/feeds/local.rss"),
        ("Sport", "/feeds/sport.rss"),
    ]


def test_a_feed_is_written_where_it_moved_for_good(
    serve: Serve, http: Http, limits: Limits
) -> None:
    """A redirect for now is not."""
    page = (
        b"<html><title>Mail</title>"
        b'<link rel="alternate" type="application/rss+xml" title="World" href="/w">'
        b'<link rel="alternate" type="application/rss+xml" title="Tech" href="/t">'
    )
    url = serve(
        {
            "/": http(page),
            "/w": http(b"", 301, Location="/world.xml"),
            "/t": http(b"", 302, Location="/tech.xml"),
            "/world.xml": http(RSS % b"World"),
            "/tech.xml": http(RSS % b"Tech"),
        }
    )
    assert addresses(explore(url, limits), url) == [("World", "/world.xml"), ("Tech", "/t")]


def test_a_feed_behind_a_front_page_that_refuses(serve: Serve, http: Http, limits: Limits) -> None:
    """It is found at a usual address; without one the refusal says what to do."""
    refusal = http(b"<html>Attention", 403)
    url = serve({"/": refusal, "/feed/": http(RSS % b"Half Guarded")})
    found = explore(url, limits)
    assert (found.name, addresses(found, url)) == ("Half Guarded", [("Latest", "/feed/")])
    with pytest.raises(SourceRefused, match=r"user_agent under \[collector\]"):
        explore(serve({"/": refusal}), limits)


@pytest.mark.parametrize(
    "title",
    ["Paper \u00bb World \u306e\u30d5\u30a3\u30fc\u30c9", "Paper World \ud53c\ub4dc",
     "Paper | World RSS-\u043b\u0435\u043d\u0442\u0430", "Paper \u00bb World \u8ba2\u9605"],
)  # fmt: skip
def test_the_word_for_feed_is_no_part_of_a_section(
    serve: Serve, http: Http, limits: Limits, title: str
) -> None:
    """In languages that set no blank before it, too."""
    link = '<link rel="alternate" type="application/rss+xml" title="{}" href="/{}">'
    page = "<html><meta charset=utf-8><title>Paper</title>" + link.format(title, "w")
    page += link.format(title.replace("World", "Tech"), "t")
    url = serve({"/": http(page.encode())})
    titles = [one.title.removeprefix("Paper ") for one in explore(url, limits).sections]
    assert titles == ["World", "Tech"]
