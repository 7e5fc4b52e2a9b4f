"""The report's page in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from digest.pipeline.operator.issue_report import IssueReport
from digest.pipeline.operator.report_page import report_page
from tests.web.axe import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_the_page_has_no_serious_fault(browser: Browser) -> None:
    """Before axe-core, with a plot of each sort, light and dark."""
    report = IssueReport(
        issue="daily/2026-11-23",
        state="finished",
        at=datetime(2026, 11, 23, 7, tzinfo=UTC),
        planned=120,
        states=(("accepted", 117), ("bounced", 3)),
        replies=(("250", 117), ("550", 3)),
        events=(("bounced hard", 2), ("complained", 1)),
        domains=(("example.com", 2),),
        left=(("2026-11-22", 4), ("2026-11-23", 1)),
        readers=(("2026-11-21", 110), ("2026-11-22", 114), ("2026-11-23", 120)),
    )
    page = browser.new_page()
    page.set_content(report_page(report))
    assert looked_at(page) == []
    page.close()
