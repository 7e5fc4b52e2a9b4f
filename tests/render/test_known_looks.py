"""What a sheet made of a look is known to the next process, and to no other sheet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.render.known_looks import Clothes, KnownLooks
from digest.user_cache import user_cache

_CSS = "td.story { color: #111111 }"
_CLOTHES: Clothes = {
    ("td", "story", ""): ("", "color:#111111"),
    ("a", "", "color:red"): ("", "color:red"),
}
_KEPT = frozenset({"wide"})


@pytest.fixture(autouse=True)
def kept(tmp_path: Path) -> Iterator[Path]:
    """Keep files in a folder of the test."""
    user_cache.keep_in(tmp_path / "cache")
    yield tmp_path / "cache"
    user_cache.keep_in(None)


def test_looks_are_known_to_the_next_process() -> None:
    """Only to one with the same sheet and the same classes kept."""
    KnownLooks(_CSS, _KEPT).add(_CLOTHES)
    assert KnownLooks(_CSS, _KEPT).clothes() == _CLOTHES
    assert KnownLooks(f"{_CSS} ", _KEPT).clothes() == {}
    assert KnownLooks(_CSS, frozenset()).clothes() == {}


def test_a_theme_with_ever_new_looks_is_not_kept_whole(kept: Path) -> None:
    """One that writes a figure into each style would fill the memory of a desk."""
    looks = KnownLooks(_CSS, _KEPT)
    looks.add({("td", "", f"width:{number}px"): ("", "") for number in range(2_001)})
    assert looks.clothes() == {}
    assert not kept.exists()


_PROCESS = """
import sys
from pathlib import Path
from digest.pipeline.mails.sample import sample
from digest.user_cache import user_cache
user_cache.keep_in(Path(sys.argv[1]))
page = sample(Path(sys.argv[1]), "frontpage").html
asked = {"premailer", "cssutils"} & sys.modules.keys()
print(hash(page), *sorted(asked))
"""


def _page_and_libraries(folder: Path) -> list[str]:
    command = [sys.executable, "-c", _PROCESS, str(folder)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.split()


def test_a_later_process_inlines_nothing_anew(kept: Path) -> None:
    """It makes the same page, and does not even import what inlines."""
    page, *libraries = _page_and_libraries(kept)
    assert libraries == ["cssutils", "premailer"]
    assert _page_and_libraries(kept) == [page]
