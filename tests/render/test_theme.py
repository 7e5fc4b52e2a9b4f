"""A theme is read and checked once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import RenderError
from digest.render import load_theme, render, themes_in
from digest.resources import templates_folder

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom


@pytest.fixture
def copy(tmp_path: Path, themes: Path) -> Path:
    """Return a copy of the front page that a test may break."""
    return shutil.copytree(themes / "frontpage", tmp_path / "copies" / "frontpage")


def _broken(copy: Path, file: str, old: str, new: str) -> RenderError:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RenderError) as caught:
        load_theme("frontpage", [copy.parent, templates_folder() / "email"])
    return caught.value


def test_a_missing_theme_lists_the_themes_there_are(themes: Path, tmp_path: Path) -> None:
    """The error names the nearest, and all."""
    with pytest.raises(RenderError, match=r'no theme "frontpag".*Did you mean "frontpage".*There'):
        load_theme("frontpag", [tmp_path / "none", themes])


def test_themes_are_found_in_every_folder(themes: Path, tmp_path: Path) -> None:
    """A newsroom's own themes stand beside the shipped ones."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "theme.toml").write_text("", encoding="utf-8")
    assert {"ours", "frontpage"} <= set(themes_in([tmp_path, themes]))


def test_a_newsroom_replaces_one_file(themes: Path, tmp_path: Path, newsroom: Newsroom) -> None:
    """One file of its own is enough; everything else stays as shipped."""
    (tmp_path / "frontpage" / "blocks").mkdir(parents=True)
    own = tmp_path / "frontpage" / "blocks" / "footer.html"
    own.write_text(
        '<p class="fine">Our own last words. <a href="{{ hole.unsubscribe_url }}">Leave</a></p>',
        encoding="utf-8",
    )
    composition = newsroom.everything()
    theme = load_theme("frontpage", [tmp_path, themes])
    html = render(newsroom.issue(composition), [composition], theme, newsroom.nonce)["all"].html
    assert "Our own last words." in html
    assert "The Morning Tide" in html


def test_a_css_fault_names_file_and_line(copy: Path) -> None:
    """The designer is told before a reader is."""
    error = _broken(copy, "inline.css", "var(--ground)", "#efece480")
    assert error.where.startswith(str(copy / "inline.css"))
    assert "background-color" in error.what


def test_a_template_fault_shows_when_the_theme_is_read(copy: Path) -> None:
    """Not in the night when the issue is due."""
    error = _broken(copy, "blocks/lead.html", "{% if section %}", "{% if section }")
    assert error.where.startswith(str(copy / "blocks" / "lead.html"))


def test_a_declared_block_must_be_there(copy: Path) -> None:
    """theme.toml is a promise."""
    error = _broken(copy, "theme.toml", '"lead",', '"lead", "horoscope",')
    assert "blocks/horoscope.html" in error.what


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title =", "titel =", '"title" is missing'),
        ("holes = [", "extra = 1\nholes = [", "unknown: extra"),
        ("holes = [", "holes = [[", "not readable as TOML"),
        ('"view_url"', '"View URL"', "no name for a hole"),
        ('"view_url"', '"view_url", "view_url_long"', 'begins "viewurllong"'),
    ],
)
def test_a_fault_in_theme_toml_says_what_is_wrong(
    copy: Path, old: str, new: str, said: str
) -> None:
    """Each mistake in the manifest has its own words."""
    error = _broken(copy, "theme.toml", old, new)
    assert said in error.what
    assert error.where == str(copy / "theme.toml")
