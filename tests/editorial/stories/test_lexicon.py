"""The lexicon: a word is a letter, a text a short string that says the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.editorial.stories.lexicon import Lexicon, having_in_common, in_common
from digest.editorial.stories.wording import stem

WORDS = st.sets(st.sampled_from([f"{letter}word" for letter in "abcdefghijklmnop"] + ["7", "2026"]))


@given(WORDS, WORDS)
def test_letters_share_what_the_words_share(one: set[str], other: set[str]) -> None:
    """So many letters in common."""
    lexicon = Lexicon()
    mine, theirs = lexicon.write(" ".join(one)), lexicon.write(" ".join(other))
    shared = {stem(word) for word in one & other}
    assert in_common(mine, theirs) == len(shared)


def test_words_of_one_stem_have_one_letter_and_small_words_none() -> None:
    """However often they are said."""
    lexicon = Lexicon()
    title = lexicon.spoken("The protesters protest at a protest")
    assert title == lexicon["protests"] == lexicon.write("Protest!")
    assert len(title) == 1
    assert lexicon["the"] == lexicon["a"] == ""


def test_a_headline_is_spoken_in_its_order() -> None:
    """Each word once, without the publisher's name behind it."""
    lexicon = Lexicon()
    spoken = lexicon.spoken("Storm after storm: the bridge closes")
    assert spoken == "".join(lexicon[word] for word in ("storm", "bridge", "closes"))
    named = "Storm closes the old harbour bridge | Harbour Times"
    assert lexicon.spoken(named) == lexicon.spoken("Storm closes the old harbour bridge")


def test_only_texts_that_share_enough_are_given() -> None:
    """With how many words they share, and their place."""
    lexicon = Lexicon()
    texts = [lexicon.write(text) for text in ("aa bb cc dd", "bb cc", "ee ff", "dd cc bb")]
    found = having_in_common(lexicon.write("bb cc dd"), texts, 2)
    assert sorted((place, shared) for _, shared, place in found) == [(0, 3), (1, 2), (3, 3)]
    assert list(having_in_common("a", [], 1)) == []


def test_a_letter_is_remembered_with_its_kind() -> None:
    """Figures and pairs of letters are told by their letters."""
    lexicon = Lexicon()
    figure, pair, plain = (lexicon[word] for word in ("31", "東京", "bridge"))
    assert (lexicon.figures, lexicon.pairs) == ({figure}, {pair})
    assert lexicon.stems[plain] == "bridge"
