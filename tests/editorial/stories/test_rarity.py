"""Rarity: a rare word tells more, and what everybody writes today tells little."""

from __future__ import annotations

from digest.editorial.stories.lexicon import Lexicon
from digest.editorial.stories.rarity import RARE, Weights, telling


def test_a_name_weighs_more_than_a_common_word() -> None:
    """In any language of the table."""
    lexicon = Lexicon()
    weights = Weights(lexicon, [lexicon.spoken("Minister Polizei Norvale 12 1500")])
    said = {lexicon.stems[letter]: weight for letter, weight in weights.items()}
    assert said["norval"] == RARE > said["minist"]
    assert said["polize"] < RARE
    assert said["12"] < said["1500"] < RARE


def test_the_topic_of_the_day_is_no_evidence() -> None:
    """A word that most headlines have weighs next to nothing; a name in one keeps its weight."""
    lexicon = Lexicon()
    day = [lexicon.spoken(f"Zawody {name}") for name in ("Quist", "Abel", "Dorn", "Eule") * 20]
    weights = Weights(lexicon, day)
    assert weights[lexicon["zawody"]] < RARE / 20
    assert weights[lexicon["quist"]] > RARE / 2


def test_a_few_articles_damp_nothing_much() -> None:
    """Two reports of one event do not make its words common."""
    lexicon = Lexicon()
    weights = Weights(lexicon, [lexicon.spoken("Quist in Norvale")] * 2)
    assert weights[lexicon["quist"]] > 0.9 * RARE


def test_the_rarest_words_of_a_headline_are_telling() -> None:
    """Common ones are left out where there are many, whichever came first."""
    lexicon = Lexicon()
    headline = lexicon.spoken(
        "People president police Quist Norvale Abel Dornholm Eulenspiegel Zsolt"
    )
    rare = telling(headline, Weights(lexicon, [headline]), lexicon)
    assert {*headline} - {*rare} <= {lexicon[word] for word in ("people", "president", "police")}
    assert len(rare) < len(headline)
