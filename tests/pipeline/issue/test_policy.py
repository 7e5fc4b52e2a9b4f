"""An edition's configuration as editorial's plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.config import Settings
from digest.errors import ConfigError
from digest.models.issues import Slot
from digest.pipeline.configured.counters import counter_for
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.issue.policy import plan_of

if TYPE_CHECKING:
    from tests.conftest import SampleToml

Configured = Callable[..., Settings]

SLOT = Slot("daily", "2026-11-23", datetime(2026, 11, 23, 7, tzinfo=UTC))
_EDITION = """
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world"]
link_tags = { utm_source = "digest", utm_medium = "email", utm_campaign = "%s" }
[[popularity]]
id = "views"
kind = "plausible"
site = "news.example"
[[source]]
id = "wire"
url = "https://wire.example/feed"
"""


@pytest.fixture
def configured(tmp_path: Path, sample_toml: SampleToml) -> Configured:
    """Return a maker of settings: the campaign's name, and lines of the section."""

    def make(campaign: str, section: str = "", *, sources: str = '["feed"]') -> Settings:
        text = sample_toml(_EDITION % campaign, section=section)
        text = text.replace('sources = ["feed"]', f"sources = {sources}")
        environment = {"DIGEST_POPULARITY_VIEWS": "k"}
        return parse_settings(text, tmp_path / "digest.toml", environment)

    return make


def test_links_are_tagged_by_edition_and_slot(configured: Configured) -> None:
    """Both stand where their names in braces stand; the counter knows what comes before them."""
    settings = configured("{edition}/{slot}")
    plan = plan_of(settings, settings.edition[0], SLOT)
    assert dict(plan.link_tags) == {
        "utm_source": "digest",
        "utm_medium": "email",
        "utm_campaign": "daily/2026-11-23",
    }
    counter = counter_for(settings.popularity[0], settings)
    assert (counter.own_sources, counter.own_campaigns) == (("digest",), ("daily/",))


def test_a_tag_with_other_braces_is_refused(configured: Configured) -> None:
    """A misspelt name would reach every reader."""
    with pytest.raises(ConfigError, match=r"may hold \{edition\} and \{slot\}"):
        configured("{editon}")


@pytest.mark.parametrize(
    ("sources", "section", "share", "cap"),
    [
        ('["feed"]', "", 0, 0),
        ('["feed", "wire"]', "", 4, 0),
        ('["feed", "wire"]', "per_source = 3", 0, 3),
        ('["feed", "wire"]', "per_source = 0", 0, 0),
        ('["feed", "wire"]', "top = 2\nlatest = 3", 3, 0),
    ],
)
def test_no_source_of_several_fills_a_section(
    configured: Configured, sources: str, section: str, share: int, cap: int
) -> None:
    """Half of the room, unless the section says otherwise; a source alone has all of it."""
    settings = configured("x", section, sources=sources)
    (part,) = plan_of(settings, settings.edition[0], SLOT).sections
    assert (part.source_share, part.per_source) == (share, cap)


def test_a_sections_tags_and_categories_arrive_without_their_spelling(
    configured: Configured,
) -> None:
    """One list of keys, whatever capitals, blanks and hyphens were written."""
    lines = 'exclude_tags = ["Live Blog"]\nexclude_categories = ["Paid-Content"]'
    settings = configured("c", lines)
    (section,) = plan_of(settings, settings.edition[0], SLOT).sections
    assert section.exclude_tags == {"liveblog", "paidcontent"}
