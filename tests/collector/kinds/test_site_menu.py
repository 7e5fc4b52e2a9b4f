"""The menu of a page: its sections, in the newsroom's order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector.kinds.site_menu import page_key, read_menu

SITE = "https://news.example/"
PAGE = """
<body><nav><ul>
<li><a href="/">Home</a></li>
<li><a href="/world/"> World <b>News</b></a></li>
<li><a href="https://www.news.example/sport#top">Sport</a></li>
<li><a href="/world">World again</a></li>
<li><a href="/subscribe/">Subscribe</a></li><li><a href="/about-us/">About</a></li>
<li><a href="https://shop.example/">Shop</a></li>
<li><a href="/2026/11/23/a-story/">A story</a></li>
<li><a href="javascript:void(0)">More</a></li>
<li><a href="/logo.png">Logo</a></li>
</ul></nav>
<footer><nav><a href="/imprint-of-the-house/team/">Team</a><a href="/foot/">Foot</a></nav></footer>
"""


def test_sections_stand_in_the_order_of_the_menu() -> None:
    """Home, services, other hosts, articles and files are no sections; each page counts once."""
    assert [(link.title, link.url) for link in read_menu(PAGE, SITE)] == [
        ("World News", "https://news.example/world/"),
        ("Sport", "https://www.news.example/sport"),
    ]


def test_a_header_is_a_menu_where_there_is_no_nav() -> None:
    """Older sites have only a header, or an element that is called menu."""
    header = '<header><a href="/a/">Politics</a></header><p><a href="/b/">Not this</a>'
    assert [link.title for link in read_menu(header, SITE)] == ["Politics"]
    named = '<div class="main-menu"><a href="/?cat=3">Culture</a></div>'
    assert [link.title for link in read_menu(named, SITE)] == ["Culture"]


def test_a_page_without_menu_has_none() -> None:
    """Links in the text are no menu."""
    assert read_menu('<p><a href="/a/">Politics</a>', SITE) == ()


def test_one_page_has_one_key() -> None:
    """Scheme, www and a closing slash do not make another page; a query does."""
    assert page_key("http://www.news.example/World/") == page_key("https://news.example/world")
    assert page_key("https://news.example/?cat=1") != page_key("https://news.example/?cat=2")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<nav>",
                "</nav>",
                "<ul>",
                '<a href="/x">',
                "<a href=//[>",
                "</a>",
                "Text",
                "<header>",
                "<footer>",
                "</footer>",
                "\x00",
                "<nav role=navigation>",
                '<a href="http://a:b">y',
            ]
        ),
        max_size=60,
    )
)
def test_no_page_crashes_it(parts: list[str]) -> None:
    """However broken the page, links are absolute and of the same site."""
    for link in read_menu("".join(parts), SITE):
        assert link.url.startswith("https://news.example/")
