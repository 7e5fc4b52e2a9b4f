"""Compiled templates are kept for the next process, and never outlive what made them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from digest.templating.compiled_code import CompiledCode
from digest.user_cache import user_cache


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """Keep files in a folder of the test."""
    folder = tmp_path / "cache"
    user_cache.keep_in(folder)
    yield folder
    user_cache.keep_in(None)


def _rendered(templates: Path, room: str = "mails") -> str:
    """Render as a new process does: nothing is in memory."""
    code = CompiledCode(room)
    environment = Environment(
        loader=FileSystemLoader(templates), bytecode_cache=code, autoescape=True
    )
    return environment.get_template("page.html").render(name="Ann")


def test_a_template_is_compiled_once_for_all_processes(kept: Path, tmp_path: Path) -> None:
    """And again when it was edited."""
    page = tmp_path / "page.html"
    page.write_text("Good morning, {{ name }}")
    assert _rendered(tmp_path) == "Good morning, Ann"
    (file,) = kept.iterdir()
    written = file.stat().st_mtime_ns
    assert _rendered(tmp_path) == "Good morning, Ann"
    assert file.stat().st_mtime_ns == written
    page.write_text("Good evening, {{ name }}")
    assert _rendered(tmp_path) == "Good evening, Ann"
    assert list(kept.iterdir()) == [file]


def test_what_was_kept_is_what_runs(kept: Path, tmp_path: Path) -> None:
    """Rooms that compile differently have files of their own; a spoilt file is compiled anew."""
    (tmp_path / "page.html").write_text("{{ name }}")
    assert _rendered(tmp_path) == "Ann"
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:-7])
    assert _rendered(tmp_path) == "Ann"
    assert _rendered(tmp_path, "pages") == "Ann"
    assert len(list(kept.iterdir())) == 2
