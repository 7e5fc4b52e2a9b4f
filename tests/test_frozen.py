"""Frozen issues: the same bytes for the same issue, and back again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import StoreError
from digest.frozen import VERSION, digest_of, freeze, thaw
from digest.models.articles import Article, Picture
from digest.models.issues import Issue, IssueSection, Slot
from digest.models.site import SiteFacts
from digest.models.stories import Story

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
MOMENT = st.datetimes(timezones=st.just(UTC))
FIGURE = st.floats(allow_nan=False, allow_infinity=False)
ARTICLE = st.builds(
    Article,
    id=TEXT,
    source_id=TEXT,
    url=TEXT,
    title=TEXT,
    excerpt_html=TEXT,
    published=st.none() | MOMENT,
    picture=st.none() | st.builds(Picture, url=TEXT, width=st.none() | st.integers(), alt=TEXT),
    tags=st.lists(TEXT, max_size=2).map(tuple),
    comments=st.none() | st.integers(),
    popularity=st.none() | FIGURE,
)
STORY = st.builds(
    Story,
    id=TEXT,
    article=ARTICLE,
    also=st.lists(ARTICLE, max_size=2).map(tuple),
    sections=st.lists(TEXT, max_size=2).map(tuple),
    score=FIGURE,
    date=st.none() | MOMENT,
)
NAMES = st.lists(TEXT, max_size=3).map(tuple)
SECTION = st.builds(
    IssueSection,
    id=TEXT,
    title=TEXT,
    url=TEXT,
    top=st.integers(0, 9),
    latest=st.integers(0, 9),
    by_score=NAMES,
    by_date=NAMES,
    scores=st.lists(FIGURE, max_size=3).map(tuple),
)
ISSUE = st.builds(
    Issue,
    slot=st.builds(Slot, edition=TEXT, key=TEXT, at=MOMENT),
    edition_title=TEXT,
    timezone=TEXT,
    language=TEXT,
    theme=TEXT,
    site=st.builds(SiteFacts, name=TEXT, url=TEXT, public_url=TEXT, postal_address=TEXT),
    from_header=TEXT,
    subject=TEXT,
    preheader=TEXT,
    sections=st.lists(SECTION, max_size=2).map(tuple),
    stories=st.lists(STORY, max_size=2).map(tuple),
)


@pytest.fixture
def issue() -> Issue:
    """Return an issue of one story."""
    at = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    article = Article("a", "world", "https://news.example/a", "Ünïcode \u2028", published=at)
    return Issue(
        slot=Slot("daily", "2026-11-23", at),
        edition_title="Daily",
        timezone="UTC",
        language="en",
        theme="frontpage",
        site=SiteFacts("News", "https://news.example", "https://digest.news.example", "1 Street"),
        from_header="News <digest@news.example>",
        subject="{{ lead.title }}",
        preheader="",
        sections=(),
        stories=(Story("a", article, date=at - timedelta(hours=1)),),
    )


@settings(deadline=None, max_examples=60)
@given(ISSUE)
def test_an_issue_comes_back_as_it_went_in(whole: Issue) -> None:
    """Freezing and thawing changes nothing, and freezing again gives the same bytes."""
    frozen = freeze(whole)
    assert thaw(frozen.json) == whole
    assert freeze(thaw(frozen.json)) == frozen


def test_the_bytes_are_canonical_ascii_and_their_sum_is_recorded(issue: Issue) -> None:
    """Sorted keys, no blanks, ASCII: the sum is the same on every machine."""
    frozen = freeze(issue)
    assert frozen.json.isascii()
    assert frozen.json == json.dumps(json.loads(frozen.json), sort_keys=True, separators=(",", ":"))
    assert frozen.sha256 == digest_of(frozen.json)
    assert len(frozen.sha256) == 64


def test_another_version_is_refused_by_name(issue: Issue) -> None:
    """A later Digest does not guess what an older one meant."""
    text = freeze(issue).json.replace(f'"version":{VERSION}', '"version":99')
    with pytest.raises(StoreError, match="version 99"):
        thaw(text)


def test_an_issue_frozen_before_excerpts_were_html_is_read(issue: Issue) -> None:
    """What was approved before an upgrade is sent after it, with plain excerpts."""
    older = freeze(issue).json.replace('"excerpt_html":"",', "")
    assert "excerpt_html" not in older
    assert thaw(older) == issue


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version":1,"issue":{"slot":3}}', "\ud800"])
def test_what_is_no_frozen_issue_is_refused(text: str) -> None:
    """Damaged text gives a clear error, never half an issue."""
    with pytest.raises(StoreError, match="cannot be read"):
        thaw(text)


def test_what_would_not_come_back_is_not_written(issue: Issue) -> None:
    """Half of a surrogate pair has no bytes, and JSON has no figure that is not a number."""
    nameless = replace(issue.stories[0], score=float("nan"))
    for bad in (replace(issue, edition_title="\ud800"), replace(issue, stories=(nameless,))):
        with pytest.raises(StoreError, match="cannot be written"):
            freeze(bad)
