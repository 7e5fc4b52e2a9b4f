"""The record of consent: when, by which way, and by which words somebody asked, agreed or left.

GDPR Article 7(1) wants consent to be demonstrated. Acts are only ever added, and stay after a
reader left: coming back is a new act beside the old ones. An erasure takes them with the person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from subscribers.plain_text import plain

LONGEST_WORDS = 1_000  # what one cell of a list may hold, so that an export reads back whole


class Act(StrEnum):
    """An act of a reader: asked for mail, confirmed that the address is theirs, or left."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    WITHDREW = "withdrew"


class Way(StrEnum):
    """How it reached us. LIST and BY_HAND are an operator's word, the others are the reader's."""

    FORM = "form"
    API = "api"
    LINK = "link"
    ONE_CLICK = "one_click"
    MAIL = "mail"
    REPORT = "report"
    LIST = "list"
    BY_HAND = "by_hand"


OPERATORS_WORD = frozenset({Way.LIST, Way.BY_HAND})


@dataclass(frozen=True, slots=True)
class Proof:
    """How an act can be proved.

    `words` is what the reader agreed to, or why they left, or where an operator says it was;
    `network` a keyed hash of the network it came from (pseudonyms.py), never an address. `at` is
    when it happened if that was not now, as in a list from elsewhere; None there means unknown.
    `recorded_at` is when another store of ours recorded it.
    """

    way: Way
    words: str = ""
    network: str = ""
    at: datetime | None = None
    recorded_at: datetime | None = None

    def shortened(self) -> Proof:
        """Return it with its words as one line of plain text of at most LONGEST_WORDS."""
        return replace(self, words=plain(self.words, LONGEST_WORDS))


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One act as it is kept; `at` is None where a list did not say when."""

    edition: str
    act: Act
    way: Way
    words: str
    network: str
    at: datetime | None
    recorded_at: datetime
