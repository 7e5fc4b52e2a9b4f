"""RSS, RDF and Atom give everything they carry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest

from digest.collector.articles.clean import Origin, clean_all
from digest.collector.http.document import decode
from digest.collector.kinds.contract import FetchedPage
from digest.collector.kinds.feed import parse
from digest.errors import SourceUnreadable
from digest.models.articles import Article
from digest.models.limits import DocumentLimits

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BASE = "https://news.example/category/world-news/feed/"

PICTURE = "https://site.example/pictures/ferry.jpg"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "thr": "http://purl.org/syndication/thread/1.0",
    }.items()
)


def articles(text: str, max_items: int = 100) -> tuple[Article, ...]:
    reading = parse(FetchedPage(BASE, text), DocumentLimits(max_items=max_items, max_depth=100))
    return clean_all(reading.items, Origin("s", BASE, NOW, reading.language))


def rss(items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel><title>x</title>{head}{items}</channel></rss>'


def item(number: int, extra: str = "") -> str:
    link = f"https://news.example/{number}"
    return f"<item><title>T{number}</title><link>{link}</link>{extra}</item>"


def test_rss_of_wordpress(data: Path) -> None:
    """Author, section, comments, picture, clean excerpt and address, from every namespace."""
    ferry, second = articles((data / "section.rss").read_text())
    assert ferry.url == "https://news.example/2026/11/ferry/"
    assert ferry.excerpt == (
        "Residents turned out in record numbers. "
        "The council had wanted to close the line in spring."
    )
    assert (ferry.author, ferry.comments, ferry.language) == ("Ada Quill", 17, "en")
    assert ferry.tags == ("World News", "Transport")
    assert ferry.published == datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
    assert ferry.picture is not None
    assert ferry.picture.url == "https://news.example/ferry-1200x800.jpg"
    assert (ferry.picture.width, ferry.picture.height) == (1200, 800)
    assert second.url == "https://news.example/2026/11/second/"
    assert second.published == datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    assert second.picture is not None
    assert second.picture.url == "https://news.example/second.jpg"


def test_atom(data: Path) -> None:
    """Escaped HTML in a title, both dates, label before term, thread total and language."""
    (bridge,) = articles((data / "notes.atom").read_text())
    assert bridge.title == "Br\u00fccke gesperrt"
    assert bridge.published == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    assert bridge.updated == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    assert (bridge.author, bridge.tags, bridge.comments) == ("Eva Muster", ("Lokales",), 4)
    assert bridge.language == "de"
    assert bridge.picture is not None


def test_rdf_in_latin_1(data: Path) -> None:
    """RSS 1.0 in the encoding that it declares."""
    (summer,) = articles(decode((data / "old.rdf").read_bytes()))
    assert (summer.title, summer.author, summer.language) == (
        "L'\u00e9t\u00e9 arrive",
        "Zo\u00eb Exemple",
        "fr",
    )


def test_a_path_is_never_opened() -> None:
    """Text that looks like a path is read as text, though feedparser would open a file for it."""
    with pytest.raises(SourceUnreadable):
        articles("/etc/passwd")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda text: "\n\n" + text, 2),
        (lambda text: "This XML file does not appear to have any style\n" + text, 2),
        (lambda text: text.replace("T1", "A &nbsp; & B"), 2),
        (lambda text: text.replace("T1", "\x0b\x00T1&#11;"), 2),
        (lambda text: text[: text.rindex("</item>")], 1),
        (lambda text: text.replace("</channel></rss>", ""), 2),
        (lambda text: text.replace("<item><title>T2", "<item><item><title>T2"), 2),
    ],
)
def test_what_newsrooms_get_wrong_is_read(damage: object, found: int) -> None:
    """Blanks, banners, bare ampersands, controls and missing ends cost no whole item."""
    assert callable(damage)
    assert len(articles(damage(rss(item(1) + item(2))))) == found


def test_a_comment_feed_is_refused() -> None:
    """Readers' comments are not news."""
    comments = "".join(
        f"<item><title>By: x</title><link>https://a.example/p/#comment-{n}</link></item>"
        for n in range(5)
    )
    with pytest.raises(SourceUnreadable, match="comments"):
        articles(rss(comments))


def test_a_podcast_is_refused_but_an_episode_is_not() -> None:
    """A feed of audio files is refused; one among articles is an article."""
    audio = '<enclosure url="https://a.example/a.mp3" type="audio/mpeg" length="1"/>'
    with pytest.raises(SourceUnreadable, match="podcast"):
        articles(rss(item(1, audio) + item(2, audio)))
    assert len(articles(rss(item(1, audio) + item(2) + item(3)))) == 3


DURATION = (
    "<description>What the council said about the ferries.</description>"
    '<d:duration xmlns:d="http://www.itunes.com/dtds/podcast-1.0.dtd">31:00</d:duration>'
)
ENCLOSED = (
    '<e:enclosure xmlns:e="http://purl.oclc.org/net/rss_2.0/enc#" url="https://a.example/p.jpg" '
    'type="image/jpeg"/>'
)


