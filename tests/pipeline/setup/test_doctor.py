"""What `digest doctor` finds before a send does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.setup.doctor import examine
from digest.pipeline.setup.examination import Examination
from digest.store import open_store

if TYPE_CHECKING:
    from tests.conftest import SampleToml

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EDITIONS = """
[smtp]
tls = "none"
port = 1
[[edition]]
id = "weekly"
title = "The week"
schedule = "0 7 * * 6"
sections = ["world"]
"""


@pytest.fixture
def doctor(tmp_path: Path, sample_toml: SampleToml) -> Doctor:
    """Return a newsroom with a weekly edition, and `doctor(more)[name]`."""
    open_store("sqlite:///digest.db", tmp_path).close()
    return Doctor(tmp_path, sample_toml)


class Doctor:
    """Looks at the newsroom in a folder."""

    def __init__(self, folder: Path, toml: SampleToml) -> None:
        self.folder = folder
        self._toml = toml

    def __call__(self, more: str = "", language: str = "en") -> dict[str, Examination]:
        """Configure more of the edition, and look at everything."""
        toml = self._toml(EDITIONS + more).replace("[site]", f'[site]\nlanguage = "{language}"')
        settings = parse_settings(toml, self.folder / "digest.toml", {})
        return {finding.name: finding for finding in examine(settings, NOW)}


def test_a_look_back_shorter_than_the_schedule_is_a_fault(doctor: Doctor) -> None:
    """It would lose what came just after a slot; by itself it is longer."""
    found = doctor()["schedule of weekly"]
    assert found.ok
    assert found.words == "next 2026-11-28 07:00 UTC, with news of 216 hours"
    found = doctor("look_back_hours = 72")["schedule of weekly"]
    assert not found.ok
    assert "168 hours lie between its slots" in found.words
    assert doctor("look_back_hours = 170")["schedule of weekly"].ok


def test_every_fault_of_every_overlay_is_one_finding(doctor: Doctor) -> None:
    """With the store at hand the next issue's wishes are matched; without it they are read."""
    file = doctor.folder / "overlays" / "weekly" / "2026-11-28.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[[pin]]\nstory = "x"\n[[drop]]\nstory = "y"\n')
    found = doctor()["overlays"]
    assert not found.ok
    assert len(found.words.splitlines()) == 2
    for one in doctor.folder.glob("digest.db*"):
        one.unlink()
    (doctor.folder / "digest.db").write_bytes(b"no database" * 100)
    assert not doctor()["store"].ok
    assert doctor()["overlays"].words == "1 file"


def test_one_of_a_kind_is_not_called_several(doctor: Doctor) -> None:
    """Numbers are in plain English."""
    assert "1 source, 1 section, 1 edition" in doctor()["configuration"].words
    assert doctor()["store"].words == "0 articles, 0 subscribers"


@pytest.mark.parametrize(
    ("language", "ok", "words", "fix"),
    [
        ("pt-BR", True, "pt-BR: Portuguese (Brazil), dates and words", ""),
        ("nl", True, "Digest's own words in English", ""),
        ("klingon", False, '"klingon" is not a language', '"en"'),
        ("ukranian", False, '"ukranian" is not a language', '"uk"'),
        ("deutsch", False, '"deutsch" is not a language', '"de"'),
        ("pt_BR", False, "is no language tag of the web", '"pt-BR"'),
    ],
)
def test_a_language_that_nobody_speaks_is_a_fault(
    doctor: Doctor, language: str, ok: bool, words: str, fix: str
) -> None:
    """It says where, and names the nearest; one without words of ours has its dates at least."""
    found = doctor(language=language)["language"]
    assert found.ok is ok
    assert words in found.words
    assert fix in found.fix
    assert ok or found.words.startswith(f"{doctor.folder / 'digest.toml'} [site] language")


def test_an_edition_in_a_language_of_its_own_is_looked_at_too(doctor: Doctor) -> None:
    """Nothing is said of editions that speak as the site does."""
    assert "language of weekly" not in doctor()
    assert doctor('language = "de"')["language of weekly"].words == "de: German, dates and words"
    found = doctor('language = "klingon"')["language of weekly"]
    assert not found.ok
    assert 'edition "weekly" language' in found.words
