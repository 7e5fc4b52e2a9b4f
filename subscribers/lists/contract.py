"""The contract of a format: its header, the meaning of its columns, and who may get mail by it.

A format is one file in `formats/` and one line in its registry. It reads nothing itself: it names
columns, and the one reader (reading.py) does the same for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from subscribers.lists.names import bare
from subscribers.lists.standings import Said
from subscribers.values import ACTIVE, ListedState


class Field(StrEnum):
    """The fields that a column may hold; the values are those of `--map`."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    SECTIONS = "sections"
    LOCALE = "locale"
    STATUS = "status"
    JOINED = "joined"
    ASKED = "asked"
    ASKED_IP = "asked_ip"
    CONFIRMED = "confirmed"
    CONFIRMED_IP = "confirmed_ip"
    LEFT = "left"
    REASON = "reason"
    EDITION = "edition"
    PUBLIC_ID = "id"
    SUPPRESSED = "suppressed"
    SUPPRESSED_AT = "suppressed_at"
    SUPPRESSED_DETAIL = "suppressed_detail"
    PAUSED_UNTIL = "paused_until"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class ListFormat:
    r"""One kind of list.

    `signs` are columns that only its files have together, "a|b" is one of them; `columns` gives the
    names under which each field may stand, the first that is there is taken; `said` are the columns
    that tell how somebody stands, and how each is read: of all that is said, what lets in least
    counts. `base` is the standing of everybody of whom nothing is said. `exact` formats want
    languages that are right; the others' are left out where they are not. `escaped` files write a
    quotation mark inside a cell as \".
    """

    name: str
    title: str
    signs: tuple[str, ...]
    columns: Mapping[Field, tuple[str, ...]]
    said: Mapping[str, Said] = field(default_factory=dict)
    base: ListedState = ACTIVE
    exact: bool = False
    ours: bool = False
    escaped: bool = False

    def recognises(self, header: frozenset[str]) -> bool:
        """Whether a header, as `bare` names, is that of this format."""
        return bool(self.signs) and all(
            any(bare(name) in header for name in sign.split("|")) for sign in self.signs
        )
