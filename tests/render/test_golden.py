"""The front page as it is, byte for byte. A change shows in review as a change of these files.

Regenerate them after a change that is meant, and look at the difference:

    DIGEST_GOLDEN=write python -m pytest tests/render/test_golden.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.render import Theme, render

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom

_FOLDER = Path(__file__).parent / "golden"


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_the_front_page_is_as_it_was(newsroom: Newsroom, frontpage: Theme, kind: str) -> None:
    """The rendering of a fixed issue equals the golden file; tags stand on lines of their own."""
    composition = newsroom.everything()
    rendered = render(newsroom.issue(composition), [composition], frontpage, newsroom.nonce)["all"]
    got = (
        rendered.text
        if kind == "txt"
        else f"{rendered.html.replace('><', chr(62) + chr(10) + '<')}\n"
    )
    file = _FOLDER / f"frontpage.{kind}"
    if os.environ.get("DIGEST_GOLDEN") == "write":
        file.write_text(got, encoding="utf-8")
    assert got == file.read_text(encoding="utf-8")
