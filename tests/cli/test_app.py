"""The commands as a whole: what `--help` says of each."""

from __future__ import annotations

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from digest.cli.app import app, run

GROUPS = (
    (),
    ("issues",),
    ("subscribers",),
    ("db",),
    ("feedback",),
    ("mails",),
    ("opml",),
    ("theme",),
)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: " ".join(group) or "digest")
def test_every_command_is_told_whole_in_eighty_columns(group: tuple[str, ...]) -> None:
    """No sentence of the list is cut off, and every group is asked for here."""
    shown = CliRunner().invoke(app, [*group, "--help"], env={"COLUMNS": "80"}).stdout
    rows = shown.partition("Commands:\n")[2].splitlines()
    assert len(rows) >= 1
    assert [row for row in rows if not row.endswith(".")] == []


def test_the_groups_are_all_there() -> None:
    """A new group of commands is held to the same."""
    commands = getattr(get_command(app), "commands", {})
    found = {(name,) for name, command in commands.items() if hasattr(command, "commands")}
    assert found == set(GROUPS) - {()}


@pytest.mark.parametrize(
    "words",
    [["send"], ["--config", "digest.toml", "send"], ["--config=digest.toml", "send"]],
    ids=" ".join,
)
def test_a_command_is_itself_wherever_the_configuration_is_named(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is built without the others, and says the same of itself."""
    assert run([*words, "--help"]) == 0
    whole = CliRunner().invoke(app, ["send", "--help"]).stdout
    alone = capsys.readouterr().out
    assert alone.split() == whole.replace("Usage: root", "Usage: digest").split()


def test_a_command_that_is_none_is_told_the_nearest_of_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is mistyped is looked for among every command and group."""
    assert run(["sned"]) != 0
    assert "No such command 'sned'" in capsys.readouterr().err
    assert run(["issue"]) != 0
    assert "'issues'" in capsys.readouterr().err
