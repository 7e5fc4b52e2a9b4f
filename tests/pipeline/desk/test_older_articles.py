"""What leaves the look-back is not forgotten: its last reason, and what it lost to."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from digest.models.stories import Reason
from digest.pipeline.desk.explaining import explain_issue
from digest.pipeline.issue.composing import compose_issue
from digest.pipeline.issue.slots import edition_named, slot_to_look_at

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

_LATER = timedelta(days=4)


def _four_days_later(newsroom: Newsroom) -> None:
    newsroom.write(14)
    newsroom.send()
    newsroom.now += _LATER
    newsroom.write(3, day=4)


def test_what_expires_is_counted_by_send_and_on_every_page(newsroom: Newsroom) -> None:
    """How many, in which section, and what to do; composing says the same before."""
    _four_days_later(newsroom)
    slot = slot_to_look_at(
        newsroom.store, edition_named(newsroom.settings, "daily"), None, newsroom.now
    )
    composed = compose_issue(newsroom.settings, newsroom.store, slot)
    (said,) = newsroom.send().hints
    assert said in composed.notes
    assert "expired since daily/2026-11-23" in said
    assert '"world" 4 (it shows 8)' in said
    assert "Raise latest or top" in said


def test_every_article_of_the_last_weeks_has_a_row(newsroom: Newsroom) -> None:
    """What was told was told; the rest expired, and it is said what was told instead."""
    _four_days_later(newsroom)
    told = explain_issue(newsroom.settings, newsroom.store, "daily", None, None, newsroom.now)
    rows = {one.article_id: one for one in told.articles}
    first = [rows[f"article-0-{number}"] for number in range(14)]
    reasons = Counter(one.reason for one in first)
    assert reasons == {Reason.EXPIRED: 4, Reason.SENT_BEFORE: 9, Reason.TOO_OLD: 1}
    assert first[0].reason is Reason.TOO_OLD  # merged with the eleventh, which expired
    assert first[0].detail.startswith("merged with another article")
    assert first[10].reason is Reason.EXPIRED
    expired = next(one for one in first if one.reason is Reason.EXPIRED)
    assert "no room up to daily/2026-11-23" in expired.detail
    assert 'lost to "' in expired.detail
    assert expired.sections == ("world",)
    assert {rows[f"article-4-{number}"].reason for number in range(3)} == {Reason.IN}


def test_an_article_that_no_issue_looked_at_says_so(newsroom: Newsroom) -> None:
    """Nothing was sent for weeks: the archive has rows, and none of it has expired."""
    newsroom.now += _LATER
    told = explain_issue(newsroom.settings, newsroom.store, "daily", None, None, newsroom.now)
    assert {one.reason for one in told.articles} == {Reason.TOO_OLD}
    assert {one.detail for one in told.articles} == {"no issue looked at it while it was new"}
