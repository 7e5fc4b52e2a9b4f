"""Lines for people: broken between words on a terminal, and left whole in a pipe."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.cli.wrapping import wrapped

LONG = (
    "12 are uncertain, and may have the mail or not: `digest issues resolve daily/2026-11-23"
    " --uncertain resend` (perhaps a second copy), `hold` or `skip` decides."
)


def test_a_command_is_copied_whole_where_there_is_room_for_it() -> None:
    """Between words at 80 columns, and the command on one line."""
    lines = wrapped(LONG, 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(
        "`digest issues resolve daily/2026-11-23 --uncertain resend`" in one for one in lines
    )
    assert " ".join(lines) == LONG


def test_a_command_wider_than_the_terminal_is_broken_at_its_spaces() -> None:
    """Better two lines than the terminal's own break inside a word."""
    lines = wrapped(LONG, 40).splitlines()
    assert max(map(len, lines)) <= 40
    assert " ".join(lines) == LONG


def test_what_follows_keeps_the_indent_and_short_lines_stay() -> None:
    """A list of findings is still a list; an address is never broken."""
    text = f"Found:\n  world: {'word ' * 20}\n  https://news.example/{'a' * 80}"
    first, *listed, address = wrapped(text, 60).splitlines()
    assert first == "Found:"
    assert all(line.startswith("  ") for line in listed)
    assert address == f"  https://news.example/{'a' * 80}"


def test_wide_letters_take_two_columns() -> None:
    """A headline in Japanese is as wide as it looks."""
    assert wrapped("港が 嵐の後 再開", 9).splitlines() == ["港が", "嵐の後", "再開"]


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.integers(20, 100))
def test_nothing_is_lost_whatever_the_text(text: str, width: int) -> None:
    """Only spaces turn into line ends."""
    assert wrapped(text, width).split() == text.split()


_FAILING = [sys.executable, "-m", "digest", "--config", "nowhere/at-all.toml", "send", "daily"]


@pytest.fixture(scope="module")
def piped(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what a command that fails says into a pipe."""
    return subprocess.run(
        _FAILING,
        cwd=tmp_path_factory.mktemp("piped"),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    ).stderr


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 60])
def test_an_error_on_a_terminal_is_broken_between_words(
    tmp_path: Path, piped: str, columns: int
) -> None:
    """The same words as in a pipe, where they are one line."""
    assert piped.count("\n") == 1
    assert len(piped) > columns
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    subprocess.run(_FAILING, cwd=tmp_path, stderr=theirs, check=False, timeout=60)
    os.close(theirs)
    lines = os.read(ours, 100_000).decode().splitlines()
    os.close(ours)
    assert len(lines) > 1
    assert max(map(len, lines)) <= columns
    assert " ".join(lines) == piped.strip()
