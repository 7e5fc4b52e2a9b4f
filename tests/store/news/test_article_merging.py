"""Merging copies of one article: laws, and who speaks first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from digest.models.articles import Article, Picture
from digest.store.news.article_merging import merge

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 7, tzinfo=UTC)

FULL = Article(
    "1",
    "feed",
    "https://news.example/1",
    "Title",
    excerpt="Excerpt",
    author="Author",
    published=MONDAY,
    updated=MONDAY,
    picture=Picture("https://news.example/1.jpg"),
    tags=("tag",),
    comments=3,
    popularity=2.0,
)

_words = st.sampled_from(["", "a", "b"])
_times = st.sampled_from([None, MONDAY, TUESDAY])
_articles = st.builds(
    Article,
    id=st.just("1"),
    source_id=st.sampled_from(["feed", "other"]),
    url=_words,
    title=_words,
    excerpt=_words,
    excerpt_html=_words,
    published=_times,
    updated=_times,
    picture=st.sampled_from([None, Picture("a"), Picture("b")]),
    tags=st.sampled_from([(), ("a",)]),
    comments=st.sampled_from([None, 0, 5]),
)


def test_a_later_copy_of_the_same_source_is_heard() -> None:
    """Its title replaces the old one; what it leaves out stays."""
    later = Article("1", "feed", "https://news.example/1", "Better", updated=TUESDAY, comments=9)
    merged = merge(FULL, later)
    assert (merged.title, merged.comments, merged.updated) == ("Better", 9, TUESDAY)
    assert (merged.excerpt, merged.picture, merged.tags) == (FULL.excerpt, FULL.picture, FULL.tags)


def test_an_older_copy_changes_no_words() -> None:
    """A stale cache does not undo a correction."""
    older = replace(FULL, title="Old", updated=datetime(2026, 1, 1, tzinfo=UTC))
    assert merge(FULL, older).title == "Title"


def test_another_source_only_fills_gaps() -> None:
    """However new it is, it does not rename the article, nor count on its own scale."""
    other = replace(FULL, source_id="other", title="Theirs", updated=TUESDAY, popularity=99.0)
    merged = merge(replace(FULL, author=""), other)
    assert (merged.title, merged.author, merged.popularity) == ("Title", "Author", 2.0)
    assert merged.source_id == "feed"


def test_an_excerpt_and_its_html_are_always_of_one_copy() -> None:
    """A newer text without marks takes the older one's away; no text at all takes nothing."""
    known = replace(FULL, excerpt="Big news", excerpt_html="<b>Big</b> news")
    later = replace(FULL, excerpt="Bigger news", updated=TUESDAY)
    silent = replace(later, excerpt="")
    assert merge(known, later).excerpt_html == ""
    assert merge(known, silent).excerpt_html == "<b>Big</b> news"


@given(_articles, _articles)
def test_merging_never_loses_what_is_known(known: Article, met: Article) -> None:
    """What was not empty is not empty afterwards, and the identity stays."""
    merged = merge(known, met)
    assert (merged.id, merged.source_id) == (known.id, known.source_id)
    for name in ("url", "title", "excerpt", "published", "picture", "tags"):
        assert getattr(merged, name) or not (getattr(known, name) or getattr(met, name))
    said = (merged.excerpt, merged.excerpt_html)
    assert said in {(copy.excerpt, copy.excerpt_html) for copy in (known, met)}
    if known.comments is not None:
        assert merged.comments is not None


@given(_articles, _articles)
def test_merging_the_same_copy_again_changes_nothing(known: Article, met: Article) -> None:
    """Collecting twice is collecting once."""
    once = merge(known, met)
    assert merge(once, once) == once
    assert merge(merge(known, known), known) == merge(known, known)


def test_a_size_that_was_looked_up_stays_with_its_picture_alone() -> None:
    """A feed that tells no size does not take it away; another picture does not get it."""
    looked_up = replace(FULL, picture=Picture("https://news.example/1.jpg", 600, 400))
    again = replace(FULL, picture=Picture("https://news.example/1.jpg"))
    other = replace(FULL, picture=Picture("https://news.example/2.jpg"))
    smaller = replace(FULL, picture=Picture("https://news.example/1.jpg", 300, 200))
    assert merge(looked_up, again).picture == looked_up.picture
    assert merge(looked_up, other).picture == other.picture
    assert merge(looked_up, smaller).picture == smaller.picture
