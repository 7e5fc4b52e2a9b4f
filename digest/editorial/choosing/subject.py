"""Subject and preheader: the newsroom's templates over the issue, in a sandbox.

Only the configuration's text is a template. Whatever came from a feed goes in as a value, so a
headline with braces stays a headline with braces. What comes out is one line of plain text.

Variables: `lead` (title, excerpt, author, url, section), `headlines` (the next stories' titles in
one line), `titles` (the same as a list), `edition`, `site`, `date` (the slot's local day),
`count` (stories in this mail). In a mail that has no lead `lead` is nothing: a template that asks
for more of it than whether it is there gives way to one that does without.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from digest.errors import ConfigError
from digest.models.issues import Issue
from digest.models.stories import Story

SUBJECT_LENGTH = 120
PREHEADER_LENGTH = 150
_HEADLINES = 4
_LEADLESS = {"subject": "{{ edition }}, {{ date }}", "preheader": "{{ headlines }}"}
_BREAKS = {"Cc", "Zl", "Zp"}
_UNSEEN = {"Cf", "Co", "Cs"}  # direction overrides, private letters, halves of pairs
_JOINERS = "\u200c\u200d"  # part of emoji, and of Persian and Indic words
_SPACES = re.compile(r"\s+")


def subject_of(issue: Issue, lead: Story | None, section: str, rest: Sequence[Story]) -> str:
    """Return the finished subject: one line, at most 120 characters, never empty.

    A template that comes out empty gives the edition's title. Raises ConfigError.
    """
    text = _rendered(issue, "subject", issue.subject, _facts(issue, lead, section, rest))
    return one_line(text, SUBJECT_LENGTH) or one_line(issue.edition_title, SUBJECT_LENGTH)


def preheader_of(issue: Issue, lead: Story | None, section: str, rest: Sequence[Story]) -> str:
    """Return the finished preheader: one line, at most 150 characters. Raises ConfigError."""
    text = _rendered(issue, "preheader", issue.preheader, _facts(issue, lead, section, rest))
    return one_line(text, PREHEADER_LENGTH)


def one_line(text: str, limit: int) -> str:
    """Fold line breaks, drop what nobody sees, and cut at a word's end."""
    shown = unicodedata.normalize("NFC", text)
    if not shown.isprintable():  # most are, and then each letter can be seen
        shown = "".join(map(_visible, shown))
    line = _SPACES.sub(" ", shown).strip()
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    if line[limit - 1] != " " and " " in head[limit // 2 :]:
        head = head.rpartition(" ")[0]
    return head.rstrip(" ,;:.\u2013\u2014-|·") + "…"


def _visible(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isprintable() else " "
    kind = unicodedata.category(letter)
    if kind in _BREAKS:
        return " "
    return "" if kind in _UNSEEN and letter not in _JOINERS else letter


def _facts(issue: Issue, lead: Story | None, section: str, rest: Sequence[Story]) -> dict[str, Any]:
    titles = [story.article.title for story in rest[:_HEADLINES]]
    day = issue.slot.at.astimezone(ZoneInfo(issue.timezone)).date()
    return {
        "lead": _lead(lead, section),
        "titles": titles,
        "headlines": " · ".join(titles),
        "edition": issue.edition_title,
        "site": issue.site.name,
        "date": _day(day, issue.language),
        "count": len(rest) + (lead is not None),
    }


def _lead(lead: Story | None, section: str) -> dict[str, str] | None:
    return (
        None
        if lead is None
        else {
            "title": lead.article.title,
            "excerpt": lead.article.excerpt,
            "author": lead.article.author,
            "url": lead.article.url,
            "section": section,
        }
    )


def _rendered(issue: Issue, key: str, source: str, facts: dict[str, Any]) -> str:
    from jinja2 import UndefinedError

    from digest.templating.sandbox import FAULTS

    try:
        try:
            return _line(source, facts)
        except UndefinedError:
            if facts["lead"]:
                raise
            return _line(_LEADLESS[key], facts)
    except FAULTS as error:
        raise ConfigError(
            f"the template fails: {str(error) or type(error).__name__}",
            where=f'edition "{issue.slot.edition}" {key}',
            fix=f'Mend "{source[:80]}"; it may use {", ".join(sorted(facts))}',
        ) from error


def _line(source: str, facts: dict[str, Any]) -> str:
    """Return the line; most of an issue's variants have the same lead, and so the same subject."""
    from digest.templating.lines import names_in

    asked = {name: facts[name] for name in sorted(names_in(source)) if name in facts}
    return _known_line(source, json.dumps(asked))


@lru_cache(maxsize=256)
def _known_line(source: str, facts: str) -> str:
    from digest.templating.lines import line_of

    return line_of(source, json.loads(facts))


@lru_cache(maxsize=256)
def _day(day: date, language: str) -> str:
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return str(format_date(day, format="long", locale=locale))
