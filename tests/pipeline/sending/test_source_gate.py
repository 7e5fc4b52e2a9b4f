"""What is required must be well; what is not may fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.config import Settings
from digest.errors import ExitCode, GateHeld
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.sending.source_gate import hold_sick_sources
from digest.store import SourceOutcome, Store, open_store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
_TOML = """\
[[source]]
id = "first"
url = "https://news.example/first/"
{source}
[[source]]
id = "second"
url = "https://news.example/second/"
[[section]]
id = "world"
title = "World"
sources = ["first", "second"]
required = {section}
[[edition]]
id = "daily"
title = "Daily"
sections = ["world"]
"""


Configure = Callable[..., Settings]


@pytest.fixture
def configured(tmp_path: Path, sample_head: str) -> Configure:
    """Return what makes settings in which a source, or the section, is required or not."""

    def make(*, source: bool | None = None, section: bool = False) -> Settings:
        said = "" if source is None else f"required = {str(source).lower()}"
        text = sample_head + _TOML.format(source=said, section=str(section).lower())
        return parse_settings(text, tmp_path / "digest.toml", {})

    return make


def looked(store: Store, name: str, status: str, items: int = 20) -> None:
    outcome = SourceOutcome(
        name,
        f"https://news.example/{name}/",
        "ok" if status == "ok" else "failed",
        error="" if status == "ok" else "503",
        items=items,
        retired=status == "retired",
    )
    store.sources.record([outcome], NOW - timedelta(hours=1))


def hold(settings: Settings, store: Store) -> None:
    hold_sick_sources(settings, store, settings.edition[0], NOW)


@pytest.fixture
def opened(sqlite_url: str, tmp_path: Path) -> Store:
    return open_store(sqlite_url, tmp_path)


@pytest.mark.parametrize("status", ["failed", "retired", ""])
def test_a_required_source_that_is_not_well_holds(
    opened: Store, configured: Configure, status: str
) -> None:
    """Failing, retired and never collected; the error names it and exits with 4."""
    if status:
        looked(opened, "first", status)
    looked(opened, "second", "ok")
    with opened, pytest.raises(GateHeld, match="first is") as caught:
        hold(configured(source=True), opened)
    assert caught.value.exit_code is ExitCode.HELD
    assert "digest collect" in caught.value.fix


def test_a_required_source_far_below_its_usual_volume_holds(
    opened: Store, configured: Configure
) -> None:
    """It was read, but gave next to nothing."""
    for items in (20, 20, 20, 1):
        looked(opened, "first", "ok", items)
    with opened, pytest.raises(GateHeld, match="1 articles where 15 are usual"):
        hold(configured(source=True), opened)


@pytest.mark.parametrize("ill", ["failed", "retired", ""])
def test_a_required_section_needs_each_of_its_sources(
    opened: Store, configured: Configure, ill: str
) -> None:
    """One of two that is failing, retired or never collected holds it (invariant 9)."""
    with opened:
        looked(opened, "first", "ok")
        if ill:
            looked(opened, "second", ill)
        with pytest.raises(GateHeld, match="second is") as caught:
            hold(configured(section=True), opened)
        assert "first is" not in str(caught.value)
        assert "required = false" in caught.value.fix


def test_a_required_section_holds_when_a_source_is_far_below_its_usual_volume(
    opened: Store, configured: Configure
) -> None:
    """Also where the other one is as ever."""
    looked(opened, "second", "ok")
    for items in (20, 20, 20, 1):
        looked(opened, "first", "ok", items)
    with opened, pytest.raises(GateHeld, match="1 articles where 15 are usual"):
        hold(configured(section=True), opened)


def test_an_excused_source_may_be_ill_as_long_as_another_is_well(
    opened: Store, configured: Configure
) -> None:
    """`required = false` says that the section lives without it, but not without all of them."""
    settings = configured(section=True, source=False)
    with opened:
        looked(opened, "first", "failed")
        looked(opened, "second", "ok")
        hold(settings, opened)
        looked(opened, "second", "failed")
        with pytest.raises(GateHeld, match=r"first is failing.*second is failing"):
            hold(settings, opened)


def test_what_is_not_required_may_fail(opened: Store, configured: Configure) -> None:
    """The section then shows what is known."""
    with opened:
        looked(opened, "first", "failed")
        looked(opened, "second", "retired")
        hold(configured(), opened)
