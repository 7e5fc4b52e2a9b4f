"""What the desk's pages ask, and the values they are answered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from digest.pipeline.desk.overlay_wishes import Change
from digest.pipeline.gathering.source_health import SourceHealth
from digest.web.desk.knowledge import (
    DoubtfulPair,
    IssueHistory,
    LinkCheck,
    NamedReader,
    Readership,
)
from digest.web.desk.view import CandidateRow, CheckGroup, SectionRows
from digest.web.preview import PreviewEdition, PreviewPage

SITTING = "digest.sitting"
"""The key of a request's scope under which the way in says who sits at the desk: a Sitting."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An issue that is looked at: an edition, the reader's sections (none is all), a slot's key.

    `reader` is the public id of the one reader whose mail it is; their sections come before others.
    """

    edition: str
    sections: frozenset[str] = frozenset()
    slot: str = ""
    again: bool = False
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits at the desk, and whether they may change anything; `way_out` ends their session.

    `may_find` lets them look at the mail of a reader whose address they know.
    """

    who: str = ""
    may_change: bool = False
    may_find: bool = False
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What the overlay's file says by itself: its version, and the entries that the page edits."""

    file: str
    version: str
    entries: dict[str, Any] = field(default_factory=dict)
    undo: str = ""
    redo: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """How the issue stands with its editors; `changed` says how it differs from an approval."""

    by: str = ""
    changed: tuple[str, ...] = ()
    held: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """How many readers made one choice of sections; `sections` are their titles, none is all."""

    sections: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps the issue from being made: what, where, and how to mend it."""

    what: str
    where: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """All that the desk shows of one issue. Without a `page` there are faults.

    Faults beside a page are wishes that were left out: nothing is sent until they are mended.
    """

    edition: PreviewEdition
    page: PreviewPage | None = None
    faults: tuple[Fault, ...] = ()
    stories: tuple[SectionRows, ...] = ()
    candidates: tuple[CandidateRow, ...] = ()
    checks: tuple[CheckGroup, ...] = ()
    readers: tuple[ReaderChoice, ...] = ()
    written: Written | None = None
    approved: Approved = Approved()
    own_titles: dict[str, str] = field(default_factory=dict)
    today: date | None = None
    reader: NamedReader | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What one panel shows besides; the others' is not asked for. `sources` counts them all."""

    readership: Readership | None = None
    history: IssueHistory = IssueHistory()  # noqa: RUF009 - frozen and empty
    sources: int = 0
    troubled: tuple[SourceHealth, ...] = ()
    pairs: tuple[DoubtfulPair, ...] = ()
    links: LinkCheck | None = None


class DeskAnswers(Protocol):
    """The questions of the desk. Methods are called from worker threads and may be slow."""

    def editions(self) -> Sequence[PreviewEdition]:
        """Return every edition of the configuration as it is now. Raises DigestError."""

    def stamp(self) -> str:
        """Name the state of all that a page is built from; must be quick."""

    def files_mark(self) -> str:
        """Name the state of the files alone: asked many times a second."""

    def page(self, asked: Asked) -> DeskPage:
        """Return the issue with all that is known of it; faults are part of the answer."""

    def beside(self, asked: Asked, panel: str, shown: DeskPage) -> Beside:
        """Return what the panel of that name shows besides the issue. Raises DigestError."""

    def reader(self, address: str) -> str:
        """Return the public id of the reader with that address. Raises UsageError if none has."""

    def pictures(self, urls: Sequence[str]) -> Mapping[str, str]:
        """Fetch pictures; return the `data:` address of each that could be had."""

    def links(self, asked: Asked) -> str:
        """Ask for every address in the mail; return a sentence. Raises DigestError."""

    def change(self, asked: Asked, version: str, change: Change, words: str) -> None:
        """Write one change into the overlay. Raises DigestError."""

    def undo(self, asked: Asked, version: str) -> str:
        """Take the last change back; return its words. Raises DigestError."""

    def redo(self, asked: Asked, version: str) -> str:
        """Make the undone change again; return its words. Raises DigestError."""

    def approve(self, asked: Asked, sha256: str, who: str) -> str:
        """Approve that hash in the name of `who`; return a sentence. Raises DigestError."""

    def hold(self, asked: Asked, who: str) -> str:
        """Keep the issue from being sent; return a sentence. Raises DigestError."""

    def release(self, asked: Asked) -> str:
        """Let a held issue go on; return a sentence. Raises DigestError."""

    def test(self, asked: Asked, address: str) -> str:
        """Send a test mail; return what became of it. Raises DigestError."""
