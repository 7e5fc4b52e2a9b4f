"""What `digest collect` says: to a person at a terminal, to a log, and to a program."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from digest.cli.progress import CollectProgress, collect_progress
from digest.pipeline.gathering.report import CollectReport, SourceReport

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom

WORLD = SourceReport("world", "ok", 10, 1, "", 0.42)
SPORT = SourceReport("sport", "failed", 0, 0, "the site answered 503. Later", 20.0)
ARTS = SourceReport("arts", "unchanged", 0, 0, "", 0.1, ("the feed is cut off",))


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (WORLD, "world: 10 new, 1 updated (0.4 s)"),
        (SPORT, "sport: failed: the site answered 503. Later (20.0 s)"),
        (ARTS, "arts: unchanged (0.1 s)"),
        (SourceReport("a", "ok", 0, 0, "", 0.2), "a: read, nothing new (0.2 s)"),
        (SourceReport("a", "resting", 0, 0, "not asked before noon", 0.0), "a: resting"),
    ],
)
def test_a_source_is_told_in_a_line(report: SourceReport, line: str) -> None:
    """What it brought, or else how it ended, and how long that took."""
    assert report.line() == line


def test_a_log_gets_a_line_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    """With how many are done; then what is done after them."""
    with collect_progress(["world", "sport"], quiet=False) as progress:
        progress.source(WORLD)
        progress.source(SPORT)
        progress.step("asking what is read most")
    assert capsys.readouterr().err.splitlines() == [
        "[1/2] world: 10 new, 1 updated (0.4 s)",
        "[2/2] sport: failed: the site answered 503. Later (20.0 s)",
        "asking what is read most …",
    ]


def test_beside_json_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads one object and nothing else."""
    with collect_progress(["world"], quiet=True) as progress:
        progress.source(WORLD)
        progress.step("asking what is read most")
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_counts_and_who_is_waited_for() -> None:
    """How many are done, new and failed; the last few by name; then the step."""
    told = CollectProgress(["world", "sport", "arts", "slow", "slower", "slowest"])
    assert told.words() == "0/6 · 0 new"
    for report in (WORLD, SPORT, ARTS):
        told.source(report)
    assert told.words() == "3/6 · 10 new · 1 failed · waiting for slow, slower, slowest"
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    with collect_progress(["world", "[b]odd"], quiet=False, console=console) as progress:
        progress.source(WORLD)
        progress.step("asking what is read most")
    shown = screen.getvalue()
    assert "0/2 · 0 new · waiting for world, [b]odd" in shown
    assert "1/2 · 10 new · waiting for [b]odd · asking what is read most" in shown


def test_the_end_counts_what_was_withdrawn() -> None:
    """Only where something was; articles stay in the store."""
    assert CollectReport((WORLD, SPORT), 11, withdrawn=2).sentence() == (
        "2 sources: 10 new articles, 1 updated, 2 withdrawn by their site; 11 in the store."
    )
    assert CollectReport((WORLD,), 11).sentence() == (
        "1 source: 10 new articles, 1 updated; 11 in the store."
    )


def test_programs_get_the_contract_and_more() -> None:
    """The promised keys, and beside them what was withdrawn and left out."""
    said = CollectReport((SPORT, ARTS), 11, withdrawn=2).as_json()
    assert (said["articles"], said["withdrawn"], said["popularity"]) == (11, 2, [])
    assert said["sources"] == [
        {
            "id": "sport",
            "status": "failed",
            "new": 0,
            "updated": 0,
            "error": "the site answered 503. Later",
            "notes": [],
        },
        {
            "id": "arts",
            "status": "unchanged",
            "new": 0,
            "updated": 0,
            "error": None,
            "notes": ["the feed is cut off"],
        },
    ]


def test_the_command_says_all_of_it(newsroom: Newsroom) -> None:
    """A line a source and what is wrong on stderr, the sum on stdout."""
    assert not sys.stderr.isatty()
    text = newsroom.path.read_text()
    broken = '[[source]]\nid = "broken"\nurl = "http://127.0.0.1:9/"\n'
    newsroom.path.write_text(text + broken)
    said = newsroom("collect")
    assert said.code == 0
    assert said.out.startswith("9 sources: 0 new articles, ")
    assert "[9/9] " in said.err
    assert "\nbroken: http://127.0.0.1:9/: no connection" in said.err
    assert newsroom("collect", "--json").json["withdrawn"] == 0
