"""An edition's plan, and the answer of choosing: plain values, no rule.

The plan is the policy half of the question; articles, history and slot are the other half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from digest.models.issues import Issue
from digest.models.site import SiteFacts
from digest.models.stories import Verdict


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """An editorial heading: its sources, its quotas and how its stories age.

    A source without a weight weighs 1. `per_source` and `per_author` cap how many stories of one
    source or author the section may show; 0 is no cap. A source has more than `source_share` of
    them only where no other fills the room; 0 is no share. With fewer than `minimum` stories the
    section is left out. `languages` are those that its stories may be in besides the edition's,
    "*" for any. What bears one of `exclude_tags` (label_key) is not read by this section.
    """

    id: str
    title: str
    url: str = ""
    sources: tuple[str, ...] = ()
    latest: int = 5
    top: int = 3
    half_life_hours: float = 72.0
    source_weights: Mapping[str, float] = field(default_factory=dict)
    weight: float = 1.0
    per_source: int = 0
    source_share: int = 0
    per_author: int = 0
    minimum: int = 1
    languages: frozenset[str] = frozenset()
    exclude_tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """An edition as choosing needs it.

    An article counts if its date or its first sighting lies inside `look_back_hours` before the
    slot, and its date is at most `max_age_hours` old: the second limit keeps a new source's
    archive out. `boosts` are the editors' factors by article id or URL. `max_stories` caps what
    one reader sees, the lead counted; 0 is no cap. `eight_bit` and `link_tags` are as in the issue.
    """

    id: str
    title: str
    timezone: str
    language: str
    theme: str
    subject: str
    preheader: str
    sections: tuple[SectionPlan, ...]
    look_back_hours: float
    site: SiteFacts
    from_header: str
    max_age_hours: float = 336.0
    boosts: Mapping[str, float] = field(default_factory=dict)
    max_stories: int = 0
    eight_bit: bool = False
    link_tags: tuple[tuple[str, str], ...] = ()


class ScoreTerms(NamedTuple):
    """The score of one story in one section, term by term: what `explain` shows.

    `basis` says where the popularity came from: "popularity", "comments", "prominence" (what the
    sites make of it, as `signs` says) or "none": then it is nobody's *top*.
    """

    story_id: str
    section: str
    score: float
    recency: float
    popularity: float
    coverage: float
    weight: float
    basis: str
    signs: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """An entry of an overlay that met its story and of which there may be something to say.

    `where` it is written, what `entry` it is ("replace") and what it is called there; `idle` says
    why it does nothing where that is known before anything is composed; `said` is what an editor
    should know of one that does something.
    """

    where: str
    entry: str
    name: str
    story_id: str = ""
    idle: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The issue, a verdict for every article, the terms of every candidate, and remarks.

    `notes` are sentences for the operator, such as that a section has no popularity signal.
    `faults` are the overlay's entries that match nothing, each in a sentence with its line: such
    an issue is not to be sent. `wishes` are those that match but may yet do nothing.
    """

    issue: Issue
    verdicts: tuple[Verdict, ...]
    terms: tuple[ScoreTerms, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
