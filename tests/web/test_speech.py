"""The words of the readers' pages, in their language."""

from __future__ import annotations

from datetime import date

import pytest
from markupsafe import Markup

from digest.errors import RenderError
from digest.web.readers.speech import Speech


def test_a_value_is_escaped_unless_it_is_markup() -> None:
    """A name that somebody chose is data; the page's own elements stay elements."""
    speech = Speech("fr")
    assert speech.say("page_stop", edition="<b>&") == "Ne plus recevoir &lt;b&gt;&amp;\u00a0?"
    assert "<bdi>x</bdi>" in speech.say("page_stop", edition=Markup("<bdi>x</bdi>"))


def test_braces_in_a_name_are_no_placeholders() -> None:
    """What stands in a value is not filled again."""
    assert "{site}" in Speech("de").say("page_home", site="{site}")


@pytest.mark.parametrize(
    ("language", "days", "day"),
    [
        ("en", "7 days", "December 7"),
        ("de", "7 Tage", "7. Dezember"),
        ("pl", "7 dni", "7 grudnia"),
        ("uk", "7 днів", "7 грудня"),
        ("ar", "7 أيام", "7 ديسمبر"),
        ("ja", "7日間", "12月7日"),
        ("fr", "7 jours", "7 décembre"),
    ],
)
def test_days_and_dates_are_written_as_the_language_does(
    language: str, days: str, day: str
) -> None:
    """Plural form and date are the language's own."""
    speech = Speech(language)
    assert speech.say("page_days", count=7) == days
    assert speech.day(date(2026, 12, 7)) == day


@pytest.mark.parametrize(
    ("language", "direction", "cased"),
    [("en-GB", "ltr", True), ("ar", "rtl", False), ("he", "rtl", False), ("ja", "ltr", False)],
)
def test_it_knows_how_its_language_runs(language: str, direction: str, *, cased: bool) -> None:
    """For the page's first element."""
    speech = Speech(language)
    assert (speech.language, speech.direction, speech.cased) == (language, direction, cased)


def test_a_language_that_is_none_is_refused() -> None:
    """Before anything is served."""
    with pytest.raises(RenderError, match="is not a language"):
        Speech("klingon-please")
