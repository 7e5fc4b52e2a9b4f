"""Rarity: names and rare words join a report to its event, words that everybody uses do not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial.stories.evidence import REACHED
from digest.editorial.stories.lexicon import Lexicon
from digest.editorial.stories.linkage import clusters
from digest.editorial.stories.rarity import WeighedHeadlines
from digest.editorial.stories.same_event import same_event
from digest.editorial.stories.wording import stem
from digest.models.articles import KnownArticle
from digest.resources import common_words

Known = Callable[..., KnownArticle]
HERE = [letter * 6 for letter in "abcdefghij"]
ELSEWHERE = [letter * 6 for letter in "klmnopqrst"]


def _articles(known: Known, titles: Iterable[str], prefix: str = "a") -> list[KnownArticle]:
    return [
        known(f"{prefix}{number:03}", title=title, url=f"https://{prefix}{number}.example/")
        for number, title in enumerate(titles)
    ]


def _told(articles: list[KnownArticle]) -> list[list[str]]:
    """Return the groups as lists of ids."""
    groups = clusters(articles, same_event(articles))
    return sorted([articles[place].article.id for place in group] for group in groups)


def _likeness(known: Known, *titles: str, groups: Iterable[list[int]] = ()) -> float:
    """Return how alike the first two headlines are, among all."""
    lexicon = Lexicon()
    written = [lexicon.write(title) for title in titles]
    return WeighedHeadlines(_articles(known, titles), written, lexicon, groups).likeness(0, 1)


def test_a_rare_word_says_more_than_one_that_everybody_uses(known: Known) -> None:
    """By the table of common words; two headlines of the same words are wholly alike."""
    rare = _likeness(known, "Zubarevic plays tonight", "Zubarevic waits")
    common = _likeness(known, "Zubarevic plays tonight", "Everything plays")
    assert 0 < common < rare < 1
    assert _likeness(known, "Zubarevic waits", "Waits: Zubarevic") < 1
    assert _likeness(known, "Zubarevic waits", "Zubarevic waits") == pytest.approx(1)
    assert _likeness(known, "Zubarevic waits", "Everything plays") == 0


def test_a_word_that_many_groups_have_says_less(known: Known) -> None:
    """Groups are counted: ten reports of one event make its words no more common than one does."""
    two = ("Lillestrom harbour reopens", "Lillestrom tunnel collapses")
    more = [f"Lillestrom {letter * 7}" for letter in "abcdefghij"]
    alone = _likeness(known, *two)
    assert _likeness(known, *two, *more) < alone
    together = _likeness(known, *two, *more, groups=[list(range(2, 12))])
    assert _likeness(known, *two, *more[:1]) == together < alone


def test_a_kicker_tells_half(known: Known) -> None:
    """What opens many headlines before a colon is a rubric; not what the headline says again."""
    plain = _likeness(known, "Lillestrom festival: Zubarevic", "Lillestrom festival: Petrovski")
    spelt = _likeness(known, "Lillestrom festival, Zubarevic", "Lillestrom festival, Petrovski")
    again = _likeness(
        known, "Lillestrom: Lillestrom, Zubarevic", "Lillestrom: Lillestrom, Petrovski"
    )
    assert plain < again <= spelt


def test_rare_words_add_a_report_to_a_group(known: Known) -> None:
    """The third report reaches no bar with either, yet has the names that only this event has."""
    event = [
        "Zubarevic beats Petrovski in Lillestrom final",
        "Zubarevic beats Petrovski in the Lillestrom final",
    ]
    third = "Zubarevic takes the Lillestrom crown from Petrovski"
    topic = "All about the Lillestrom final: who beats everybody tonight?"
    assert _told(_articles(known, [*event, third])) == [["a000", "a001", "a002"]]
    assert _told(_articles(known, [*event, topic])) == [["a000", "a001"]]
    assert _told(_articles(known, [event[0], third])) == []


@pytest.mark.parametrize(
    ("one", "other", "weighed"),
    [
        ({}, {}, True),
        ({"hours": 14}, {}, False),
        (
            {"url": "https://a.example/1", "title": "Zubarevic beats Petrovski"},
            {"url": "https://a.example/2", "title": "Zubarevic beats Petrovski tonight"},
            False,
        ),
        (
            {"title": "東京都知事が新しい地震対策計画を発表"},
            {"title": "新しい地震対策計画に住民が反対して大規模な集会"},
            False,
        ),
        (
            {"title": "Zubarevic beats Petrovski: Oslo sings"},
            {"title": "Zubarevic beats Petrovski"},
            True,
        ),
        (
            {"title": "Zubarevic Petrovski Lillestrom opens schools in Oslo, Bergen"},
            {"title": "Zubarevic Petrovski Lillestrom dines with ten ministers, envoys"},
            False,
        ),
    ],
)
def test_which_headlines_are_weighed(
    known: Known, one: dict[str, object], other: dict[str, object], *, weighed: bool
) -> None:
    """Of two sites, soon, with three words in common beside a name that opens both."""
    titles = (
        "Zubarevic beats Petrovski in Lillestrom",
        "Zubarevic: Lillestrom bows, Petrovski weeps",
    )
    articles = [
        known(name, **{"title": title, "url": f"https://{name}.example/", **facts})
        for name, title, facts in zip("ab", titles, (one, other), strict=True)
    ]
    assert bool(same_event(articles)) is weighed


def test_texts_that_reach_no_bar_count_a_quarter(known: Known) -> None:
    """Unless they contradict each other, or their headlines share little."""
    texts = [" ".join(letter * 6 for letter in letters) for letters in ("abcdefgh", "ijklmnop")]

    def alike(one: str, other: str) -> list[float]:
        articles = [
            known(name, title=title, excerpt=text, url=f"https://{name}.example/")
            for name, title, text in zip("ab", (one, other), texts, strict=True)
        ]
        return [like for like, _, _ in same_event(articles)]

    one = "Zubarevic beats Petrovski in Monday's rain"
    assert alike(one, "A thriller: Zubarevic beats Petrovski") == [0.25]
    assert alike(one, "Friday's thriller: Zubarevic beats Petrovski") == []
    assert alike(one, "Zubarevic and Petrovski open the harbour museum") == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 10_000))
def test_an_article_without_a_common_word_changes_nothing(
    known: Known, count: int, more: int, seed: int
) -> None:
    """However many there are: nobody is joined or parted by news of something else."""
    dice = random.Random(seed)  # noqa: S311 - test data
    here, elsewhere = (
        [" ".join(dice.sample(words, k=dice.choice((4, 6)))) for _ in range(number)]
        for words, number in ((HERE, count), (ELSEWHERE, more))
    )
    ours, others = _articles(known, here), _articles(known, elsewhere, "b")
    mixed = [*ours, *others]
    dice.shuffle(mixed)
    told = [sorted(group) for group in _told(mixed)]
    assert sorted(group for group in told if group[0].startswith("a")) == _told(ours)
    assert sorted(group for group in told if group[0].startswith("b")) == _told(others)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.integers(0, 10_000))
def test_every_story_has_two_reports_that_are_one_event_by_themselves(
    known: Known, count: int, seed: int
) -> None:
    """Rarity makes groups grow; it begins none, so no look-back can join two articles alone."""
    dice = random.Random(seed)  # noqa: S311 - test data
    articles = _articles(known, [" ".join(dice.sample(HERE, k=6)) for _ in range(count)])
    for group in clusters(articles, same_event(articles)):
        alone = [
            same_event([articles[one], articles[other]]) for one, other in combinations(group, 2)
        ]
        assert any(pairs and pairs[0][0] >= REACHED for pairs in alone)


def test_the_table_has_stems_of_nine_languages_and_says_where_they_come_from() -> None:
    """Each is as `stem` cuts it, and weighs less than a rare word."""
    heading, *blocks = common_words().split("\n\n")
    assert "pyspellchecker" in heading
    assert "MIT License" in heading
    languages = set()
    for block in blocks:
        weight, language, *stems = block.split()
        assert weight in {"2", "3", "4", "5"}
        assert stems == sorted(set(stems))
        assert all(stem(one) in {one, ""} for one in stems)  # a long word may begin as "the" does
        languages.add(language)
    assert languages == {"ar", "de", "en", "es", "fr", "it", "nl", "pt", "ru"}
