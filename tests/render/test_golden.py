"""The front page, and sections of every shape in every theme, byte for byte.

A change shows in review as a change of these files.
Regenerate them after a change that is meant, and look at the difference:

    DIGEST_GOLDEN=write python -m pytest tests/render/test_golden.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.models.articles import Picture
from digest.render import Theme, load_theme, render

if TYPE_CHECKING:
    from digest.models.compositions import Composition
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
    _compare(got, f"frontpage.{kind}")


@pytest.mark.parametrize("name", ["briefing", "frontpage", "letter", "plain"])
def test_sections_of_every_shape_are_as_they_were(
    newsroom: Newsroom, themes: Path, name: str
) -> None:
    """Long ones, short ones, without pictures, with thumbnails, in other scripts."""
    composition = _shapes(newsroom)
    theme = load_theme(name, [themes])
    html = render(newsroom.issue(composition), [composition], theme, newsroom.nonce)["all"].html
    body = html[html.index("<body") :]
    _compare(f"{body.replace('><', chr(62) + chr(10) + '<')}\n", f"sections-{name}.html")


def _shapes(newsroom: Newsroom) -> Composition:
    """Return a lead with a thumbnail, and a section of each shape."""
    small = Picture("https://news.example/small.jpg", 240, 135, "A harbour")
    lead = newsroom.story("world", 1, picture=small)
    long = [newsroom.story("long", number) for number in range(20)]
    bare = [newsroom.story("bare", number, picture=None) for number in range(9)]
    thumbs = [newsroom.story("thumbs", number, picture=small) for number in range(7)]
    foreign = [
        newsroom.story("foreign", number, title=title, excerpt=f"{title} {title}", author="")
        for number, title in enumerate(("新聞と天気", "חדשות היום", "समाचार", "أخبار اليوم"))
    ]
    return newsroom.composition(
        lead,
        [
            newsroom.section("long", "Long", long[:3], long[3:]),
            newsroom.section("latest", "Latest only", (), bare[5:]),
            newsroom.section("short", "Short", [newsroom.story("short", 1)]),
            newsroom.section("bare", "Without pictures", bare[:3], bare[3:5]),
            newsroom.section("thumbs", "Thumbnails", thumbs[:3], thumbs[3:]),
            newsroom.section("foreign", "समाचार", foreign[:2], foreign[2:]),
        ],
    )


def _compare(got: str, name: str) -> None:
    file = _FOLDER / name
    if os.environ.get("DIGEST_GOLDEN") == "write":
        file.write_text(got, encoding="utf-8")
    assert got == file.read_text(encoding="utf-8")
