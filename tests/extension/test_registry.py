"""Things by name: a line is read when it is used, and a name nobody knows gets the nearest one."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from digest.errors import ConfigError
from digest.extension.registry import Registry, nearest

LINES = {"least": "digest_tests_of_days:X", "today": "nowhere_at_all:X", "number": "math:pi"}


def registry(lines: dict[str, str] = LINES) -> Registry[date]:
    return Registry("kind of day", date, "digest.tests_of_days", lines)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a module that nobody has imported yet."""
    (tmp_path / "a_day_of_tests.py").write_text(
        "from datetime import date\nDAY = date(2026, 2, 3)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "a_day_of_tests", raising=False)
    return "a_day_of_tests"


def test_a_module_is_imported_when_its_thing_is_asked_for(module: str) -> None:
    """Names, their number and whether there is one cost no import."""
    days = registry({"then": f"{module}:DAY"})
    assert (list(days), len(days), "then" in days, "now" in days) == (["then"], 1, True, False)
    assert module not in sys.modules
    assert days["then"] == date(2026, 2, 3)
    assert days.named("then") is days["then"]


def test_a_name_that_nobody_knows_is_refused_with_the_nearest() -> None:
    """As a mapping it raises KeyError, for a person ConfigError."""
    with pytest.raises(KeyError):
        registry()["lest"]
    with pytest.raises(ConfigError, match=r'"lest" is not a kind of day\. Did you mean "least"'):
        registry().named("lest")
    assert registry().refusal("?", also=("auto",)).endswith("Known: auto, least, today, number")


def test_a_line_that_leads_to_something_else_is_refused() -> None:
    """With what it is, and what it should be."""
    with pytest.raises(
        ConfigError, match='math:pi: the kind of day "number" is a float, not a date'
    ):
        registry()["number"]


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("smpt", ["smtp", "outbox"], 'Did you mean "smtp"?'),
        ("pigeon", ["smtp", "outbox"], "Known: smtp, outbox"),
        ("pigeon", [], "Known: none"),
    ],
)
def test_the_nearest_name_is_offered_or_all_of_them(name: str, known: list[str], hint: str) -> None:
    """Never an empty list."""
    assert nearest(name, known) == hint
