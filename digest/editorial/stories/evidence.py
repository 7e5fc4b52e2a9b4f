"""What speaks for two articles reporting one event: plain measures of a pair, each from 0 to 1.

bench/train_stories.py learns from labelled news what each measure counts for; judgement.py holds
what it learnt.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, NamedTuple

from digest.editorial.stories.article_facts import date_of, site_of
from digest.editorial.stories.contradiction import Claims, claims_of
from digest.editorial.stories.language import language_of
from digest.editorial.stories.lexicon import Lexicon
from digest.editorial.stories.neighbours import LIKENESS, SHARED
from digest.editorial.stories.rarity import Weights, weight
from digest.editorial.stories.wording import headline_of, opening
from digest.models.articles import KnownArticle

APART = timedelta(hours=48)
_SAME_TEXT = 0.7  # excerpts this alike are one text
_UNTOLD = 0.55  # of a headline; under one text, it is a notice with another headline
UNLIKE = 0.05  # of excerpts: these add nothing, and the headlines speak alone
_ENOUGH = 5  # words of an excerpt that says anything
_FOUR_RARE_WORDS = 40.0
_MOST_BODY = 0.5
_RUBRIC_WORDS, _RUBRIC_TITLE, _RUBRIC_BODY = 3, 0.9, 0.25
_GRAM = 3
_NONE: frozenset[Any] = frozenset()


class HeadlineEvidence(NamedTuple):
    """What the headlines say, and how far apart in time they are.

    `dice` is the weighed share of words in common, `cover` the same of the shorter headline;
    `shared` is the weight in common (1 is four rare words); `three` and `four` tell whether so many
    words are shared; `grams` is the share of groups of three letters in common; `apart` is in days,
    1 at most.
    """

    dice: float
    cover: float
    shared: float
    three: float
    four: float
    grams: float
    apart: float


class TextEvidence(NamedTuple):
    """What the excerpts add, where both articles have one that says anything.

    `told` is how much of each headline the other article tells, on average; `body` is how alike the
    excerpts are (0.5 at most).
    """

    told: float
    body: float


class Evidence(NamedTuple):
    """Two articles as they are judged; `text` is None where an excerpt is missing."""

    headline: HeadlineEvidence
    text: TextEvidence | None
    one_site: bool
    repeated: bool


class Report:
    """What is weighed of one article; words are letters of the lexicon.

    `repeated` tells that its source heads other articles alike, as "Morning briefing".
    """

    __slots__ = (
        *("_claims", "_grams", "date", "article", "repeated", "site", "spoken"),
        *("text", "text_weight", "title", "weight"),
    )

    def __init__(self, known: KnownArticle, lexicon: Lexicon, weights: Weights) -> None:
        article = known.article
        self.date, self.site = date_of(known), site_of(article)
        self.spoken = lexicon.spoken(article.title)
        self.title = frozenset(self.spoken)
        self.weight = weight(self.title, weights) or 1.0
        self.article = article
        self.text = frozenset(lexicon.write(article.excerpt)) if article.excerpt else _NONE
        self.text_weight = weight(self.text, weights)
        self.repeated = False
        self._claims: Claims | None = None
        self._grams: frozenset[str] = _NONE

    @property
    def claims(self) -> Claims:
        """Return what the headline says that another may contradict; worked out once."""
        if self._claims is None:
            self._claims = claims_of(self.article.title)
        return self._claims

    @property
    def language(self) -> str:
        """Return the article's language, "" if it is not known."""
        return language_of(self.article)

    @property
    def grams(self) -> frozenset[str]:
        """Return the groups of three letters of the headline; worked out once."""
        if not self._grams:
            self._grams = _grams(headline_of(self.article.title))
        return self._grams

    def without_text(self) -> Report:
        """Forget the excerpt: its source sends it with every article."""
        self.text, self.text_weight = _NONE, 0.0
        return self


def evidence_of(one: Report, other: Report, lexicon: Lexicon, weights: Weights) -> Evidence | None:
    """Return what speaks for one event; None if nothing does, or something rules it out.

    Ruled out are a headline of few words over unlike texts (a rubric), and one text under headlines
    that it does not tell (a notice). Groups of letters are counted where headlines speak alone.
    """
    shared = one.title & other.title
    apart = abs(one.date - other.date)
    common = _common(shared, lexicon)
    in_common = weight(shared, weights)
    dice = 2 * in_common / (one.weight + other.weight)
    if apart > APART or common < SHARED or dice < LIKENESS:
        return None
    beyond_opening = common
    if lexicon.pairs.isdisjoint(shared):
        beyond_opening -= opening(one.spoken, other.spoken)
    text = None
    if min(len(one.text), len(other.text)) >= _ENOUGH:
        body = 2 * weight(one.text & other.text, weights) / (one.text_weight + other.text_weight)
        told = sorted((_told(one, other, weights), _told(other, one, weights)))
        rubric = common <= _RUBRIC_WORDS and dice > _RUBRIC_TITLE and body < _RUBRIC_BODY
        notice = body > _SAME_TEXT and told[0] < _UNTOLD
        if rubric or notice:
            return None
        text = TextEvidence(sum(told) / 2, min(body, _MOST_BODY))
    headline = HeadlineEvidence(
        dice=dice,
        cover=in_common / min(one.weight, other.weight),
        shared=min(in_common / _FOUR_RARE_WORDS, 1.0),
        three=float(beyond_opening >= 3),  # noqa: PLR2004 - as it is named
        four=float(beyond_opening >= 4),  # noqa: PLR2004 - as it is named
        grams=_dice(one.grams, other.grams) if text is None or text.body < UNLIKE else 0.0,
        apart=min(1.0, apart / timedelta(days=1)),
    )
    return Evidence(
        headline,
        text,
        one_site=one.site == other.site,
        repeated=one.repeated or other.repeated,
    )


def _told(one: Report, other: Report, weights: Weights) -> float:
    """Return how much of a headline the other article tells, in its headline or below it."""
    return weight(one.title & (other.title | other.text), weights) / one.weight


def _common(shared: Collection[str], lexicon: Lexicon) -> int:
    """Count words in common; all figures together count as one, for a date is no event.

    Pairs of letters overlap: two of them say what one word says.
    """
    figures = len(lexicon.figures.intersection(shared))
    paired = len(lexicon.pairs.intersection(shared)) if lexicon.pairs else 0
    return len(shared) - figures + (figures > 0) - paired + paired // 2


def _grams(text: str) -> frozenset[str]:
    line = f" {text.casefold()} "
    return frozenset(line[at : at + _GRAM] for at in range(len(line) - _GRAM + 1))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
