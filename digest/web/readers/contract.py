"""The questions of the readers' pages, and the values they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol


class LinkProblem(StrEnum):
    """The reason why a token opens nothing: never ours (404), or no longer good (410)."""

    UNKNOWN = "unknown"
    RETIRED = "retired"
    EXPIRED = "expired"
    NOBODY = "nobody"

    @property
    def status(self) -> int:
        """The HTTP status: RFC 9110 sections 15.5.5 and 15.5.11."""
        return 404 if self is LinkProblem.UNKNOWN else 410


class ReaderState(StrEnum):
    """A reader's relation to one edition, as these pages tell it."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section of an edition, and whether the reader gets it."""

    id: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReaderEdition:
    """One subscription. `paused_until` is the first local day on which mail comes again.

    `less_often` is the id and title of the edition that comes instead, where there is one.
    """

    id: str
    title: str
    state: ReaderState
    sections: tuple[SectionChoice, ...]
    paused_until: date | None = None
    less_often: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader whom a token speaks for. `edition` is the one whose mail carried the link.

    `address` is shown to whoever holds the link: mask it ("a…@reader.example"), mails are
    forwarded. `others` are the id and title of editions that the reader does not have.
    """

    address: str
    edition: str
    editions: tuple[ReaderEdition, ...]
    others: tuple[tuple[str, str], ...] = ()
    locale: str = ""

    @property
    def current(self) -> ReaderEdition:
        """The subscription whose mail carried the link."""
        return next(one for one in self.editions if one.id == self.edition)


class Action(StrEnum):
    """A reader's order; RESUME ends a pause and also undoes an unsubscription."""

    SECTIONS = "sections"
    PAUSE = "pause"
    RESUME = "resume"
    UNSUBSCRIBE = "unsubscribe"
    LESS = "less"
    JOIN = "join"
    LANGUAGE = "language"
    ADDRESS = "address"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Change:
    """One wish: `sections` go with SECTIONS (never empty), `days` with PAUSE.

    `value` is the reason of UNSUBSCRIBE (or ""), the tag of LANGUAGE, the new one of ADDRESS.
    """

    edition: str
    action: Action
    sections: frozenset[str] = frozenset()
    days: int = 0
    value: str = ""


class WishRefused(Exception):
    """A wish that cannot be carried out: `why` names the sentence that tells it.

    "form": it does not fit any more, as when another tab changed the same; "sections", "days",
    "email", "editions": that choice is missing or is none; "busy": too many ask.
    """

    def __init__(self, why: str, status: int = 422) -> None:
        """Keep the reason apart from the words, which are the reader's own."""
        super().__init__(why)
        self.why = why
        self.status = status


@dataclass(frozen=True, slots=True)
class Left:
    """The content of a goodbye page: edition, masked address and language."""

    edition: str
    title: str
    address: str
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One edition on the form to subscribe by."""

    id: str
    title: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SignupForm:
    """The words that somebody wrote into the form; `network` is where it came from."""

    email: str
    editions: dict[str, frozenset[str]] = field(default_factory=dict)
    network: str = ""
    words: str = ""
    locale: str = ""
    way: str = "form"


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """The meaning of a link to confirm by; `manage` is the token for the preferences."""

    address: str
    editions: tuple[str, ...]
    manage: str
    latest: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that is kept of a reader, for their own eyes: the address is whole.

    `editions` are title, state and sections; `acts` are when, what, by which way, and the words.
    """

    address: str
    name: str
    locale: str
    since: date
    editions: tuple[tuple[str, ReaderState, str], ...]
    acts: tuple[tuple[str, str, str, str], ...]
    document: str = ""


class ReadersBackend(Protocol):
    """The questions of a known reader's pages. Methods are called from worker threads."""

    def find(self, token: str) -> Reader | LinkProblem:
        """Say whom a token speaks for. Any text may come: it is from the address."""

    def change(self, token: str, change: Change) -> None:
        """Carry out a wish; doing it again changes nothing more. Raises WishRefused."""

    async def leave(self, token: str, reason: str, *, one_click: bool) -> Left | LinkProblem:
        """Unsubscribe, for one click as for the page's button; once more changes nothing.

        Awaited in the event loop: it comes by the thousand when an issue has gone out.
        """

    def issue(self, token: str) -> str | LinkProblem:
        """Return the HTML of the issue and variant this token's mail showed."""


class SignupBackend(Protocol):
    """The questions of the form and of the link that confirms."""

    def editions(self) -> tuple[Shown, ...]:
        """Return what there is to subscribe to."""

    def ask(self, form: SignupForm) -> None:
        """Take a wish; what is said to it never depends on the address. Raises WishRefused."""

    def to_confirm(self, token: str) -> ToConfirm | LinkProblem:
        """Say what a link stands for; nothing changes."""

    def confirm(self, token: str, network: str) -> ToConfirm | LinkProblem:
        """Take the reader's word; once more changes nothing."""


class OwnBackend(Protocol):
    """The questions of the pages for a new address and for one's own data."""

    def new_address(self, token: str) -> str | LinkProblem:
        """Return the address that a link would make the reader's; nothing changes."""

    def use_address(self, token: str) -> str | LinkProblem:
        """Make it so and return it. WishRefused "taken" if it has a subscription of its own."""

    def kept(self, token: str) -> Kept | LinkProblem:
        """Return everything that is kept of a reader."""

    def erase(self, token: str) -> LinkProblem | None:
        """Erase the reader; None when it is done."""
