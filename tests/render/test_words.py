"""The words a mail speaks in its own voice."""

from __future__ import annotations

import pytest

from digest.errors import RenderError
from digest.render.words import Words, locale_of


def _words(tag: str) -> Words:
    return Words(locale_of(tag))


@pytest.mark.parametrize("tag", ["en", "en-GB", "pt-BR", "pt_BR", "zh-Hant-TW", "he"])
def test_a_language_tag_names_a_locale(tag: str) -> None:
    """BCP 47 tags are known, written with either sign."""
    assert locale_of(tag).language == tag[:2]


@pytest.mark.parametrize("tag", ["", "xx", "english please", "e"])
def test_an_unknown_language_is_an_error_that_helps(tag: str) -> None:
    """The error repeats what was written and shows how to write it."""
    with pytest.raises(RenderError, match=f'"{tag}" is not a language.*its tag: "'):
        locale_of(tag)


def test_a_sentence_takes_its_values() -> None:
    """Values stand where the sentence wants them."""
    said = _words("en").say("why", edition="The Tide", site="The Post")
    assert said == "You receive The Tide because you subscribed to it at The Post."


@pytest.mark.parametrize(
    ("tag", "count", "said"),
    [
        ("en", 1, "1 story"),
        ("en", 0, "0 stories"),
        ("fr", 0, "0 article"),
        ("pl", 2, "2 artykuły"),
        ("pl", 12, "12 artykułów"),
        ("uk", 21, "21 новина"),
        ("ar", 2, "خبران"),
        ("ar", 11, "11 خبرًا"),
        ("he", 2, "שתי כתבות"),
        ("ja", 3, "記事3本"),
        ("de", 1234, "1.234 Artikel"),
    ],
)
def test_a_count_chooses_the_plural_and_is_written_by_the_locale(
    tag: str, count: int, said: str
) -> None:
    """The plural form and the figure's separators are the language's."""
    assert _words(tag).say("stories", count=count) == said


def test_a_language_without_words_speaks_english() -> None:
    """Nobody gets a mail with gaps."""
    assert _words("sv")["latest"] == "Latest"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de-AT", "Neueste Meldungen"),
        ("pt-PT", "Partilhar"),
        ("pt-BR", "Compartilhar"),
        ("zh-TW", "閱讀全文"),
        ("zh-Hant", "閱讀全文"),
        ("zh-CN", "阅读全文"),
    ],
)
def test_the_nearest_catalogue_is_taken(tag: str, said: str) -> None:
    """A place or a script with words of its own comes before the language."""
    words = _words(tag)
    assert said in {words["latest"], words["share"], words["read_story"]}


def test_a_word_that_is_not_there_is_a_fault() -> None:
    """A typing error in a template shows."""
    with pytest.raises(KeyError):
        _words("de")["horoscope"]


@pytest.mark.parametrize(("tag", "said"), [("tr", "İZMİR"), ("en", "IZMIR"), ("de", "IZMIR")])
def test_capitals_are_the_languages_own(tag: str, said: str) -> None:
    """Turkish tells the dotted from the dotless i."""
    assert _words(tag).capitals("izmir") == said
