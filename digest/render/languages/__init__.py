"""Catalogues of the words a mail speaks: one gettext file (.po) a language, read as it is.

There is no compiled file beside it that could be older than its source: Babel compiles in memory
when a language is first spoken, once a process (about 1 ms). The key is the message's context
(`msgctxt`), so translators see the English sentence and templates a short name. Any editor of
gettext files can add a language; tests/render/test_languages.py says what it must hold.
"""

from __future__ import annotations

import difflib
import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_FOLDER = Path(__file__).parent
_SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Sentences:
    """One language's catalogue: `singular` and `plural` give a sentence with {names} in it.

    Raises KeyError for a key that the English catalogue does not have; what only a translation
    lacks is said in English.
    """

    language: str
    translations: gettext.GNUTranslations

    def singular(self, key: str) -> str:
        """Return the sentence, in its first form if it counts."""
        return self.translations.pgettext(key, _english()[key][0])

    def plural(self, key: str, count: int) -> str:
        """Return the form for `count`, as the catalogue's Plural-Forms header says."""
        one, many = _english()[key]
        return self.translations.npgettext(key, one, many or one, count)

    def counts(self, key: str) -> bool:
        """Say whether the sentence has plural forms."""
        return bool(_english()[key][1])


def languages() -> tuple[str, ...]:
    """Return the names of all catalogues: "de", "pt_PT"."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.po")))


def nearest(wished: str) -> str:
    """Name the catalogues a misspelt language may have meant, or all of them, for a person."""
    named: dict[str, str] = {}
    for name in languages():
        locale = Locale.parse(name)
        told = (name, locale.english_name, locale.get_display_name(locale))
        named |= {str(one).casefold(): name.replace("_", "-") for one in told}
    found = difflib.get_close_matches(wished.casefold(), named, n=3, cutoff=0.6)
    known = dict.fromkeys(named[one] for one in found) or dict.fromkeys(named.values())
    return ", ".join(f'"{name}"' for name in known)


def spoken(locale: Locale) -> str:
    """Return the language of the catalogue that a locale's words come from: "en" if it has none."""
    return sentences(locale).language


def catalogue(language: str) -> Catalog:
    """Read one .po file; FileNotFoundError when there is none."""
    with (_FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def sentences(locale: Locale) -> Sentences:
    """Return the nearest catalogue: language with script or place, then language, then English.

    "zh-TW" finds `zh_Hant`, for that is how it is written there.
    """
    known = languages()
    wished = (
        f"{locale.language}_{locale.territory}",
        f"{locale.language}_{script(locale)}",
        locale.language,
    )
    return _read(next((name for name in wished if name in known), _SOURCE))


def script(locale: Locale) -> str:
    """Return the script a language is written in (ISO 15924): "Latn", "Arab", "Hant"."""
    if locale.script:
        return str(locale.script)
    likely: dict[str, str] = _likely_subtags()
    for tag in (f"{locale.language}_{locale.territory}", locale.language):
        if tag in likely:
            return likely[tag].split("_")[1]
    return "Latn"


@cache
def _likely_subtags() -> dict[str, str]:
    from babel.core import get_global

    return dict(get_global("likely_subtags"))


@cache
def _english() -> dict[str, tuple[str, str]]:
    """Return key → the English sentence and, if it counts, its plural."""
    found: dict[str, tuple[str, str]] = {}
    for message in catalogue(_SOURCE):
        if message.context:
            forms = (message.id, "") if isinstance(message.id, str) else message.id
            found[message.context] = (forms[0], forms[1])
    return found


@cache
def _read(language: str) -> Sentences:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Sentences(language, gettext.GNUTranslations(compiled))
