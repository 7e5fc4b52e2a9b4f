"""Clocks change in the middle of a send, in the zone of its edition or in another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode
from digest.pipeline.sending.sending import SendOrder
from tests.pipeline.conftest import READERS

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
SECOND = """
[[edition]]
id = "overseas"
title = "Overseas briefing"
recheck = "off"
sections = ["world"]
timezone = "{}"
schedule = "{}"
"""
HOURLY = "15 * * * *"


@pytest.mark.parametrize(
    ("zone", "other", "schedule", "begins"),
    [
        pytest.param(BERLIN, NEW_YORK, "30 2 * * *", (10, 31, 0, 45), id="Berlin, back"),
        pytest.param(NEW_YORK, BERLIN, "30 1 * * *", (11, 7, 5, 45), id="New York, back"),
        pytest.param(BERLIN, NEW_YORK, "45 1 * * *", (3, 28, 0, 50), id="Berlin, forward"),
        pytest.param(NEW_YORK, BERLIN, "45 1 * * *", (3, 14, 6, 50), id="New York, forward"),
    ],
)
def test_clocks_change_in_the_middle_of_a_send(
    newsroom: Newsroom, zone: str, other: str, schedule: str, begins: tuple[int, int, int, int]
) -> None:
    """Each reader of both editions has one mail, though the slot's hour comes twice or is gone."""
    newsroom.configure(r"(id = \"daily\"\n)", rf'\1timezone = "{zone}"\nschedule = "{schedule}"\n')
    newsroom.toml += SECOND.format(other, HOURLY)
    newsroom.now = datetime(2027, *begins, tzinfo=UTC)
    newsroom.write(day=1)
    for address in READERS:
        newsroom.store.subscribers.add(
            address, edition="overseas", confirmed=True, now=newsroom.now - timedelta(days=9)
        )
    newsroom.mailbox.on_mail = lambda _: _an_hour_passes(newsroom)
    assert newsroom.send().exit_code is ExitCode.DONE
    assert sorted(newsroom.mailbox.recipients) == sorted(READERS)
    assert newsroom.send(SendOrder("overseas")).exit_code is ExitCode.DONE
    both = sorted((*READERS, *READERS))
    assert sorted(newsroom.mailbox.recipients) == both
    for edition in ("daily", "overseas", "daily"):
        assert newsroom.send(SendOrder(edition)).sent_now == 0
        newsroom.now += timedelta(minutes=30)
    assert sorted(newsroom.mailbox.recipients) == both


def _an_hour_passes(newsroom: Newsroom) -> None:
    """Have the change come between the first mail and the second, and only then."""
    newsroom.mailbox.on_mail = lambda _: None
    newsroom.now += timedelta(hours=1)
