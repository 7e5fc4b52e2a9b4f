"""The user's cache: it saves time, and nothing ever depends on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from digest.user_cache import UserCache, cache_folder

_MAKER = "compiler 1"


@pytest.fixture
def cache(tmp_path: Path) -> UserCache:
    """Return a cache in a folder that is not there yet."""
    cache = UserCache()
    cache.keep_in(tmp_path / "caches" / "digest")
    return cache


def _folder(tmp_path: Path) -> Path:
    return tmp_path / "caches" / "digest"


def test_what_was_written_is_read_by_another_process(cache: UserCache, tmp_path: Path) -> None:
    """In a folder that its owner alone may enter."""
    cache.write("page.code", b"compiled", _MAKER)
    other = UserCache()
    other.keep_in(_folder(tmp_path))
    assert other.read("page.code", _MAKER) == b"compiled"
    assert _folder(tmp_path).stat().st_mode & 0o777 == 0o700
    assert [file.name for file in _folder(tmp_path).iterdir()] == ["page.code"]


def test_an_empty_file_is_not_a_missing_one(cache: UserCache) -> None:
    """A sheet without a fault is kept without a content."""
    assert cache.read("fine.sheet", _MAKER) is None
    cache.write("fine.sheet", b"", _MAKER)
    assert cache.read("fine.sheet", _MAKER) == b""


def test_another_maker_reads_nothing(cache: UserCache) -> None:
    """A new Digest, Jinja or Python begins anew."""
    cache.write("page.code", b"compiled", _MAKER)
    assert cache.read("page.code", "compiler 2") is None


def _cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _changed(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1] + b"!")


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _opened(file: Path) -> None:
    file.parent.chmod(0o777)


def _made_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("harm", [_cut_short, _changed, _emptied, _opened, _made_a_folder])
def test_what_is_not_safely_ours_is_not_read(
    cache: UserCache, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """Nor does it stop anything."""
    cache.write("page.code", b"compiled", _MAKER)
    harm(_folder(tmp_path) / "page.code")
    assert cache.read("page.code", _MAKER) is None
    cache.write("page.code", b"compiled", _MAKER)


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    """A full disk or a home that is read-only costs time and nothing else."""
    (tmp_path / "caches").write_text("a file stands in the way")
    cache = UserCache()
    cache.keep_in(_folder(tmp_path))
    cache.write("page.code", b"compiled", _MAKER)
    assert cache.read("page.code", _MAKER) is None


def test_nothing_is_kept_before_a_command_says_where(tmp_path: Path) -> None:
    """Whoever uses Digest as a library gets no files."""
    cache = UserCache()
    cache.write("page.code", b"compiled", _MAKER)
    assert cache.read("page.code", _MAKER) is None
    assert list(tmp_path.iterdir()) == []


def test_too_many_files_are_taken_away(cache: UserCache, tmp_path: Path) -> None:
    """Templates in ever new folders do not fill a disk."""
    cache.write("first.code", b"", _MAKER)
    for number in range(1_001):
        (_folder(tmp_path) / f"{number}.code").touch()
    cache.write("last.code", b"", _MAKER)
    assert [file.name for file in _folder(tmp_path).iterdir()] == ["last.code"]


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"XDG_CACHE_HOME": "/var/cache/ann"}, "/var/cache/ann/digest"),
        ({"XDG_CACHE_HOME": "/var/cache/ann", "HOME": "/home/ann"}, "/var/cache/ann/digest"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/ann"}, "/home/ann/.cache/digest"),
        ({"HOME": "/home/ann"}, "/home/ann/.cache/digest"),
        ({"HOME": ""}, None),
        ({}, None),
    ],
)
def test_the_folder_is_where_the_specification_says(
    environment: dict[str, str], found: str | None
) -> None:
    """Nowhere, where there is no home."""
    assert cache_folder(environment) == (Path(found) if found else None)
