"""Where the tests write: in memory only if what they write has room there, and may be run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.memory_disk import has_room
from tests.required import lacking


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Yield what mounts a file system in memory; skip where that is not allowed."""
    mount = shutil.which("mount")
    with ExitStack() as cleanup:

        def make(options: str) -> Path:
            folder = tmp_path / "memory"
            folder.mkdir()
            if mount is None or _ran(mount, "-t", "tmpfs", "-o", options, "tmpfs", str(folder)):
                raise lacking("mount", "nobody may mount a disk here")
            cleanup.callback(_ran, "umount", "--lazy", str(folder))
            return folder

        yield make


def _ran(*words: str) -> int:
    return subprocess.run(words, capture_output=True, timeout=30, check=False).returncode


def test_without_such_a_file_system_the_disk_is_written_to(tmp_path: Path) -> None:
    """As on other systems than Linux."""
    assert not has_room(tmp_path / "not there")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("size=4g", True),
        ("size=64m", False),
        ("size=4g,noexec", False),
        ("size=4g,nr_inodes=1000", False),
    ],
)
def test_one_that_is_small_or_runs_nothing_is_not_used(
    mounted: Callable[[str], Path], options: str, expected: bool
) -> None:
    """Containers often have 64 MB there, and some mount it so that no program can be run."""
    assert has_room(mounted(options)) is expected
