"""One ordinary issue, for every test of mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.mail import ListHeaders
from digest.models.compositions import Rendered

UNSUBSCRIBE, PREFERENCES = "digestholex1unsubscribeurl", "digestholex1preferencesurl"


@pytest.fixture
def headers() -> ListHeaders:
    return ListHeaders(
        from_header="Example News <digest@news.example>",
        date=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
        list_id="daily.news.example",
        list_title="Daily briefing",
        reply_to="Newsroom <newsroom@news.example>",
        feedback_id="2026-11-23:daily:digest:news.example",
        help_url="https://news.example/help",
        archive_url="https://news.example/archive",
        unsubscribe_mailto="mailto:leave@news.example?subject=leave",
    )


@pytest.fixture
def rendered() -> Rendered:
    return Rendered(
        variant="all",
        language="en",
        subject="The morning — in brief",
        html=f'<p>Good day</p>\n<a href="{UNSUBSCRIBE}">leave</a> {PREFERENCES}\n.\n',
        text=f"Good day\n.hidden\n\nLeave: {UNSUBSCRIBE}\nChoose: {PREFERENCES}\n",
        holes={UNSUBSCRIBE: "unsubscribe_url", PREFERENCES: "preferences_url"},
    )


@pytest.fixture
def values() -> dict[str, str]:
    token = "p0000001." + "s" * 120
    return {
        "unsubscribe_url": f"https://digest.news.example/u/{token}?a=1&b=2",
        "preferences_url": f"https://digest.news.example/p/{token}",
    }
