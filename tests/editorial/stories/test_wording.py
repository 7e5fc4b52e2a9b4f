"""Taking headlines apart: any script, figures however they are written, opposites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.editorial.stories.wording import opening, precedence, stem, weigh, words


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text) if stem(word)]


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
    mine, theirs = set(_stems(one)), set(_stems(other))
    assert theirs - {"millio"} == mine


@pytest.mark.parametrize(
    ("headline", "stems"),
    [
        ("संसद ने विधेयक पारित किया", {"संसद", "विधेयक"[:6], "पारित"[:6], "किया"[:6], "ने"}),
        ("東京都知事", {"東京", "京都", "都知", "知事"}),
        ("국회 통과", {"국회", "통과"}),
        ("The cat and the dog", {"cat", "dog"}),
    ],
)
def test_words_of_every_script_stay_whole(headline: str, stems: set[str]) -> None:
    """Vowel signs do not cut a word; without spaces neighbouring letters make pairs."""
    assert set(_stems(headline)) == stems


def test_the_most_telling_word_comes_first() -> None:
    """Figures, then long words, then by the alphabet."""
    found = sorted(words("Storms hold 3 harbour bridges"), key=precedence)
    assert found == ["3", "bridges", "harbour", "storms", "hold"]


@pytest.mark.parametrize(
    ("one", "other", "overstated"),
    [
        (
            "Crown Princess Mary opens school in Odense",
            "Crown Princess Mary dines at opera in Rome",
            2,
        ),
        ("Top Chef 2020: Paris final postponed", "Top Chef 2020: winner in tears again", 2),
        ("Storm closes harbour bridge", "Storm closes harbour bridge again", 0),
        ("Storm closes harbour", "Harbour closed by storm", 0),
        ("King Charles opens school", "King Charles dines abroad", 1),
        ("King Charles dines", "King Charles opens school today", 0),
        ("Storm closes harbour", "Storm opens museum", 0),
        ("", "Storm", 0),
    ],
)
def test_words_that_open_two_headlines_name_one_subject(
    one: str, other: str, overstated: int
) -> None:
    """Two and more count as one, if they are at most half of a headline."""
    mine, theirs = _stems(one), _stems(other)
    assert opening(mine, theirs) == opening(theirs, mine) == overstated


@given(st.text())
def test_any_text_can_be_taken_apart(text: str) -> None:
    """Whatever a feed says is words without spaces; single letters say nothing."""
    for word in words(text):
        assert word.split() == [word]
        assert len(stem(word)) != 1 or stem(word).isdecimal()


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_words_are_the_same_with_a_figure_beside_them(text: str) -> None:
    """A text without figures is taken apart the quick way, and says the same."""
    plain = "".join(letter for letter in text if not letter.isdecimal())
    assert list(words(plain)) == [word for word in words(f"{plain} 7") if word != "7"]


@pytest.mark.parametrize(
    ("stemmed", "weight"), [("2026", 15), ("9", 15), ("storm", 11), ("a1", 8), ("éta", 9)]
)
def test_a_word_weighs_by_its_letters_and_a_figure_as_all_do(stemmed: str, weight: int) -> None:
    """Six, and one more for each letter that is kept."""
    assert weigh(stemmed) == weight
