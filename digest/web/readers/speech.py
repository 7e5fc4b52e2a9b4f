"""The words of the readers' pages: the mail's catalogues, safe in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from markupsafe import Markup, escape

from digest.render.languages import languages, script
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

    def listed(self, names: Sequence[str]) -> str:
        """Return names as the language lists them: "Daily, Weekly, and Weekend"."""
        return str(format_list(list(names), locale=self._locale))

    def whole_date(self, day: date) -> str:
        """Return a whole date as the language writes it: "7 décembre 2026"."""
        return str(format_date(day, "long", locale=self._locale))

    def day(self, day: date) -> str:
        """Return day and month as the language writes them: "7 décembre", "12月7日"."""
        return str(format_skeleton("MMMMd", day, locale=self._locale))


def language_names() -> list[tuple[str, str]]:
    """Return every language there are words in, as tag and as it calls itself, by that name."""
    named = [
        (name.replace("_", "-"), str(locale_of(name).get_display_name(locale_of(name)) or name))
        for name in languages()
    ]
    return sorted(((tag, own[:1].upper() + own[1:]) for tag, own in named), key=lambda one: one[1])
