"""The input and output of lint: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """An error holds the send; a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule's name, where it is, what it is, and what to do about it."""

    rule: str
    level: Level
    place: str
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its reader gets it, every hole filled.

    `subject`, `preheader` and `text` are None where only the HTML is known; `blocks` are the HTML
    cut where its blocks meet, where that is known.
    """

    html: str
    text: str | None = None
    subject: str | None = None
    preheader: str | None = None
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectations:
    """The contents that this mail must have, and its audience.

    `stories` are (headline, address); `unsubscribe_url` is the sample reader's, "" where unknown;
    `placeholders` are texts that somebody forgot to replace. `max_bytes` is the budget of HTML.
    """

    stories: tuple[tuple[str, str], ...] = ()
    unsubscribe_url: str = ""
    postal_address: str = ""
    placeholders: tuple[str, ...] = ()
    clients: frozenset[str] = frozenset()
    max_bytes: int = 90_000


def error(rule: str, place: str, what: str, fix: str) -> Finding:
    """Return a finding that holds the send."""
    return Finding(rule, Level.ERROR, place, what, fix)


def warning(rule: str, place: str, what: str, fix: str) -> Finding:
    """Return a finding that is only told."""
    return Finding(rule, Level.WARNING, place, what, fix)
