"""The words a mail speaks in its own voice, by language; what a source wrote never enters.

The sentences are in `languages`, one catalogue each; dates and figures are written by the locale.
"""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from digest.errors import RenderError
from digest.render.languages import nearest, sentences

_DOTTED = {"az", "tr"}
"""Languages whose capital of i is İ (Unicode 15, SpecialCasing)."""


def locale_of(language: str) -> Locale:
    """Return Babel's locale of a BCP 47 tag such as "en" or "pt-BR". Raises RenderError."""
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        raise RenderError(
            f'"{language}" is not a language that dates and words can be written in',
            fix=f"Write the site's language as its tag: {nearest(language)}",
        ) from None


class Words:
    """One language's words: `words.latest`, and `words.say("minutes", count=4)` with values."""

    def __init__(self, locale: Locale) -> None:
        """Take the nearest catalogue: the language as written, then its base, then English."""
        self._sentences = sentences(locale)
        self._locale = locale
        self._figures: dict[int, str] = {}

    def __getitem__(self, key: str) -> str:
        """Return a sentence without values; KeyError, which templates report, if there is none."""
        return self.say(key)

    def say(self, key: str, **values: str | int) -> str:
        """Return a sentence with its values in place; `count` chooses the plural form."""
        written = {name: self._written(value) for name, value in values.items()}
        return self.sentence(key, values.get("count")).format(**written)

    def sentence(self, key: str, count: str | int | None = None) -> str:
        """Return a sentence with the {names} of its values, in the plural form for `count`."""
        if self._sentences.counts(key):
            return self._sentences.plural(key, int(count or 0))
        return self._sentences.singular(key)

    def figure(self, number: int) -> str:
        """Write a figure as the locale does."""
        if number not in self._figures:
            self._figures[number] = format_decimal(number, locale=self._locale)
        return self._figures[number]

    def capitals(self, text: str) -> str:
        """Return the text in capitals, as this language makes them: "i" is "İ" in Turkish."""
        if self._locale.language in _DOTTED:
            text = text.replace("i", "İ")
        return text.upper()

    def _written(self, value: str | int) -> str:
        return value if isinstance(value, str) else self.figure(value)
