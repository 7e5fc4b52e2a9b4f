"""The line that a reader sees before opening: subject and preheader."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.render.lint.elements import cut
from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet

_LONG, _TOO_LONG = 70, 150
_SHORT_PREHEADER = 20
_LOUD_LETTERS, _LOUD_SHARE = 10, 0.7
_NO_LETTERS = re.compile(r"[\W_]+")
_SHOUTING = re.compile(
    r"!{2,}|\?{3,}|\${2,}|\b100% free\b|\bact now\b|\brisk.free\b", re.IGNORECASE
)


def subject(sheet: Sheet) -> Iterator[Finding]:
    """Ask for a subject that is there, short enough to be seen whole, and does not shout."""
    said = sheet.mail.subject
    if said is None:
        return
    where = f'subject "{cut(said)}"'
    if not said.strip():
        yield error("empty-subject", "subject", "it is empty", "Write one in [[edition]] subject")
    elif len(said) > _TOO_LONG:
        yield error("long-subject", where, f"{len(said)} characters", f"At most {_TOO_LONG}")
    elif len(said) > _LONG:
        yield warning(
            "long-subject", where, f"{len(said)} characters", f"Inboxes show about {_LONG}"
        )
    letters = [letter for letter in said if letter.isalpha()]
    loud = sum(letter.isupper() for letter in letters)
    if _SHOUTING.search(said) or (
        len(letters) >= _LOUD_LETTERS and loud > _LOUD_SHARE * len(letters)
    ):
        yield warning("spam-words", where, "it shouts", "Filters count capitals, !! and $$")


def preheader(sheet: Sheet) -> Iterator[Finding]:
    """Ask for the line beside the subject: without one, inboxes show "View in browser"."""
    said = sheet.mail.preheader
    if said is None:
        return
    if not said.strip():
        yield warning(
            "missing-preheader", "preheader", "it is empty", "Write [[edition]] preheader"
        )
    elif len(said) < _SHORT_PREHEADER:
        yield warning(
            "short-preheader", f'preheader "{said}"', f"{len(said)} characters", "Write 40 to 130"
        )
    elif not _opens_with(sheet, said):
        yield warning(
            "missing-preheader",
            "<body>",
            "the HTML does not begin with it",
            "Put {{ preheader }} into the outermost frame",
        )


def _opens_with(sheet: Sheet, said: str) -> bool:
    """Compare letters and digits only: white space and marks may be written otherwise."""
    words = _letters("".join(sheet.facts.texts)[: 2 * len(said) + 400])
    return _letters(said)[:_SHORT_PREHEADER] in words


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text)


RULES = Family(
    (
        Rule(subject, ("empty-subject", "long-subject", "spam-words"), of_variant=True),
        Rule(preheader, ("missing-preheader", "short-preheader"), of_variant=True),
    )
)
