"""Pictures of unknown size: found by when their article was met, and measured once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from digest.models.articles import Article, Picture

if TYPE_CHECKING:
    from digest.store import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST = "https://news.example/1.jpg"


def _article(name: str, picture: Picture | None, published: datetime | None = NOW) -> Article:
    url = f"https://news.example/{name}"
    return Article(name, "feed", url, f"Title {name}", picture=picture, published=published)


def test_pictures_of_unknown_size_are_found_the_newest_first(store: Store) -> None:
    """Of the articles that were met at that moment, undated ones last, as many as were asked."""
    articles = [
        _article("undated", Picture("https://news.example/undated.jpg"), None),
        _article("old", Picture("https://news.example/old.jpg"), NOW - HOUR),
        _article("new", Picture("https://news.example/new.jpg")),
        _article("measured", Picture("https://news.example/measured.jpg", 600, 400)),
        _article("bare", None),
    ]
    store.articles.save("feed", articles, NOW)
    store.articles.save("feed", [_article("later", Picture(FIRST))], NOW + HOUR)
    found = store.articles.unmeasured_pictures(NOW, 9)
    names = [f"https://news.example/{name}.jpg" for name in ("new", "old", "undated")]
    assert list(found.values()) == names
    assert list(store.articles.unmeasured_pictures(NOW, 2).values()) == names[:2]
    assert list(store.articles.unmeasured_pictures(NOW + HOUR, 9).values()) == [FIRST]


def test_a_size_is_written_to_the_article_that_still_has_the_picture(store: Store) -> None:
    """A picture nobody could measure stays unknown; a size is no change of the article."""
    articles = [_article("1", Picture(FIRST)), _article("2", Picture("https://news.example/2.jpg"))]
    store.articles.save("feed", articles, NOW)
    pictures = store.articles.unmeasured_pictures(NOW, 9)
    before = store.articles.state()
    assert store.articles.measured(pictures, {FIRST: (640, 480)}) == 1
    assert store.articles.measured(pictures, {}) == 0
    assert store.articles.state() == before
    sizes = {
        known.article.id: (known.article.picture.width, known.article.picture.height)
        for known in store.articles.window(["feed"], NOW - HOUR, NOW)
        if known.article.picture
    }
    assert sizes == {"1": (640, 480), "2": (None, None)}
    assert list(store.articles.unmeasured_pictures(NOW, 9).values()) == [
        "https://news.example/2.jpg"
    ]


def test_a_size_of_another_picture_is_not_written(store: Store) -> None:
    """The article got a new picture while the old one was looked at."""
    article = _article("1", Picture(FIRST))
    store.articles.save("feed", [article], NOW)
    pictures = store.articles.unmeasured_pictures(NOW, 9)
    other = Picture("https://news.example/other.jpg")
    store.articles.save("feed", [replace(article, picture=other, updated=NOW + HOUR)], NOW + HOUR)
    store.articles.measured(pictures, {FIRST: (640, 480)})
    assert list(store.articles.unmeasured_pictures(NOW, 9).values()) == [other.url]