@pytest.mark.parametrize(
    "more",
    [
        "",
        "<description>In this episode we talk of ferries and of the winter.</description>",
        "<description>Words https://a.example/a.mp3 to hear</description>",
        DURATION,
    ],
)
def test_a_podcast_has_nothing_to_read(more: str) -> None:
    """No text, notes to an episode, a link to the recording, or a podcast's own marks."""
    audio = '<enclosure url="https://a.example/a.mp3" type="audio/mpeg" length="1"/>'
    with pytest.raises(SourceUnreadable, match="podcast"):
        articles(rss(item(1, audio + more) + item(2, audio + more)))


def test_a_read_aloud_file_makes_no_podcast() -> None:
    """An article that can be heard too is an article."""
    audio = '<enclosure url="https://a.example/a.mp3" type="audio/mpeg" length="1"/>'
    text = "<description>The council keeps both libraries open.</description>"
    assert len(articles(rss(item(1, audio + text) + item(2, audio + text)))) == 2


@pytest.mark.parametrize(
    "image",
    ["<image><url>\n https://a.example/p.jpg </url></image>", "<image>https://a.example/p.jpg</image>",
     ENCLOSED],
)  # fmt: skip
def test_an_items_own_image_is_its_picture(image: str) -> None:
    """However RSS writes it."""
    (article,) = articles(rss(item(1, image)))
    assert article.picture is not None
    assert article.picture.url == "https://a.example/p.jpg"


def test_the_same_article_twice_is_one() -> None:
    """Tracking, fragments and schemes do not make another article."""
    twice = item(1) + item(1).replace("/1<", "/1?utm_source=a#comments<").replace("https", "http")
    assert len(articles(rss(twice))) == 1


def test_entries_of_one_page_stay_apart() -> None:
    """Where only the fragment tells entries apart, it is kept."""
    found = articles(rss(item(1).replace("/1<", "/1#a<") + item(1).replace("/1<", "/1#b<")))
    assert [article.url[-2:] for article in found] == ["#a", "#b"]
    assert found[0].id != found[1].id


def test_shells_are_dropped_and_guids_count() -> None:
    """An item without words or identity is nothing; a guid alone can be both."""
    found = articles(
        rss(
            "<item></item><item><title>no identity</title></item>"
            "<item><guid>https://a.example/g</guid><title>g</title></item>"
            "<item><guid isPermaLink='false'>17</guid><title>h</title></item>"
        )
    )
    assert [article.url for article in found] == ["https://a.example/g", ""]


def test_a_bad_title_is_made_harmless() -> None:
    """Line breaks, script, length and overrides do not leave the collector."""
    title = "Win\r\nBcc: x &lt;script&gt;alert(1)&lt;/script&gt; \u202egnp " + "word " * 2500
    (article,) = articles(rss(item(1).replace("T1", title)))
    assert len(article.title) <= 300
    assert article.title.startswith("Win Bcc: x gnp word")
    assert article.title.endswith("\u2026")


@pytest.mark.parametrize("guid", ["https://site.example/own/", "tag:own", ""])
def test_related_links_are_not_the_articles_own(guid: str) -> None:
    """Some feeds add atom:link elements for what an article is related to, with no rel at all."""
    related = '<atom:link href="https://site.example/related-{}/" title="More"/>'
    text = (
        '<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><item><title>Own</title>'
        f"<guid>{guid}</guid><link>https://site.example/own/</link>"
        f"{related.format(1)}{related.format(2)}</item></channel></rss>"
    )
    (item,) = parse(
        FetchedPage("https://site.example/feed", text), DocumentLimits(max_items=10, max_depth=50)
    ).items
    assert item.url == "https://site.example/own/"


def test_every_namespace_that_tells_of_an_article_is_read() -> None:
    """Author, picture, categories and comments, whichever extension says them."""
    said = {
        "author": [
            "<dc:creator>Ada Osei</dc:creator>",
            "<author>desk@site.example (Ada Osei)</author>",
            "<itunes:author>Ada Osei</itunes:author>",
            "<atom:author><atom:name>Ada Osei</atom:name></atom:author>",
        ],
        "picture": [
            f'<media:content url="{PICTURE}" medium="image" width="1200" height="800"/>',
            f'<media:group><media:content url="{PICTURE}" type="image/jpeg"/></media:group>',
            f'<media:thumbnail url="{PICTURE}" width="1200" height="800"/>',
            f'<enclosure url="{PICTURE}" type="image/jpeg" length="1"/>',
            f'<atom:link rel="enclosure" type="image/jpeg" href="{PICTURE}"/>',
            f'<itunes:image href="{PICTURE}"/>',
            f"<content:encoded>&lt;img src='{PICTURE}' width='1200'&gt;</content:encoded>",
            f"<description>&lt;img src='{PICTURE}' width='1200'&gt; Words</description>",
        ],
        "tags": [
            "<category>Harbour</category>",
            "<dc:subject>Harbour</dc:subject>",
            "<media:category>Harbour</media:category>",
            "<media:keywords>Harbour</media:keywords>",
            '<atom:category term="h" label="Harbour"/>',
        ],
        "comments": ["<slash:comments>7</slash:comments>", "<thr:total>7</thr:total>"],
    }
    wanted = {"author": "Ada Osei", "picture": PICTURE, "tags": ("Harbour",), "comments": 7}
    origin = Origin("s", "https://site.example/", NOW)
    for name, spellings in said.items():
        for spelling in spellings:
            head = f"<rss version='2.0' {NAMESPACES}><channel><item><title>T</title>"
            text = f"{head}<link>https://site.example/1</link>{spelling}</item></channel></rss>"
            reading = parse(
                FetchedPage("https://site.example/feed", text),
                DocumentLimits(max_items=10, max_depth=50),
            )
            (article,) = clean_all(reading.items, origin)
            found = getattr(article, name)
            said_so = found.url if name == "picture" and found else found
            assert said_so == wanted[name], spelling


