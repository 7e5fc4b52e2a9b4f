"""The words a mail speaks in its own voice."""

from __future__ import annotations

import pytest

from digest.errors import RenderError
from digest.render.words import CATALOGUE, ENGLISH, Words, locale_of


@pytest.mark.parametrize("tag", ["en", "en-GB", "pt-BR", "pt_BR", "zh-Hant-TW", "he"])
def test_a_language_tag_names_a_locale(tag: str) -> None:
    """BCP 47 tags are known, written with either sign."""
    assert locale_of(tag).language == tag[:2]


@pytest.mark.parametrize("tag", ["", "xx", "english please", "e"])
def test_an_unknown_language_is_an_error_that_helps(tag: str) -> None:
    """The error repeats what was written and shows how to write it."""
    with pytest.raises(RenderError, match=f'"{tag}" is not a language.*"pt-BR"'):
        locale_of(tag)


def test_a_sentence_takes_its_values() -> None:
    """Values stand where the sentence wants them."""
    said = Words(locale_of("en")).say("why", edition="The Tide", site="The Post")
    assert said == "You receive The Tide because you subscribed to it at The Post."


@pytest.mark.parametrize("count", [1, 4])
def test_a_count_chooses_the_plural(count: int) -> None:
    """The plural form is the locale's."""
    assert Words(locale_of("en")).say("minutes", count=count) == f"{count} min read"


def test_a_language_without_words_speaks_english() -> None:
    """Nobody gets a mail with gaps."""
    assert Words(locale_of("de-AT"))["latest"] == ENGLISH["latest"]


def test_every_language_says_everything() -> None:
    """A catalogue is complete, and each plural has the form "other"."""
    for sentences in CATALOGUE.values():
        assert sentences.keys() == ENGLISH.keys()
        assert all(isinstance(said, str) or "other" in said for said in sentences.values())
