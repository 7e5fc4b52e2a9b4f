"""Whatever a source says, what leaves can be written as UTF-8 and as JSON: issues are frozen so."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collector.articles.clean import Item, Origin, clean, clean_all
from digest.collector.articles.images import Image
from digest.collector.http.document import Document
from digest.collector.parsing.document import ParseRequest, read_document
from digest.models.articles import Article
from digest.models.limits import ParseLimits

ORIGIN = Origin("a", "https://news.example/", datetime(2026, 11, 23, 7, tzinfo=UTC))
# Lone surrogates anywhere: JSON says them as \ud800.
TEXT = st.text(st.characters(), max_size=40) | st.text("\ud800\udfff\ud83d a/:.#?=&<>", max_size=40)


def written(article: Article) -> bytes:
    return json.dumps(asdict(article), default=str, allow_nan=False, ensure_ascii=False).encode()


@given(
    texts=st.lists(TEXT, min_size=9, max_size=9),
    popularity=st.floats() | st.none(),
    minutes=st.integers() | st.none(),
)
def test_every_article_can_be_written(
    texts: list[str], popularity: float | None, minutes: int | None
) -> None:
    """Surrogates, NaN, Infinity and endless integers stop here."""
    url, guid, title, summary, content, name, tag, alt, language = texts
    item = Item(
        url=f"https://news.example/{url}#{tag}",
        guid=guid,
        title=title,
        summary=summary,
        content=content,
        authors=(name,),
        images=(Image(f"https://news.example/{alt}.jpg", None, None, alt),),
        tags=(tag,),
        language=language,
        popularity=popularity,
        reading_minutes=minutes,
    )
    for article in clean_all([item, replace(item, url=f"https://{url}")], ORIGIN):
        assert written(article)
        assert article.reading_minutes is None or article.reading_minutes < 2**31


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), -1.0, 1e300])
def test_what_is_no_figure_is_no_popularity(value: float) -> None:
    """Nothing is said rather than something false."""
    article = clean(Item(url="/a", title="A", popularity=value), ORIGIN)
    assert article is not None
    assert article.popularity is None


def test_json_feeds_with_lone_surrogates_are_read() -> None:
    """The article stays, without the halves of characters."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "F",
        "items": [
            {
                "id": "1\ud800",
                "url": "https://news.example/\ud800a",
                "title": "Ferry \ud83dstays",
                "content_text": "Voters \udfffdecided.",
                "image": "https://news.example/\ud800.jpg",
                "tags": ["har\ud800bour"],
                "authors": [{"name": "Ada\ud800"}],
                "language": "en\ud800",
            }
        ],
    }
    document = Document("https://news.example/feed.json", json.dumps(feed).encode())
    batch = read_document(
        ParseRequest("auto", document, ORIGIN, ParseLimits(max_items=10, max_depth=50))
    )
    (article,) = batch.articles
    assert written(article)
    assert (article.title, article.excerpt, article.tags) == (
        "Ferry stays",
        "Voters decided.",
        ("harbour",),
    )
