"""The words a mail speaks in its own voice, by language; what a source wrote never enters.

A sentence may hold `{names}`. Where it counts, it is a table of CLDR plural categories, so that
languages with three or six forms fit as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from digest.errors import RenderError

Sentence = str | Mapping[str, str]

ENGLISH: Mapping[str, Sentence] = MappingProxyType(
    {
        "also": "Also reported by",
        "by": "By {name}",
        "in_this_issue": "In this issue",
        "latest": "Latest",
        "minutes": {"one": "{count} min read", "other": "{count} min read"},
        "more": "More",
        "more_of": "More {section}",
        "preferences": "Choose your sections",
        "read_story": "Read the story",
        "top_stories": "Top stories",
        "unsubscribe": "Unsubscribe",
        "view": "View in browser",
        "why": "You receive {edition} because you subscribed to it at {site}.",
    }
)

CATALOGUE: Mapping[str, Mapping[str, Sentence]] = MappingProxyType({"en": ENGLISH})
"""Language (as in "pt" or "pt-BR") → key → sentence. A language not in here speaks English."""


def locale_of(language: str) -> Locale:
    """Give Babel's locale of a BCP 47 tag such as "en" or "pt-BR". Raises RenderError."""
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        raise RenderError(
            f'"{language}" is not a language that dates and words can be written in',
            fix='Set the site\'s language as in "en", "pt-BR" or "he"',
        ) from None


class Words:
    """One language's words: `words.latest`, and `words.say("minutes", count=4)` with values."""

    def __init__(self, locale: Locale) -> None:
        """Find the nearest sentences: the language as written, then its base, then English."""
        regional = f"{locale.language}-{locale.territory}" if locale.territory else locale.language
        nearest = CATALOGUE.get(regional) or CATALOGUE.get(locale.language) or ENGLISH
        self._sentences = {**ENGLISH, **nearest}
        self._locale = locale

    def __getitem__(self, key: str) -> str:
        """Give a sentence without values; KeyError, which templates report, if there is none."""
        return self.say(key)

    def say(self, key: str, **values: str | int) -> str:
        """Give a sentence with its values in place; `count` chooses the plural form."""
        sentence = self._sentences[key]
        if not isinstance(sentence, str):
            category = str(self._locale.plural_form(int(values["count"])))
            sentence = sentence.get(category) or sentence["other"]
        return sentence.format(**values)
