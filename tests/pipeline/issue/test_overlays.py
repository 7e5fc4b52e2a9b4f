"""The editors' files beside the configuration: the issue's own over the standing one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.errors import ConfigError
from digest.models.issues import Slot
from digest.pipeline.issue.overlays import read_overlay, refuse

SLOT = Slot("weekly", "2026-11-28", datetime(2026, 11, 28, 7, tzinfo=UTC))


def write(folder: Path, name: str, text: str = 'subject = "x"') -> None:
    file = folder / "overlays" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_issues_own_file_lies_over_the_standing_one(tmp_path: Path) -> None:
    """Without files nothing is wished."""
    assert read_overlay(tmp_path, SLOT)[0].subject == ""
    write(tmp_path, "weekly/standing.toml", 'subject = "Standing"\npreheader = "Below"')
    write(tmp_path, "weekly/2026-11-28.toml", 'subject = "Own"')
    overlay, faults = read_overlay(tmp_path, SLOT)
    assert faults == ()
    assert (overlay.subject, overlay.preheader) == ("Own", "Below")


def test_the_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    """One that is no TOML hides nothing of the other."""
    write(tmp_path, "weekly/standing.toml", '[[pin]]\nstory = "a"\n[note]\n')
    write(tmp_path, "weekly/2026-11-28.toml", "[[pin")
    overlay, said = read_overlay(tmp_path, SLOT)
    assert overlay.links == ()
    assert [line.partition(": ")[0] for line in said] == [
        "overlays/weekly/2026-11-28.toml",
        "overlays/weekly/standing.toml:1",
        "overlays/weekly/standing.toml:3",
    ]


def test_what_can_be_read_is_wished_beside_what_cannot(tmp_path: Path) -> None:
    """So that its own faults are found in the same look."""
    write(tmp_path, "weekly/standing.toml", "nothing = 1")
    write(tmp_path, "weekly/2026-11-28.toml", 'subject = "Own"')
    overlay, faults = read_overlay(tmp_path, SLOT)
    assert overlay.subject == "Own"
    assert len(faults) == 1


def test_faults_are_told_in_the_order_of_files_and_lines() -> None:
    """The tenth line after the ninth, and nothing twice; without faults nothing is refused."""
    with pytest.raises(ConfigError) as told:
        refuse(["b.toml:10: x", "b.toml:9: y", "a.toml: z", "b.toml:10: x"])
    assert str(told.value).splitlines() == ["a.toml: z", "b.toml:9: y", "b.toml:10: x"]
    refuse(())
