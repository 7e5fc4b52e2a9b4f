"""Sections that readers chose and the edition no longer has: renamed, or named and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.models.deliveries import SkipReason
from digest.pipeline.setup.doctor import examine

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return the newsroom with readers of sections that digest.toml does not have."""
    for address, sections in (
        ("dana", ["headlines"]),
        ("eli", ["extra"]),
        ("finn", ["extra", "world"]),
    ):
        newsroom.store.subscribers.add(
            f"{address}@reader.example",
            edition="daily",
            confirmed=True,
            now=newsroom.now,
            sections=sections,
        )
    return newsroom


def skipped(room: Newsroom) -> dict[str, str]:
    rows = room.store.ledger.deliveries(room.issue.id)
    return {row.addr_spec.partition("@")[0]: row.reason for row in rows if row.reason}


def test_a_send_names_the_missing_sections_and_counts_their_readers(room: Newsroom) -> None:
    """A reader who still has a section gets it; the others are skipped for the true reason."""
    report = room.send()
    assert skipped(room) == {
        "dana": SkipReason.NO_SECTION,
        "eli": SkipReason.NO_SECTION,
    }
    (hint,) = [one for one in report.hints if "no longer has" in one]
    assert '"extra" (2 readers), "headlines" (1 reader)' in hint
    assert 'was = ["extra"]' in hint


def test_doctor_says_the_same_before_anything_is_sent(room: Newsroom) -> None:
    """A check that fails, with what to write."""
    (found,) = [one for one in examine(room.settings, room.now) if one.name == "chosen sections"]
    assert not found.ok
    assert '"headlines" (1 reader)' in found.words


def test_a_renamed_section_keeps_its_readers(room: Newsroom) -> None:
    """`was` carries the choice over, once and for good; a removed one is still named."""
    room.configure('title = "World News"', 'title = "World News"\nwas = ["headlines"]')
    report = room.send()
    assert skipped(room) == {"eli": SkipReason.NO_SECTION}
    assert any('"extra" (2 readers)' in hint for hint in report.hints)
    room.configure('\nwas = \\["headlines"\\]', "")
    assert "headlines" not in "".join(room.store.ledger.choices("daily"))


def test_a_dry_run_renames_nothing_and_counts_as_if_it_had(room: Newsroom) -> None:
    """The choices stay as they were; the forecast is that of the send."""
    from digest.pipeline.sending.sending import SendOrder

    room.configure('title = "World News"', 'title = "World News"\nwas = ["headlines"]')
    forecast = room.send(SendOrder("daily", dry_run=True))
    assert "headlines" in room.store.ledger.choices("daily")
    planned = sum(room.send().counts.values()) - len(skipped(room))
    assert f"{planned} pending" in forecast.sentence()
