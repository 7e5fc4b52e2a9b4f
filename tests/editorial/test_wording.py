"""Taking headlines apart: any script, figures however they are written, opposites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.editorial.wording import content, in_common, opposed, stems, told, wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Council spends $2m", "Council spends 2 million"),
        ("1,150 homes without power", "1150 homes without power"),
        ("Beyoncé visits Málaga", "Beyonce visits Malaga"),
        ("人口が１２０万人に", "人口が120万人に"),
        ("سجلت ٤١ حالة", "سجلت 41 حالة"),
    ],
)
def test_one_thing_spelt_two_ways_is_one_word(one: str, other: str) -> None:
    """Figures with a unit, thousands, accents, wide letters and other scripts' digits."""
    mine, theirs = set(stems(one).split()), set(stems(other).split())
    assert theirs - {"millio"} == mine


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        ("संसद ने विधेयक पारित किया", {"संसद", "विधेयक"[:6], "पारित"[:6], "किया"[:6], "ने"}),
        ("東京都知事", {"東京", "京都", "都知", "知事"}),
        ("국회 통과", {"국회", "통과"}),
        ("The cat and the dog", {"cat", "dog"}),
    ],
)
def test_words_of_every_script_stay_whole(headline: str, words: set[str]) -> None:
    """Vowel signs do not cut a word; without spaces neighbouring letters make pairs."""
    assert set(stems(headline).split()) == words


def test_the_most_telling_word_comes_first() -> None:
    """Figures, then long words."""
    assert stems("Storm closes 3 harbour bridges").split()[:2] == ["3", "bridge"]


def test_all_figures_of_a_date_are_one_word() -> None:
    """Two rubrics of one day have nothing in common."""
    energy, games = (
        wording(stems(f"{name} 3/10/14")) for name in ("Energy letter", "Game rumours")
    )
    assert in_common(energy, games) == 1


def test_opposites_are_told_by_their_stems() -> None:
    """The sixth letter of "increases" is enough."""
    up, down = (wording(stems(f"Bank {word} rates")) for word in ("increases", "decreases"))
    assert opposed(up, down)
    assert not opposed(up, up)


def test_a_headline_may_be_told_by_the_other_excerpt() -> None:
    """The share grows with what the other article says below its headline."""
    mine, theirs = wording(stems("Storm closes bridge")), wording(stems("Harbour shut"))
    assert told(mine, theirs, frozenset()) == 0.0
    assert told(mine, theirs, content("The bridge was closed by the storm")) > 0.6


@given(st.text())
def test_any_text_can_be_taken_apart(text: str) -> None:
    """Whatever a feed says is words without spaces, each once."""
    words = stems(text).split(" ") if stems(text) else []
    assert len(set(words)) == len(words)
    assert all(words)
    assert content(text) == frozenset(stems(text).split())