@pytest.mark.parametrize(
    "said",
    [
        "Ada Osei",
        "desk@site.com (Ada Osei)",
        "desk@site.media (Ada Osei)",
        "Ada Osei &lt;desk@site.media&gt;",
        "Ada Osei (desk@site.online)",
        "Ada Osei desk@site.online",
    ],
)
def test_a_name_beside_a_mail_address_of_any_ending(said: str) -> None:
    """Endings of more than four letters are endings too."""
    (article,) = articles(rss(item(1, f"<author>{said}</author>")))
    assert article.author == "Ada Osei"


@pytest.mark.parametrize("said", ["desk@site.com", "desk@site.media"])
def test_a_bare_mail_address_is_no_name(said: str) -> None:
    """Nor is a part of it."""
    (article,) = articles(rss(item(1, f"<author>{said}</author>")))
    assert article.author == ""


@pytest.mark.parametrize(
    ("attribute", "base"),
    [
        ("", "https://news.example/1"),
        ("xml:base='https://text.example/in/'", "https://text.example/in/"),
    ],
)
def test_a_relative_address_is_relative_to_the_article(attribute: str, base: str) -> None:
    """Or to what the feed says; never to the feed, whose folder no newsroom writes links for."""
    html = "<![CDATA[It stays in <a href='port'>the port</a>. <img src='ferry.jpg' width=800>]]>"
    text = rss(item(1, f"<description {attribute}>{html}</description>"))
    (found,) = articles(text)
    assert f'<a href="{urljoin(base, "port")}">' in found.excerpt_html
    assert found.picture is not None
    assert found.picture.url == urljoin(base, "ferry.jpg")


@pytest.mark.parametrize(
    ("source", "author"),
    [
        ("https://other.example/", "The Other"),
        ("https://news.example/rss", ""),
        ("https://feeds.news.example/rss", ""),
    ],
)
def test_an_aggregators_item_is_credited_to_its_source(source: str, author: str) -> None:
    """As Google News writes it: behind the headline, and in <source>; a site is not its own."""
    text = rss(
        "<item><title>Ferry reopens today - The Other</title><link>https://news.example/1</link>"
        f'<source url="{source}">The Other</source></item>'
    )
    (read,) = articles(text)
    assert read.author == author
    assert read.title == ("Ferry reopens today" if author else "Ferry reopens today - The Other")


@pytest.mark.parametrize(
    ("attributes", "is_picture"),
    [
        ('url="https://cdn.example/photo/123/456"', True),
        ('url="https://cdn.example/FOTO.JPG" type="application/octet-stream"', True),
        ('url="https://cdn.example/foto.jpg" type="jpg"', True),
        ('url="https://www.youtube.com/embed/123"', False),
        ('url="https://cdn.example/clip" medium="video"', False),
        ('url="https://cdn.example/clip.mp4"', False),
        ('url="https://cdn.example/foto.jpg" type="text/html"', False),
    ],
)
def test_media_without_a_proper_type_may_be_a_picture(attributes: str, *, is_picture: bool) -> None:
    """By its ending, or where nothing says that it is played."""
    text = rss(item(1, f"<media:content {attributes}/>")).replace("<rss", f"<rss {NAMESPACES}")
    (read,) = articles(text)
    assert (read.picture is not None) is is_picture


def test_a_link_without_its_scheme_is_a_host() -> None:
    """A person who writes "www.news.example/a" means no folder."""
    (read,) = articles(rss("<item><title>T</title><link>www.news.example/a/b</link></item>"))
    assert read.url == "https://www.news.example/a/b"


@pytest.mark.parametrize(
    ("summary", "excerpt"),
    [
        ("1 &lt; 2 and &lt;b&gt; stays here", "1 < 2 and <b> stays here"),
        ("&lt;p&gt;Bonjour le &lt;b&gt;monde&lt;/b&gt;&lt;/p&gt;", "Bonjour le monde"),
    ],
)
def test_an_atom_summary_of_text_is_text_unless_it_closes_its_tags(
    summary: str, excerpt: str
) -> None:
    """RFC 4287 section 3.1.1.1; many feeds leave the type out and write HTML."""
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>T</title>'
        f'<id>tag:x,1</id><link href="https://news.example/a"/><summary>{summary}</summary>'
        "</entry></feed>"
    )
    (read,) = articles(text)
    assert read.excerpt == excerpt
