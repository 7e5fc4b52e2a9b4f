"""The lexicon: a word is a letter, a text a short string that says the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.editorial.stories.lexicon import Lexicon, having_in_common, in_common
from digest.editorial.stories.wording import stem, weigh

WORDS = st.sets(st.sampled_from([f"{letter}word" for letter in "abcdefghijklmnop"] + ["7", "2026"]))


@given(WORDS, WORDS)
def test_letters_share_what_the_words_share(one: set[str], other: set[str]) -> None:
    """So many letters in common, of the same weight."""
    lexicon = Lexicon()
    mine, theirs = lexicon.write(" ".join(one)), lexicon.write(" ".join(other))
    shared = {stem(word) for word in one & other}
    assert in_common(mine, theirs) == len(shared)
    assert lexicon.weight({*mine} & {*theirs}) == sum(map(weigh, shared))


def test_words_of_one_stem_have_one_letter_and_small_words_none() -> None:
    """However often they are said."""
    lexicon = Lexicon()
    title, telling = lexicon.headline("The protesters protest at a protest", 6)
    assert title == telling == lexicon["protests"] == lexicon.write("Protest!")
    assert len(title) == 1
    assert lexicon["the"] == lexicon["a"] == ""


def test_the_telling_words_of_a_headline_are_its_figures_and_long_words() -> None:
    """So many of them, or ten pairs of letters; the headline itself has all."""
    lexicon = Lexicon()
    lexicon.write("tram museum storms 12")  # letters go by who comes first, not by what tells most
    title, telling = lexicon.headline("12 storms hit harbour bridges, museum and orchard tram", 6)
    assert len(title) == 8
    told = ("12", "harbour", "bridges", "orchard", "museum", "storms")
    assert telling == "".join(sorted(lexicon[word] for word in told))
    assert title == "".join(sorted(title))
    title, telling = lexicon.headline("東京都知事新地震対策計画発表予定", 6)
    assert (len(title), len(telling)) == (15, 10)


def test_names_tell_more_than_words_that_many_headlines_have() -> None:
    """Else "former", "premier" and "market" would hide who died."""
    lexicon = Lexicon()
    _, telling = lexicon.headline(
        "Zola Marek, Former Premier Who Pushed Ruritania to a Market Economy, Dies at 97", 6
    )
    assert {lexicon[word] for word in ("97", "ruritania", "marek", "zola", "dies")} <= set(telling)


def test_a_headline_is_spoken_in_its_order() -> None:
    """Each word once; nothing where words have no spaces between them."""
    lexicon = Lexicon()
    spoken = lexicon.spoken("Storm after storm: the bridge closes")
    assert spoken == "".join(lexicon[word] for word in ("storm", "bridge", "closes"))
    assert lexicon.spoken("東京都知事") == ""


def test_only_texts_that_share_enough_are_given() -> None:
    """With how many words they share, and their place."""
    lexicon = Lexicon()
    texts = [lexicon.write(text) for text in ("aa bb cc dd", "bb cc", "ee ff", "dd cc bb")]
    found = having_in_common(lexicon.write("bb cc dd"), texts, 2)
    assert sorted((place, shared) for _, shared, place in found) == [(0, 3), (1, 2), (3, 3)]
    assert list(having_in_common("a", [], 1)) == []


def test_a_letter_is_remembered_with_its_kind() -> None:
    """Figures, pairs of letters and words with an opposite are told by their letters."""
    lexicon = Lexicon()
    figure, pair, side, plain = (lexicon[word] for word in ("31", "東京", "raises", "bridge"))
    assert (lexicon.figures, lexicon.pairs) == ({figure}, {pair})
    assert lexicon.sides == {side: ("direction", "rise")}
    assert lexicon.weight([figure, plain]) == weigh("31") + weigh("bridge")
