"""The words of the readers' pages: the mail's catalogues, safe in HTML."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton
from markupsafe import Markup, escape

from digest.render.languages import script
from digest.render.words import Words, locale_of

_CASED = {"Latn", "Cyrl", "Grek", "Armn", "Geor"}
_UNSPACED = {"Jpan", "Hans", "Hant"}


class Speech:
    """One language's words for a page, and what its `<html>` has to say of it.

    `cased` says that the script has capitals; `gap` is what stands between two sentences.
    """

    def __init__(self, language: str) -> None:
        """Raise RenderError when the language (BCP 47) is unknown."""
        self._locale = locale_of(language)
        self._words = Words(self._locale)
        self.language = language.replace("_", "-")
        self.direction = "rtl" if self._locale.text_direction == "rtl" else "ltr"
        written = script(self._locale)
        self.cased = written in _CASED
        self.gap = "" if written in _UNSPACED else " "

    def __getitem__(self, key: str) -> str:
        """Return a sentence without values; KeyError if there is none."""
        return self._words[key]

    def say(self, key: str, **values: str | int) -> Markup:
        """Return a sentence with its values escaped, unless they are markup already."""
        sentence = escape(self._words.sentence(key, values.get("count")))
        written = {
            name: self._words.figure(value) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return sentence.format(**written)

    def day(self, day: date) -> str:
        """Return day and month as the language writes them: "7 décembre", "12月7日"."""
        return str(format_skeleton("MMMMd", day, locale=self._locale))
