"""The picture of an article is one that mail programs show and that is about the news."""

from __future__ import annotations

import pytest

from digest.collector.articles.images import Image
from digest.collector.articles.markup import read_fragment
from digest.collector.articles.pictures import best_picture

PAGE = "https://news.example/2026/a/"


@pytest.mark.parametrize(
    "address",
    [
        "https://stats.example/p.php?idsite=8&action_name=A&url=https%3A%2F%2Fnews.example%2F1",
        "https://matomo.example/matomo.php?idsite=8&rec=1",
        "https://news.example/count.gif?id=4",
        "https://cdn.example/favicon-192x192.png",
        "https://cdn.example/img/share_icon.png",
        "https://news.example/avatars/ada-96x96.jpg",
        "https://cdn.example/authors/ada-profile.jpg",
        "https://vg07.met.vgwort.de/na/0123456789",
        "https://cdn.example/a.svg",
        "https://cdn.example/a.avif?w=900",
        "https://cdn.example/a.heic",
        "https://cdn.example/media/7?format=svg",
        "https://counter.example/hit.pl?page=1",
        "undefined",
        "https://cdn.example/media/null",
    ],
)
def test_what_is_never_the_picture(address: str) -> None:
    """Counters, icons, avatars, share buttons, formats that programs leave blank, no address."""
    assert best_picture([Image(address)], PAGE) is None


@pytest.mark.parametrize(
    "style", ["display:none", "width:1px; height:1px", "visibility: hidden", "opacity:0"]
)
def test_a_picture_that_nobody_sees_is_none(style: str) -> None:
    """Whatever its address says."""
    found = read_fragment(f'<p>Words</p><img src="https://a.example/b.jpg" style="{style}">')
    assert best_picture(found.images, PAGE) is None


def test_the_type_that_is_said_counts() -> None:
    """Without an ending, and before it."""
    never = Image("https://cdn.example/media/7", 900, 600, media_type="image/svg+xml")
    assert best_picture([never], PAGE) is None
    webp = Image("https://cdn.example/5.webp", 1200, 800, media_type="image/webp")
    jpeg = Image("https://cdn.example/5", 1000, 667, media_type="image/jpeg")
    found = best_picture([webp, jpeg], PAGE)
    assert found is not None
    assert found.url == jpeg.url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/img/x.jpg", "https://news.example/img/x.jpg"),
        ("x.jpg", "https://news.example/2026/a/x.jpg"),
        ("my photo.jpg", "https://news.example/2026/a/my%20photo.jpg"),
        ("//cdn.example/x.jpg", "https://cdn.example/x.jpg"),
        ("https://cdn.example/show.php?src=x.jpg", "https://cdn.example/show.php?src=x.jpg"),
    ],
)
def test_an_address_is_resolved_against_the_article(written: str, url: str) -> None:
    """Not against the feed's."""
    found = best_picture([Image(written, 900, 600)], PAGE)
    assert found is not None
    assert found.url == url


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<img src="/grey.gif" data-original="/a.jpg">', "/a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-lazyload="/a.jpg">', "/a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-srcset="/s.jpg 300w, /l.jpg 1200w">', "/l.jpg"),
        ('<img src="/a-150x100.jpg" srcset="/a-150x100.jpg 150w, /a-800x533.jpg 800w">',
         "/a-800x533.jpg"),
        ('<img srcset="/huge.jpg 6000w, /l.jpg 1600w">', "/l.jpg"),
        ('<img src="/a.jpg" srcset="/w_424,c_limit/a.jpg 424w, /w_848,c_limit/a.jpg 848w">',
         "/w_848,c_limit/a.jpg"),
        ('<img src="/lead.jpg"><img src="/b.jpg" srcset="/b-1200.jpg 1200w">', "/lead.jpg"),
        ('<img srcset="/a.jpg 1x, /a@2x.jpg 2x">', "/a.jpg"),
        ('<img src="/a.jpg" srcset="/a.webp 1200w">', "/a.jpg"),
        ('<amp-img src="/a.jpg" width="800" height="400"></amp-img>', "/a.jpg"),
        ('<video poster="/a.jpg"></video>', "/a.jpg"),
    ],
)  # fmt: skip
def test_late_and_several_sizes_of_a_picture(markup: str, url: str) -> None:
    """What a script would load, the best for a mail; the first picture stays first."""
    found = best_picture(read_fragment(f"<p>Words</p>{markup}").images, PAGE)
    assert found is not None
    assert found.url == f"https://news.example{url}"


@pytest.mark.parametrize(
    "markup",
    [
        '<img class="avatar avatar-96" src="/p/anna.jpg">',
        '<img class="author-image" src="/p/anna.jpg">',
        '<img class="wp-smiley" src="/p/smile.png">',
        '<img src="/icons/facebook.png" width="64" height="64">',
        '<img src="https://mc.yandex.ru/watch/123">',
        '<img src="https://hm.baidu.com/hm.gif?si=1">',
        '<img src="https://b.hatena.ne.jp/entry/image/https://news.example/a">',
        '<img src="https://www14.a8.net/0.gif?a8mat=1">',
    ],
)
def test_people_buttons_and_counters_beside_an_article(markup: str) -> None:
    """By the class that themes give them, and by the counters of every country."""
    assert best_picture(read_fragment(f"<p>Words</p>{markup}").images, PAGE) is None
