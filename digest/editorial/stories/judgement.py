"""Whether two articles report one event: a logistic over the evidence, as learnt.

Careful by choice: a wrong merge hides news, a missed one repeats it. The coefficients and the bars
are written by bench/train_stories.py; docs/editorial.md says on which data, and what was measured.
"""

from __future__ import annotations

from typing import NamedTuple

from digest.editorial.stories.evidence import UNLIKE, Evidence, HeadlineEvidence, TextEvidence

FAR = -5.5  # of pairs that have nothing in common, and the least a judgement says
SURE = 3.0  # the most
_ONE_SITE_TITLE, _ONE_SITE_BODY = 0.8, 0.5
_REPEATED_BODY = 0.4


class Learnt(NamedTuple):
    """What each measure adds to the log odds of one event, and the bars these must pass.

    `bare` and `bare_bar` judge headlines alone; `full`, `text` and `full_bar` judge two articles
    that both have an excerpt.
    """

    bare: HeadlineEvidence
    bare_bar: float
    full: HeadlineEvidence
    text: TextEvidence
    full_bar: float


# BEGIN learnt
LEARNT = Learnt(
    bare=HeadlineEvidence(
        dice=1.657, cover=1.72, shared=1.312, three=-0.348, four=0.177, grams=1.941, apart=-1.431
    ),
    bare_bar=4.363,
    full=HeadlineEvidence(
        dice=-2.209, cover=0.0, shared=0.0, three=1.555, four=0.0, grams=0.0, apart=-1.431
    ),
    text=TextEvidence(told=3.202, body=1.018),
    full_bar=2.3,
)
# END learnt


def judged(found: Evidence | None, learnt: Learnt = LEARNT) -> float:
    """Return by how much the log odds of one event pass the bar; below 0 the two stay apart."""
    if found is None or not _may_be_one(found):
        return FAR
    said = _sum(learnt.bare, found.headline) - learnt.bare_bar
    if found.text:
        told = _sum(learnt.full, found.headline) + _sum(learnt.text, found.text) - learnt.full_bar
        said = told if found.text.body >= UNLIKE else min(said, told)
    return max(FAR, min(SURE, said))


def _may_be_one(found: Evidence) -> bool:
    """Tell whether rules allow a merge: these were set by hand, no labelled news speaks of them.

    One site seldom tells an event twice, but its headlines follow patterns. A headline that its
    source prints again and again says nothing without a text.
    """
    body = found.text.body if found.text else None
    if found.repeated and (body is None or body < _REPEATED_BODY):
        return False
    if not found.one_site:
        return True
    return found.headline.dice >= _ONE_SITE_TITLE and (body is None or body >= _ONE_SITE_BODY)


def _sum(counts_for: tuple[float, ...], measured: tuple[float, ...]) -> float:
    return sum(one * other for one, other in zip(counts_for, measured, strict=True))
