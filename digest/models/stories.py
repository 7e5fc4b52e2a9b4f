"""Articles that report the same event, and what became of each article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from digest.models.articles import Article


@dataclass(frozen=True, slots=True)
class Story:
    """The articles, from any source, that report the same event; `article` leads.

    `sections` are the edition's sections it belongs to, best first; `score` is the rank's figure
    for *top* in the best of them; `date` is when it was reported, or first seen if nobody says.
    """

    id: str
    article: Article
    also: tuple[Article, ...] = ()
    sections: tuple[str, ...] = ()
    score: float = 0.0
    date: datetime | None = None


class Reason(StrEnum):
    """Why an article of the look-back is, or is not, in an issue; `explain` prints these."""

    IN = "in"
    MERGED = "merged with another article of the same story"
    CARRIED = "carried over: no room in this issue"
    SETTLING = "it changed too shortly before"
    EXPIRED = "expired: too old now, and no reader was told it"
    SENT_BEFORE = "an earlier issue of this edition carried it"
    TOO_OLD = "older than the look-back"
    NOT_YET = "dated after this slot"
    NO_SECTION = "its source belongs to no section of this edition"
    EXCLUDED = "its sections leave out what bears its tag"
    NO_TITLE = "it has no headline or no address"
    LANGUAGE = "it is in another language than the edition"
    DROPPED = "the editors dropped it"
    WITHDRAWN = "its site withdrew it"


class Verdict(NamedTuple):
    """The outcome of one article, and why: one row of `explain`.

    `story_id` names its story, where it was read as part of one. One that is in has its `place`
    there: "lead", "top" or "latest", and for which readers if not for those of all sections.
    """

    article_id: str
    title: str
    source_id: str
    reason: Reason
    sections: tuple[str, ...] = ()
    detail: str = ""
    story_id: str = ""
    place: str = ""
