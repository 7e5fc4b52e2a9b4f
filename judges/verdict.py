"""What is judged, and what a judge says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgedMail:
    """One mail as a reader gets it: the page with its links filled in, and the whole message."""

    theme: str
    language: str
    length: str
    html: str
    data: bytes

    @property
    def name(self) -> str:
        """Name it in tables and files: "letter-ar-long"."""
        return f"{self.theme}-{self.language}-{self.length}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one judge says of one mail: a score in its own words, and what must be mended."""

    mail: str
    score: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one judge said: who it was, one verdict a mail, and what it tells of all of them.

    `limit` says in words what is a fault; `notes` are not faults, `faults` belong to no one mail.
    """

    judge: str
    version: str
    limit: str
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def all_faults(self) -> list[str]:
        """Return every fault with the mail it was found in."""
        found = [f"{one.mail}: {fault}" for one in self.verdicts for fault in one.faults]
        return [*found, *self.faults]


Judge = Callable[[Sequence[JudgedMail], Mapping[str, bytes]], Judgement]
"""Judges all mails, given the drawings behind the addresses of their pictures; ToolMissing."""


class ToolMissing(Exception):
    """A judge's tool is not on this machine; the message says what to install."""
