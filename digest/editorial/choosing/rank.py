"""The one score (docs/editorial.md works an example).

    score = weight · recency · (1 + 2 · popularity + coverage) / 4

recency is 0.5 ^ (age / half-life), popularity the logarithm of the count against that of the
source's largest, coverage 1 - 1/n for n sites that carry the story; each lies between 0 and 1.
weight is section times source times the editors' boost. Where nothing is counted, popularity is
0.5 and half of what the sites make of the story (prominence.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from digest.editorial.choosing.popularity import NEUTRAL, NO_BASIS, PopularityRank
from digest.editorial.choosing.prominence import signs_of
from digest.editorial.plan import ScoreTerms, SectionPlan
from digest.editorial.stories.stories import Grouped

_PLACES = 9  # rounded, so that equal stories tie on every machine
_UNKNOWN = PopularityRank(NEUTRAL, NO_BASIS)


def rate(
    group: Grouped,
    section: SectionPlan,
    standing: Mapping[str, PopularityRank],
    boosts: Mapping[str, float],
    at: datetime,
) -> ScoreTerms:
    """Score one story in one section, keeping every term."""
    best = _best(group, standing)
    age = max(0.0, (at - group.date).total_seconds() / 3600)
    recency = math.exp2(-age / section.half_life_hours)
    coverage = 1 - 1 / group.sites
    weight = section.weight
    if section.source_weights:
        weight *= _source_weight(group, section)
    boost = _boost(group, boosts) if boosts else 1.0
    weight *= boost
    popularity, basis, signs = best.popularity, best.basis, ""
    if basis == NO_BASIS:
        value, signs = signs_of(group, coverage)
        popularity = NEUTRAL + (1 - NEUTRAL) * value
        if boost > 1:
            signs = f"{signs}, an editor's boost" if signs else "an editor's boost"
        basis = "prominence" if signs else NO_BASIS
    score = round(weight * recency * (1 + 2 * popularity + coverage) / 4, _PLACES)
    return ScoreTerms(
        group.id, section.id, score, recency, popularity, coverage, weight, basis, signs
    )


def _best(group: Grouped, standing: Mapping[str, PopularityRank]) -> PopularityRank:
    """Take the best standing among the story's articles; one that rests on something first."""
    if len(group.members) == 1:
        return standing.get(group.id, _UNKNOWN)
    stands = [standing.get(known.article.id, _UNKNOWN) for known in group.members]
    return max(stands, key=lambda one: (one.basis != NO_BASIS, one.popularity))


def unclaimed(terms: Sequence[ScoreTerms]) -> frozenset[str]:
    """Return the ids of the stories that nothing speaks for: none of them is called *top*."""
    return frozenset(one.story_id for one in terms if one.basis == NO_BASIS)


def _source_weight(group: Grouped, section: SectionPlan) -> float:
    """Take the heaviest of the section's own sources that carry the story."""
    carried = {source for known in group.members for source in known.sources}
    weights = [
        section.source_weights.get(source, 1.0) for source in section.sources if source in carried
    ]
    return max(weights, default=1.0)


def _boost(group: Grouped, boosts: Mapping[str, float]) -> float:
    found = [
        boosts[name]
        for known in group.members
        for name in (known.article.id, known.article.url)
        if name in boosts
    ]
    return math.prod(found)
