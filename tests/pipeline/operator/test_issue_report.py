"""The report on an issue: figures, and one page that loads nothing and names nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.models.events import DeliveryEvent, EventKind
from digest.pipeline.operator.issue_report import issue_report
from digest.pipeline.operator.report_page import report_page

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


def test_a_report_counts_states_replies_events_and_who_left(newsroom: Newsroom) -> None:
    """Each figure is that of the ledger; domains stand for addresses."""
    newsroom.send()
    first = next(iter(newsroom.states))
    heard = [
        DeliveryEvent("mailbox", "a", EventKind.BOUNCED_HARD, newsroom.now, 1, detail="5.1.1"),
        DeliveryEvent("mailbox", "b", EventKind.COMPLAINED, newsroom.now, 2),
    ]
    newsroom.store.events.record(heard, newsroom.now)
    report = issue_report(newsroom.store, newsroom.issue, newsroom.now)
    planned = len(newsroom.states)
    assert report.planned == planned == sum(number for _, number in report.states)
    assert dict(report.events) == {"bounced hard": 1, "complained": 1}
    assert sum(number for _, number in report.domains) == 1
    assert report.readers[-1][0] == newsroom.issue.slot.key
    page = report_page(report)
    assert newsroom.issue.key in page
    assert not re.search(r"[\w.]+@[\w.]+\.\w+", page.replace(newsroom.issue.key, ""))
    assert not re.search(r"(src|href)=", page)
    assert first not in page


def test_events_are_listed_by_issue_and_kind(newsroom: Newsroom) -> None:
    """The latest first; an event of no delivery belongs to no issue."""
    newsroom.send()
    heard = [
        DeliveryEvent("mailbox", "a", EventKind.BOUNCED_SOFT, newsroom.now, 1, detail="full"),
        DeliveryEvent("mailbox", "b", EventKind.BOUNCED_HARD, newsroom.now),
    ]
    newsroom.store.events.record(heard, newsroom.now)
    figures = newsroom.store.figures
    assert [one.kind for one in figures.events(None, None, 9)] == [
        EventKind.BOUNCED_HARD,
        EventKind.BOUNCED_SOFT,
    ]
    (one,) = figures.events(newsroom.issue.id, None, 9)
    assert (one.issue, one.detail) == (newsroom.issue.key, "full")
    assert not figures.events(newsroom.issue.id, EventKind.COMPLAINED, 9)
