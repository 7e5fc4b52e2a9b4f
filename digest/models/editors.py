"""The additions that editors make to one issue."""

from __future__ import annotations

from dataclasses import dataclass

from digest.models.articles import Picture


@dataclass(frozen=True, slots=True)
class EditorsNote:
    """An editor's words to the readers of one issue: Markdown, and the byline."""

    text: str
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A story that editors put at a place of a section: 1 is its first, tops before the latest."""

    story_id: str
    place: int


@dataclass(frozen=True, slots=True)
class LeadWish:
    """The story editors chose to lead: for readers of its sections, or for everyone.

    `section` is the heading it stands under where a reader chose it; empty is its own best.
    """

    story_id: str
    section: str = ""
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A paid slot of one issue, always with the `label` that says so.

    It stands after `section` for its readers, or after the lead when that is empty.
    """

    text: str
    label: str
    url: str = ""
    picture: Picture | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class ExtraLink:
    """A link that editors add below the stories."""

    title: str
    url: str
