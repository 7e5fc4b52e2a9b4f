"""How sources are doing, as an operator reads it: every state, the reason, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.models.articles import Article
from digest.store import SourceOutcome, Store, open_store
from tests.command_clock import MOMENT

if TYPE_CHECKING:
    from tests.cli.conftest import Said

_LONG = "the-long-name-of-a-section-nobody-shortened"
# Each state, and the words by which it is told.
STATES = {
    "fine": "",
    "quiet": "nothing new in a day; the newest is of",
    "never": "never collected",
    "sparse": "it gave 1 articles where 15 are usual",
    "failing": "2 looks in a row failed, last read",
    "retired": "the site retired this address (410 Gone)",
    _LONG: "never collected",
}


@dataclass(frozen=True)
class Desk:
    """A configuration, and the command that reads it."""

    folder: Path
    command: Callable[..., Said]

    def __call__(self, *arguments: str) -> Said:
        return self.command("--config", str(self.folder / "digest.toml"), "sources", *arguments)


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, command: Callable[..., Said], sample_head: str) -> Desk:
    """Return a newsroom with a source in every state."""
    sources = "".join(
        f'[[source]]\nid = "{name}"\nurl = "https://news.example/{name}/"\n' for name in STATES
    )
    section = f'[[section]]\nid = "all"\ntitle = "All"\nsources = {list(STATES)}\n'
    edition = '[[edition]]\nid = "daily"\ntitle = "Daily"\nsections = ["all"]\n'
    text = sample_head + sources + section.replace("'", '"') + edition
    (tmp_path / "digest.toml").write_text(text)
    with open_store(sqlite_url, tmp_path) as store:
        _fill(store)
    return Desk(tmp_path, command)


def _fill(store: Store) -> None:
    def looked(name: str, status: str = "ok", items: int = 20, **told: str | bool) -> None:
        url = f"https://news.example/{name}/"
        outcome = SourceOutcome(name, url, status, items=items, seconds=0.42, **told)  # type: ignore[arg-type]
        store.sources.record([outcome], MOMENT)

    def brought(name: str, hours: int) -> None:
        at = MOMENT - timedelta(hours=hours)
        article = Article(f"{name}-1", name, f"https://news.example/{name}/1", "A", published=at)
        store.articles.save(name, [article], at)

    brought("fine", 5 * 24)
    brought("quiet", 5 * 24)
    store.articles.save(
        "fine",
        [Article("f-2", "fine", "https://news.example/fine/2", "B", published=MOMENT)],
        MOMENT,
    )
    for name in ("fine", "quiet"):
        looked(name)
    for items in (20, 20, 20, 1):
        looked("sparse", items=items)
    looked("failing")
    for _ in range(2):
        looked("failing", "failed", error="the site answered 503")
    looked("retired", "failed", error="410", retired=True)


def test_every_state_is_told_with_its_reason_and_what_to_do(desk: Desk) -> None:
    """A row each; what is not fine says why beneath, and what a person can do about it."""
    said = desk()
    assert said.code == 0
    for name, reason in STATES.items():
        assert f"\n{name} is " in said.out if reason else f"{name} is" not in said.out
        assert reason in said.out
    assert "the site answered 503\n    → Open it in a browser" in said.out
    assert "→ Replace or remove it in digest.toml" in said.out
    assert "0.4 s" in said.out


def test_programs_get_the_same(desk: Desk) -> None:
    """One object with every figure; what is unknown is null."""
    rows = {row["id"]: row for row in desk("--json").json["sources"]}
    assert list(rows) == list(STATES)
    assert {name: row["state"] for name, row in rows.items()} == {
        "fine": "fine",
        "quiet": "quiet",
        "never": "late",
        "sparse": "late",
        "failing": "failing",
        "retired": "retired",
        _LONG: "late",
    }
    for name, reason in STATES.items():
        assert reason in rows[name]["reason"]
    assert rows["failing"]["last_error"] == "the site answered 503"
    assert (rows["fine"]["seconds"], rows["fine"]["last_items"]) == (0.42, 20)
    assert rows["fine"]["usual_a_day"] == 0.2
    assert datetime.fromisoformat(rows["fine"]["newest"]) == MOMENT
    assert rows["never"].keys() == rows["fine"].keys()
    assert rows["never"]["last_success"] is None
    assert rows["never"]["seconds"] is None


def test_eighty_columns_are_enough(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row of the table is whole: state, both moments and figures stand in one line."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = [line.strip() for line in desk().out.splitlines()]
    table = lines[1 : lines.index("", 1)]
    assert " ".join(table[0].split()) == "source state last read (UTC) took a day newest (UTC)"
    assert all(len(line) <= 80 for line in table)
    (failing,) = [line for line in table if line.startswith("failing")]
    assert failing.split() == [
        "failing",
        "failing",
        f"{MOMENT:%Y-%m-%d}",
        f"{MOMENT:%H:%M}",
        "0.4",
        "s",
    ]
    (sparse,) = [line for line in table if line.startswith("sparse")]
    assert "late" in sparse
    # A name that is too long goes on below itself, and nothing of it is lost.
    shown = "".join(line.split("  ")[0].strip() for line in table)
    assert _LONG in shown


def test_without_a_source_it_says_what_to_do(
    tmp_path: Path, command: Callable[..., Said], sample_head: str
) -> None:
    """Not an empty table."""
    (tmp_path / "digest.toml").write_text(sample_head)
    said = command("--config", str(tmp_path / "digest.toml"), "sources")
    assert (said.code, said.out) == (0, "No source yet. Add a [[source]] to digest.toml.\n")
