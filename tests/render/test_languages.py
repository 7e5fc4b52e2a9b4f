"""The catalogues: each language says everything, in all its plural forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from itertools import chain
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message

from digest.render.languages import catalogue, languages, script, sentences
from digest.resources import templates_folder

_PROMISED = {"en", "fr", "de", "es", "pt", "it", "pl", "uk", "tr", "ar", "he", "hi", "ja", "zh"}
_NAME = re.compile(r"\{(\w+)\}")
_TEMPLATE = re.compile(r"""words(?:\.say\(["'](\w+)["']|\.(\w+)|\[["'](\w+)["']\])""")
_OWN_METHODS = {
    "say",
    "capitals",
    "day",
    "language",
    "direction",
    "cased",
    "gap",
    "listed",
    "whole_date",
}


def _messages(language: str) -> dict[str, Message]:
    return {str(part.context): part for part in catalogue(language) if part.context}


def _forms(message: Message) -> tuple[str, ...]:
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def test_every_promised_language_is_there() -> None:
    """Fourteen languages, and some of their regions."""
    assert set(languages()) >= _PROMISED


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_says_what_english_says(language: str) -> None:
    """The same messages, none more and none less, and nothing marked as doubtful."""
    english = {key: _ids(message) for key, message in _messages("en").items()}
    assert {key: _ids(message) for key, message in _messages(language).items()} == english
    assert not [key for key, message in _messages(language).items() if message.fuzzy]


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_has_every_plural_form(language: str) -> None:
    """As many as its header counts, and none is empty."""
    count = catalogue(language).num_plurals
    for key, message in _messages(language).items():
        assert len(_forms(message)) == (count if message.pluralizable else 1), key
        assert all(form.strip() == form and form for form in _forms(message)), key


@pytest.mark.parametrize("language", languages())
def test_the_plural_rule_is_that_of_cldr(language: str) -> None:
    """Two counts share a form exactly if CLDR puts them in one category.

    CLDR has further categories for fractions and for millions; no issue has so many stories.
    """
    locale = Locale.parse(language)
    spoken = sentences(locale).translations
    form = {
        n: spoken.npgettext("stories", "{count} story", "{count} stories", n) for n in range(300)
    }
    message = _messages(language)["stories"]
    by_category: dict[str, set[str]] = {}
    for count, said in form.items():
        by_category.setdefault(str(locale.plural_form(count)), set()).add(said)
    assert all(len(said) == 1 for said in by_category.values()), by_category
    assert {next(iter(said)) for said in by_category.values()} == set(_forms(message))


@pytest.mark.parametrize("language", languages())
def test_placeholders_match(language: str) -> None:
    """Each sentence takes the values that the English one takes.

    Only where a form stands for one count alone may the figure be said in words: "خبران".
    """
    rule = c2py(catalogue(language).plural_expr)
    chosen = Counter(rule(count) for count in range(300))
    for key, message in _messages(language).items():
        wanted = set(_NAME.findall(_ids(message)[0]))
        for index, form in enumerate(_forms(message)):
            alone = message.pluralizable and chosen[index] == 1
            assert set(_NAME.findall(form)) in ([wanted, set()] if alone else [wanted]), (key, form)


def test_no_language_is_english_in_disguise() -> None:
    """A sentence is translated; the few that are spelled alike are known."""
    alike = {("E-mail")}
    english = _messages("en")
    for language in set(languages()) - {"en"}:
        for key, message in _messages(language).items():
            if _forms(message)[0] not in alike:
                assert _forms(message)[0] != _forms(english[key])[0], (language, key)


def test_every_word_is_spoken_and_every_spoken_word_is_there() -> None:
    """A word that no template uses is not translated fourteen times."""
    spoken = set(_spoken()) - _OWN_METHODS
    assert spoken == set(_messages("en"))


def _spoken() -> Iterator[str]:
    rendering = Path(catalogue.__code__.co_filename).parent.parent
    files = chain(templates_folder().rglob("*"), rendering.glob("*.py"))
    for file in files:
        if file.suffix in {".html", ".txt", ".py"}:
            for names in _TEMPLATE.findall(file.read_text(encoding="utf-8")):
                yield from (name for name in names if name)


@pytest.mark.parametrize(
    ("tag", "written"),
    [("en", "Latn"), ("zh_TW", "Hant"), ("sr_Latn", "Latn"), ("ar", "Arab"), ("ja_JP", "Jpan")],
)
def test_the_script_of_a_language_is_known(tag: str, written: str) -> None:
    """As written, or else the one CLDR calls likely."""
    assert script(Locale.parse(tag)) == written


@pytest.mark.parametrize("language", sorted(_PROMISED))
def test_a_link_is_called_by_the_words_that_are_seen(language: str) -> None:
    """Who speaks to their machine says what they see: "More" is part of "More World News"."""
    said = {name: str(_messages(language)[name].string) for name in ("more", "more_of")}
    if language == "en":
        said = {name: str(_messages(language)[name].id) for name in ("more", "more_of")}
    assert said["more"].casefold() in said["more_of"].casefold()
