"""The values that the subscribers' store takes in and returns. No rows, no queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from subscribers.address import Address
from subscribers.consent import Act, ConsentRecord, Proof
from subscribers.lifecycle import State, Suppressed
from subscribers.plain_text import plain

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ListedState:
    """The word of a list on somebody: `state` None is an address that is only suppressed.

    `since` is when they left, bounced or were blocked, as far as the list says; `left_at` when
    somebody left who is suppressed as well.
    """

    state: State | None = State.ACTIVE
    suppressed: Suppressed | None = None
    since: datetime | None = None
    detail: str = ""
    paused_until: datetime | None = None
    left_at: datetime | None = None

    @property
    def lowers(self) -> bool:
        """Whether this takes mail away from somebody who had it."""
        return self.suppressed is not None or self.state is State.UNSUBSCRIBED


ACTIVE = ListedState()


@dataclass(frozen=True, slots=True)
class Row:
    """One reader on the way in, checked; `sections` is canonical text, "" for all.

    `edition` is "" where the one who imports says which. `proofs` are the acts of consent that the
    list has dates or words for. `odd` is what is strange about an address that is valid.
    """

    line: int
    address: Address
    name: str = ""
    sections: str = ""
    locale: str = ""
    edition: str = ""
    standing: ListedState = ACTIVE
    joined_at: datetime | None = None
    confirmed_at: datetime | None = None
    proofs: tuple[tuple[Act, Proof], ...] = ()
    public_id: str = ""
    odd: str = ""
    cells: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Make the name plain: command, list, form and program all come in through here."""
        object.__setattr__(self, "name", plain(self.name, LONGEST_NAME))


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """One line that was not taken in, and why. The others were. `cells` is what it held.

    `other` is no fault of the line: it is of another edition than the one that was asked for.
    """

    line: int
    what: str
    cells: tuple[str, ...] = ()
    other: bool = False

    def __str__(self) -> str:
        """Read as "line 7: …"."""
        return f"line {self.line}: {self.what}"


class Enrolled(StrEnum):
    """The outcome for one reader who was to be taken in: added is active, the others as named."""

    ADDED = "added"
    PENDING = "pending"
    PAUSED = "paused"
    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    LEFT = "left"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """The decision on one row: its outcome, and whether it takes mail from somebody who had it."""

    row: Row
    outcome: Enrolled
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import: each line read is in exactly one of these.

    `added` get mail from now on, `pending` and `paused` came in as that; `unchanged` were here
    already and keep what they chose; `left` had unsubscribed, here or where the list comes from,
    and `suppressed` must not be written to, and both stay that way; `rejected` were faults, and
    `other` of another edition.

    `lowered` counts those of `left` and `suppressed` who had mail until now; `said` what the list
    itself said of those who are not simply active in it.
    """

    added: int = 0
    pending: int = 0
    paused: int = 0
    confirmed: int = 0
    unchanged: int = 0
    left: int = 0
    suppressed: int = 0
    rejected: int = 0
    other: int = 0
    lowered: int = 0
    said: Mapping[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """Count every line read."""
        kept = self.added + self.pending + self.paused + self.confirmed + self.unchanged
        return kept + self.left + self.suppressed + self.rejected + self.other


@dataclass(frozen=True, slots=True)
class SignupOutcome:
    """The outcome of a reader's own wish to subscribe.

    `before` is None for somebody new; `suppressed` names why no mail may go there, or is "".
    """

    public_id: str
    before: State | None
    state: State
    suppressed: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """A reader's wish to leave an edition, by a link; `proof.words` may hold a reason."""

    public_id: str
    edition: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Departure:
    """A reader who left: the edition as it is called now, their address and language."""

    edition: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class SuppressionRecord:
    """An address that gets no mail; `key` is its mark if the address was erased."""

    key: str
    reason: Suppressed
    detail: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """One person's relation to one edition; `sections` is empty for all."""

    edition: str
    state: State
    sections: frozenset[str]
    paused_until: datetime | None
    created_at: datetime
    confirmed_at: datetime | None
    unsubscribed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriberRecord:
    """A person with every subscription and act; `suppressed` names why they get no mail, or ""."""

    id: int
    public_id: str
    email: str
    name: str
    locale: str
    created_at: datetime
    suppressed: str
    subscriptions: tuple[SubscriptionRecord, ...]
    consent: tuple[ConsentRecord, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return everything but the internal number, as JSON has it (GDPR Article 20)."""
        told = asdict(self)
        del told["id"]
        return {name: _as_json(value) for name, value in told.items()}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list or an export: a person in one edition; `sections` is "" for all."""

    public_id: str
    email: str
    name: str
    sections: str
    locale: str
    edition: str
    state: State
    suppressed: str
    created_at: datetime
    confirmed_at: datetime | None = None
    unsubscribed_at: datetime | None = None
    paused_until: datetime | None = None
    suppressed_at: datetime | None = None
    suppressed_detail: str = ""
    consent: tuple[ConsentRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people there are, by edition and state, and how many addresses are suppressed."""

    subscribers: int
    by_edition: Mapping[str, Mapping[State, int]]
    suppressed: int
    by_reason: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Growth:
    """How many confirmed and how many left in each of some spans of time, one after the other."""

    came: tuple[int, ...]
    left: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tidied:
    """The records forgotten, or to be: people who never confirmed, marks of the erased."""

    unconfirmed: int
    plain_marks: int
    lost_marks: int


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _as_json(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple | list):
        return [_as_json(one) for one in value]
    return value
