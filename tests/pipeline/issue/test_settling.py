"""An article settles until it has not changed for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.config import Settings
from digest.editorial.overlay.wishes import LeadEntry, Overlay, PinWish
from digest.models.articles import Article, KnownArticle
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.issue.settling import sentence, split

AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOML = """
[site]
name = "News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Quay Street"
[mail]
from = "News <digest@news.example>"
transport = "outbox"
[[source]]
id = "a"
url = "https://news.example/feed/"
settle_minutes = 10
[[section]]
id = "news"
title = "News"
sources = ["a"]
[[edition]]
id = "daily"
title = "Daily"
schedule = "0 7 * * *"
sections = ["news"]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    secret = {"DIGEST_SECRET_KEY": "0123456789abcdef0123456789abcdef"}
    return parse_settings(TOML, tmp_path / "digest.toml", secret)


def known(published: datetime | None, updated: datetime | None = None) -> KnownArticle:
    article = Article("1", "a", "https://news.example/1", "One", published=published)
    return KnownArticle(replace(article, updated=updated), AT - 5 * MINUTE, ("a",))


@pytest.mark.parametrize(
    ("article", "waits"),
    [
        (known(AT - 3 * MINUTE), True),
        (known(AT - 30 * MINUTE, AT - 3 * MINUTE), True),
        (known(AT - 3 * MINUTE, AT - 300 * MINUTE), True),
        (known(AT - 10 * MINUTE), False),
        (known(AT - 30 * MINUTE), False),
        (known(None), True),
        (known(AT + MINUTE), False),
    ],
)
def test_by_its_own_change_its_date_or_when_it_was_seen(
    settings: Settings, article: KnownArticle, waits: bool
) -> None:
    """What lies ahead is no matter of settling."""
    told, settling = split(settings, [article], AT, {}, Overlay())
    assert (len(told), len(settling)) == (not waits, waits)


def test_a_first_collect_holds_nothing_back(settings: Settings) -> None:
    """Nor is anything held that editors ask for."""
    article = known(AT - MINUTE)
    assert split(settings, [article], AT, {"a": article.first_seen}, Overlay())[1] == ()
    for overlay in (
        Overlay(pins=(PinWish("o.toml:1", "One"),)),
        Overlay(lead=LeadEntry("o.toml:1", "https://news.example/1")),
    ):
        assert split(settings, [article], AT, {}, overlay)[1] == ()


def test_what_settles_is_said() -> None:
    """By its headlines, the first of them."""
    assert sentence([]) == ""
    words = sentence([known(AT)] * 5)
    assert words.endswith('"One", "One", "One" and 2 more')
