"""The lexicon: a word is a letter, a text a short string that says the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.editorial.lexicon import Lexicon, having_in_common, in_common
from digest.editorial.wording import weigh

WORDS = st.sets(st.sampled_from([f"{letter}word" for letter in "abcdefghijklmnop"] + ["7", "2026"]))


@given(WORDS, WORDS)
def test_letters_share_what_the_words_share(one: set[str], other: set[str]) -> None:
    """So many letters in common, of the same weight."""
    lexicon = Lexicon()
    mine, theirs = lexicon.write(one), lexicon.write(other)
    assert in_common(mine, theirs) == len(one & other)
    assert lexicon.weight({*mine} & {*theirs}) == sum(map(weigh, one & other))


def test_only_texts_that_share_enough_are_given() -> None:
    """With how many words they share, and their place."""
    lexicon = Lexicon()
    texts = [lexicon.write(words.split()) for words in ("a b c d", "b c", "e f", "d c b")]
    found = having_in_common(lexicon.write(["b", "c", "d"]), texts, 2)
    assert sorted((place, shared) for _, shared, place in found) == [(0, 3), (1, 2), (3, 3)]
    assert list(having_in_common("a", [], 1)) == []


def test_a_letter_is_remembered_with_its_kind() -> None:
    """Figures, pairs of letters and words with an opposite are told by their letters."""
    lexicon = Lexicon()
    figure, pair, side, plain = (lexicon[word] for word in ("31", "東京", "raises", "bridge"))
    assert (lexicon.figures, lexicon.pairs) == ({figure}, {pair})
    assert lexicon.sides == {side: ("direction", "rise")}
    assert lexicon.weight([figure, plain]) == weigh("31") + weigh("bridge")
