"""The content of one edition in one slot, frozen before the first byte leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digest.models.editors import EditorsNote, ExtraLink, LeadWish, Pin, Sponsor
from digest.models.site import SiteFacts
from digest.models.stories import Story


@dataclass(frozen=True, slots=True)
class Slot:
    """One scheduled local date-time of an edition; `key` names it: "2026-11-23"."""

    edition: str
    key: str
    at: datetime

    @property
    def issue_key(self) -> str:
        """Name the issue of this slot: "daily/2026-11-23"."""
        return f"{self.edition}/{self.key}"


class IssueState(StrEnum):
    """draft → waiting → sending → finished, or held, or cancelled; without a gate, no waiting."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    SENDING = "sending"
    FINISHED = "finished"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class IssueSection:
    """A section of an issue with its candidates, best first: enough for every set of sections.

    `top` and `latest` are how many stories it shows of each; `by_score` and `by_date` are story
    ids, ordered, and `scores` are the figures of `by_score` in this section. Which of them a
    reader sees depends on the other sections that reader chose. `per_source` and `per_author` cap
    the stories of one source or author (0 is no cap); a source has more than `source_share` of them
    only where no other fills the room (0 is no share); below `minimum` the section is left out.
    `unclaimed` are those of `by_score` that nothing speaks for: they are never shown as *top*.
    `pins` are the editors' places, `order` the story ids that go first among those it shows.
    """

    id: str
    title: str
    url: str
    top: int
    latest: int
    by_score: tuple[str, ...]
    by_date: tuple[str, ...]
    scores: tuple[float, ...] = ()
    per_source: int = 0
    per_author: int = 0
    minimum: int = 1
    pins: tuple[Pin, ...] = ()
    order: tuple[str, ...] = ()
    source_share: int = 0
    unclaimed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A choice of sections ("tech,world", sorted; "" is all) and the stories it waits for.

    Earlier issues told them to others who read their sections, and had no room for them here.
    """

    sections: str
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """The contents of one edition in one slot: frozen before the first byte leaves.

    It holds no rendering and no reader. `subject` and `preheader` are template sources, because
    they may speak of the lead, and the lead depends on the chosen sections. `lead` is the editors'
    wish; `unled` are stories that led another edition's issue shortly before and lead this one
    only by that wish; `told` are stories that earlier issues told to some of their readers:
    only the choices of `waiting` see them; `max_stories` caps what one reader sees (0 is no cap);
    `in_reply_to` names the issue that this one corrects; `eight_bit` lets its mails go to servers
    with 8BITMIME only; `link_tags` are names and values for the links to articles and sections.
    """

    slot: Slot
    edition_title: str
    timezone: str
    language: str
    theme: str
    site: SiteFacts
    from_header: str
    subject: str
    preheader: str
    sections: tuple[IssueSection, ...]
    stories: tuple[Story, ...]
    note: EditorsNote | None = None
    lead: LeadWish | None = None
    sponsors: tuple[Sponsor, ...] = ()
    links: tuple[ExtraLink, ...] = ()
    unled: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    max_stories: int = 0
    in_reply_to: str = ""
    eight_bit: bool = False
    link_tags: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Name the issue: "daily/2026-11-23"."""
        return self.slot.issue_key


@dataclass(frozen=True, slots=True)
class Telling:
    """The stories that one issue told to each choice of sections, for the composing of later ones.

    `variants` maps the chosen sections of everybody it was planned for ("tech,world", "" is all)
    to a variant, or None: nothing new; `told` maps a variant to the ids of its articles.
    """

    issue: str
    variants: Mapping[str, str | None]
    told: Mapping[str, frozenset[str]]
