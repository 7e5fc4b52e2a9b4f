"""What is said when a judge's tool is not there. The tools are no part of these tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judges.tools import npm_file, output, program
from judges.verdict import ToolMissing


def test_a_program_that_is_not_there_is_named_with_its_package() -> None:
    """Whoever reads it knows what to type."""
    with pytest.raises(ToolMissing, match=r"there is no nosuchtool.*apt-get install nosuchpackage"):
        program("nosuchtool", "nosuchpackage")


@pytest.mark.parametrize("version", [None, "0.0.1"])
def test_an_npm_package_must_be_there_as_pinned(tmp_path: Path, version: str | None) -> None:
    """Neither none nor another version will do."""
    if version:
        (tmp_path / "axe-core").mkdir()
        (tmp_path / "axe-core" / "axe.min.js").touch()
        about = json.dumps({"version": version})
        (tmp_path / "axe-core" / "package.json").write_text(about, encoding="utf-8")
    with pytest.raises(ToolMissing, match=f"is {version or 'not there'}.*cd judges && npm ci"):
        npm_file("axe-core", "axe.min.js", tmp_path)


def test_a_tool_that_breaks_is_not_taken_for_one_that_is_content() -> None:
    """Its own words are told."""
    with pytest.raises(RuntimeError, match="sh ended with 3: nonsense"):
        output(["/bin/sh", "-c", "echo nonsense >&2; exit 3"])
