"""The sample issue: what a theme looks like before there is any news."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.inline_html import is_proved
from digest.pipeline.mails.sample import sample, sample_sections
from digest.render.languages import languages

if TYPE_CHECKING:
    from pathlib import Path

_SPOKEN = sorted({name.partition("_")[0] for name in languages()})


@pytest.mark.parametrize("language", sorted(set(_SPOKEN) - {"en"}))
def test_every_language_has_headlines_of_its_own(tmp_path: Path, language: str) -> None:
    """A designer sees words as long, and letters as tall, as those of the news will be."""
    assert not set(sample_sections(language)) & set(sample_sections("en"))
    shown, english = sample(tmp_path, "briefing", language), sample(tmp_path, "briefing")
    titles = {story.article.title for story in shown.issue.stories}
    assert not titles & {story.article.title for story in english.issue.stories}
    assert all(title in shown.html for title in titles)
    assert f'lang="{language}"' in shown.html


@pytest.mark.parametrize("language", _SPOKEN)
def test_every_language_has_an_excerpt_with_a_link(tmp_path: Path, language: str) -> None:
    """A designer sees how links stand in prose: HTML as it leaves the collector."""
    shown = sample(tmp_path, "letter", language)
    marked = {story.article.excerpt_html for story in shown.issue.stories} - {""}
    assert marked
    assert all(is_proved(html) for html in marked)
    assert 'href="https://harbour.example/cable"' in shown.html
    assert "&lt;a" not in shown.html
    assert "<a" not in shown.text


def test_a_language_without_headlines_shows_the_english_ones(tmp_path: Path) -> None:
    """As it shows English words."""
    assert sample_sections("sv") == sample_sections("en")
    assert "Break in undersea cable" in sample(tmp_path, "briefing", "sv").html
