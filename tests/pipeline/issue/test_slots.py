"""The slot that an editor looks at: the next one that `send` would send."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from digest.pipeline.issue.slots import edition_named, slot_to_look_at
from digest.pipeline.sending.sending import SendOrder

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


@pytest.mark.parametrize(
    ("hour", "early", "shown"),
    [
        (1, None, "2026-11-22"),  # last night's is due, until it is too late for it
        (1, "2026-11-23", "2026-11-24"),
        (1, "2026-11-24", "2026-11-25"),  # today's comes later, but would go out after tomorrow's
        (8, None, "2026-11-23"),
        (8, "2026-11-24", "2026-11-25"),
    ],
)
def test_a_slot_behind_one_that_was_sent_early_is_not_shown(
    newsroom: Newsroom, hour: int, early: str | None, shown: str
) -> None:
    """The schedule is at seven; whatever the hour, nothing that is not going out is previewed."""
    newsroom.now = datetime(2026, 11, 23, hour, tzinfo=UTC)
    newsroom.write(day=1)
    if early:
        newsroom.send(SendOrder("daily", slot=early, early=True))
    edition = edition_named(newsroom.settings, "daily")
    assert slot_to_look_at(newsroom.store, edition, None, newsroom.now).key == shown
