"""`digest test` always has something to send, and a dry run says all of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from digest.pipeline.issue.slots import named_slot
from digest.pipeline.schedule.run import Runner, RunOrder
from digest.pipeline.sending.order import SendOrder
from digest.pipeline.sending.testing import TestOrder, TestReport, send_test_issue
from digest.pipeline.sending.trial import trial_of
from digest.store import open_store
from subscribers.lifecycle import Suppressed

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


def test_where_nothing_is_new_the_last_issue_is_sent_and_says_so(newsroom: Newsroom) -> None:
    """The subject is marked, and the report names the issue."""
    newsroom.send()
    newsroom.mailbox.kept.clear()
    report = _test(newsroom)
    ((to, data),) = newsroom.mailbox.kept
    subject = str(message_from_bytes(data, policy=policy.default)["Subject"])
    assert (to, subject[:19]) == ("me@news.example", "[Test: last issue] ")
    assert "daily/2026-11-23" in report.words
    assert "Harbour reopens" in subject


def test_before_anything_was_collected_sample_stories_are_sent(newsroom: Newsroom) -> None:
    """A newcomer sees the way of a mail before the first collect, in their own edition's name."""
    with open_store("sqlite:///empty.db", newsroom.folder) as empty:
        slot = named_slot(newsroom.settings.edition[0], "2026-11-23")
        trial = trial_of(newsroom.settings, empty, slot)
    assert trial.mark == "[Test: sample] "
    assert trial.issue.edition_title == "Daily briefing"
    assert trial.composition.stories


def test_what_is_new_is_tested_as_before(newsroom: Newsroom) -> None:
    """Its mark is short, and nothing more is said."""
    report = _test(newsroom)
    assert report.words == ""
    assert b"[Test] Harbour" in newsroom.mailbox.kept[0][1]


def test_a_dry_run_says_everything_and_changes_nothing(newsroom: Newsroom) -> None:
    """Words, stories by section, variants with readers and bytes, and whom it skips and why."""
    newsroom.store.subscribers.suppress("ben@reader.example", Suppressed.HARD_BOUNCE, newsroom.now)
    report = newsroom.send(SendOrder("daily", dry_run=True))
    assert report.outlook is not None
    told = report.outlook.as_json()
    assert str(told["subject"]).startswith("Harbour reopens")
    assert told["skipped"] == {"suppressed": 1}
    (variant,) = report.outlook.variants
    assert (variant.name, variant.readers) == ("all", 2)
    assert variant.html_bytes > 5000
    ((title, stories),) = report.outlook.sections
    assert (title, len(stories)) == ("World News", 3)
    assert len(str(told["sha256"])) == 64
    assert newsroom.store.issues.list() == ()
    assert any(line.startswith("Preheader") for line in report.outlook.lines())


@pytest.mark.parametrize(("hours", "day"), [(0, "November 23"), (22, "November 24")])
def test_a_late_mail_bears_the_date_of_its_news(newsroom: Newsroom, hours: int, day: str) -> None:
    """What was reported after midnight is not dated the day before."""
    newsroom.now += timedelta(hours=hours)
    newsroom.write(day=1)
    newsroom.toml += '[collector]\nproxy = "http://127.0.0.1:1"\n'

    async def run() -> None:
        async with newsroom.mailbox.serving(), asyncio.timeout(30):
            clock = lambda: newsroom.now  # noqa: E731 - a clock that stands still
            await Runner(newsroom.settings, newsroom.store, clock, asyncio.Event()).run(RunOrder())

    asyncio.run(run())
    page = message_from_bytes(newsroom.mailbox.kept[0][1], policy=policy.default)
    body = page.get_body(("html",))
    assert body is not None
    assert day in body.get_content()


def _test(room: Newsroom) -> TestReport:
    order = TestOrder("daily", None, ["me@news.example"])

    async def run() -> TestReport:
        async with room.mailbox.serving(), asyncio.timeout(30):
            return await asyncio.to_thread(
                send_test_issue, room.settings, room.store, order, room.now
            )

    return asyncio.run(run())
