"""The editors' wishes for one issue, or for every issue of an edition: plain values, no rule.

Read from a file by file.py, matched with the articles by match.py. Each entry keeps `where` it was
written ("overlays/daily/2026-11-23.toml:5"), for the error it may become.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from digest.models.articles import Picture
from digest.models.editors import EditorsNote, ExtraLink


@dataclass(frozen=True, slots=True)
class PinWish:
    """Put a story at a place of a section (1 is the first); no section: its own best."""

    where: str
    story: str
    section: str = ""
    place: int = 1


@dataclass(frozen=True, slots=True)
class LeadEntry:
    """Let a story lead, for readers of its sections or for everyone."""

    where: str
    story: str
    section: str = ""
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Leave a story out. One of a standing overlay need not match in every issue."""

    where: str
    story: str
    why: str = ""
    must_match: bool = True


@dataclass(frozen=True, slots=True)
class MergeWish:
    """Tell these stories as one; an article of the first named leads it."""

    where: str
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitWish:
    """Tell an article as a story of its own, apart from those it was merged with."""

    where: str
    story: str


@dataclass(frozen=True, slots=True)
class OrderWish:
    """The stories of a section that go first among those shown."""

    where: str
    section: str
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replacement:
    """New words or a new picture for a story; None leaves its own."""

    where: str
    story: str
    headline: str | None = None
    excerpt: str | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Boost:
    """A factor on a story's score."""

    where: str
    story: str
    factor: float
    must_match: bool = True


@dataclass(frozen=True, slots=True)
class SponsorSlot:
    """A paid slot from `starts` (included) to `expires`; None is no limit.

    A moment without a zone is the edition's local time; a bare date as `expires` is the last day.
    One of a standing overlay need not run in every issue.
    """

    where: str
    text: str
    label: str
    url: str = ""
    picture: Picture | None = None
    section: str = ""
    starts: date | datetime | None = None
    expires: date | datetime | None = None
    must_run: bool = True


@dataclass(frozen=True, slots=True)
class Overlay:
    """All wishes; empty says nothing. `sections` is the order of headings, with its own place."""

    subject: str = ""
    preheader: str = ""
    sections: tuple[str, ...] = ()
    sections_where: str = ""
    note: EditorsNote | None = None
    lead: LeadEntry | None = None
    pins: tuple[PinWish, ...] = ()
    drops: tuple[Drop, ...] = ()
    orders: tuple[OrderWish, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    boosts: tuple[Boost, ...] = ()
    sponsors: tuple[SponsorSlot, ...] = ()
    links: tuple[ExtraLink, ...] = ()
    merges: tuple[MergeWish, ...] = ()
    splits: tuple[SplitWish, ...] = ()

    def over(self, standing: Overlay) -> Overlay:
        """Lay this issue's wishes over the standing ones: single words win, lists add up."""
        order = self if self.sections else standing
        return replace(
            self,
            subject=self.subject or standing.subject,
            preheader=self.preheader or standing.preheader,
            sections=order.sections,
            sections_where=order.sections_where,
            note=self.note or standing.note,
            drops=(*self.drops, *standing.drops),
            boosts=(*self.boosts, *standing.boosts),
            sponsors=(*self.sponsors, *standing.sponsors),
            links=(*self.links, *standing.links),
        )
