"""One row of `explain`: what became of an article, and why."""

from __future__ import annotations

from dataclasses import dataclass

from digest.editorial import ScoreTerms
from digest.models.stories import Reason


@dataclass(frozen=True, slots=True)
class ExplainedArticle:
    """One article of the look-back: what became of it and why.

    One that is in has its `place` ("lead", "top", "latest") in its section. `merged_with` are the
    headlines of the other articles of its story; `terms` are the story's scores, one for each of
    its sections, none if it was not ranked.
    """

    article_id: str
    title: str
    url: str
    source_id: str
    reason: Reason
    sections: tuple[str, ...]
    detail: str
    place: str = ""
    merged_with: tuple[str, ...] = ()
    terms: tuple[ScoreTerms, ...] = ()

    @property
    def is_in(self) -> bool:
        """Whether somebody sees it, by itself or as part of its story."""
        return self.reason is Reason.IN

    @property
    def where(self) -> str:
        """Say where it is seen: "world, top"; nothing for what is not in."""
        return ", ".join((*self.sections, self.place)) if self.is_in else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what there is to say of it beside how it stands in its sections."""
        return tuple(part for part in self.detail.split("; ") if part and " by score " not in part)

    def score_words(self) -> tuple[str, ...]:
        """Write each score out as the sum it is."""
        return tuple(
            f"{one.section} {one.score:.3f} = weight {one.weight:g} x recency {one.recency:.2f} "
            f"x (1 + 2 x popularity {one.popularity:.2f} [{one.signs or one.basis}] "
            f"+ coverage {one.coverage:.2f}) / 4"
            for one in self.terms
        )

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "id": self.article_id,
            "title": self.title,
            "url": self.url,
            "source": self.source_id,
            "in": self.is_in,
            "reason": self.reason,
            "sections": list(self.sections),
            "place": self.place,
            "detail": self.detail,
            "merged_with": list(self.merged_with),
            "scores": [one._asdict() for one in self.terms],
        }
