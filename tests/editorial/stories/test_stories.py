"""Merging: the same event is one story, and in doubt articles stay apart."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editorial.stories.reading_sections import ReadingSections
from digest.editorial.stories.stories import Grouped, group
from digest.models.articles import KnownArticle, Picture

Known = Callable[..., KnownArticle]
CHECKOUT = Path(__file__).resolve().parents[3]

BODY = (
    "Lawmakers in the capital approved the pension reform late on Tuesday by twelve votes, ending "
    "a debate that brought thousands of protesters to the streets"
)
RETOLD = (
    "By twelve votes lawmakers approved the pension reform on Tuesday night, after thousands of "
    "protesters marched through the capital's streets"
)
OTHER = (
    "The museum reopens with an exhibition of early photography, lent by collectors from eleven "
    "countries and shown in restored galleries"
)


def _group(*articles: KnownArticle) -> tuple[Grouped, ...]:
    return group(articles, ReadingSections({"world": ("world",), "tech": ("tech",)}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Parliament passes pension reform after marathon session",
            "Pension reform passes parliament after marathon session",
        ),
        (
            "Bundestag beschließt Rentenreform nach langer Debatte",
            "Nach langer Debatte: Bundestag beschließt Rentenreform",
        ),
        (
            "Парламент принял пенсионную реформу после долгих дебатов",
            "Пенсионную реформу парламент принял после долгих дебатов",
        ),
        (
            "संसद ने लंबी बहस के बाद पेंशन सुधार विधेयक पारित किया",
            "लंबी बहस के बाद संसद ने पेंशन सुधार विधेयक पारित किया",
        ),
        ("국회, 긴 토론 끝에 연금 개혁안 통과", "긴 토론 끝에 연금 개혁안이 국회를 통과했다"),
        ("東京都知事が新しい地震対策計画を発表", "東京都知事、新しい地震対策計画を発表した"),
        ("北京市政府宣布新的空气污染治理计划", "北京市政府今日宣布新的空气污染治理计划"),
    ],
)
def test_the_same_event_in_other_words_is_one_story(known: Known, one: str, other: str) -> None:
    """Two sites, one headline turned round: one story, with the other as "also"."""
    (story,) = _group(
        known("a", title=one), known("b", title=other, url="https://b.example/b", hours=2)
    )
    assert [member.article.id for member in story.members] == ["b", "a"]
    assert story.sites == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Bank of England raises interest rates again",
            "Bank of England cuts interest rates again",
        ),
        (
            "Earthquake in northern province kills 12 people",
            "Earthquake in northern province kills 31 people",
        ),
        ("Monday briefing: markets, weather, sport", "Friday briefing: markets, weather, sport"),
        ("Museum reopens after years of restoration", "Museum director resigns after restoration"),
        ("東京都知事が新しい地震対策計画を発表", "大阪府知事が学校給食の無償化を発表"),
        ("Live updates", "Live updates"),
    ],
)
def test_headlines_that_differ_where_it_matters_stay_apart(
    known: Known, one: str, other: str
) -> None:
    """Another direction, number, weekday or subject is another story."""
    stories = _group(known("a", title=one), known("b", title=other, url="https://b.example/b"))
    assert len(stories) == 2


def test_excerpts_support_or_speak_against(known: Known) -> None:
    """Headlines half alike are merged if the excerpts agree, and not if they do not."""
    one = known("a", title="Parliament passes sweeping pension reform", excerpt=BODY)
    for excerpt, stories in ((RETOLD, 1), (OTHER, 2)):
        other = known(
            "b",
            title="Pension reform passes despite protests",
            excerpt=excerpt,
            url="https://b.example/b",
        )
        assert len(_group(one, other)) == stories


def test_a_notice_in_every_excerpt_merges_nothing(known: Known) -> None:
    """The same cookie notice under headlines of one pattern is no evidence."""
    notice = "This site uses cookies to improve your experience, show advertising and measure use"
    one = known("a", title="Twenty issues to watch: hospice plans", excerpt=notice)
    other = known(
        "b",
        title="Twenty issues to watch: harbour tunnel",
        excerpt=notice,
        url="https://b.example/b",
    )
    assert len(_group(one, other)) == 2


def test_a_yearly_event_is_not_last_weeks(known: Known) -> None:
    """The same headline days later is another event."""
    title = "Thousands join march through city centre for climate action"
    later = known("b", title=title, url="https://b.example/b", hours=70)
    assert len(_group(known("a", title=title, hours=1), later)) == 2
    soon = known("b", title=title, url="https://b.example/b", hours=30)
    assert len(_group(known("a", title=title, hours=1), soon)) == 1


def test_a_chain_of_small_changes_does_not_become_one_story(known: Known) -> None:
    """Each report resembles the next, the ends nothing: they are not all merged."""
    words = [f"{letter * 3}word" for letter in "abcdefghijklmnopqrstuvwxyz"]
    articles = [
        known(f"a{at:02}", title=" ".join(words[at : at + 6]), url=f"https://s{at}.example/")
        for at in range(21)
    ]
    stories = _group(*articles)
    assert 3 <= len(stories) < 21


def test_the_most_alike_are_joined_first(known: Known) -> None:
    """Two events with two reports each, and a half-alike pair between them: two stories."""
    titles = {
        "a": "aaaaaa bbbbbb cccccc dddddd eeeeee ffffff hhhhhh",
        "b": "aaaaaa bbbbbb cccccc dddddd eeeeee ffffff gggggg",
        "c": "cccccc dddddd eeeeee ffffff gggggg yyyyyy zzzzzz",
        "d": "wwwwww dddddd eeeeee ffffff gggggg yyyyyy zzzzzz",
    }
    articles = {
        name: known(name, title=title, url=f"https://{name}.example/")
        for name, title in titles.items()
    }
    assert len(_group(articles["b"], articles["c"])) == 1
    stories = _group(*articles.values())
    told = [sorted(one.article.id for one in story.members) for story in stories]
    assert told == [["a", "b"], ["c", "d"]]


def test_the_best_article_leads_and_all_sections_count(known: Known) -> None:
    """A picture, then the fuller excerpt, decides; the story belongs to both sections."""
    title = "Parliament passes pension reform after marathon session"
    picture = Picture("https://b.example/p.jpg")
    (story,) = _group(
        known("a", title=title, hours=1),
        known("b", title=title, url="https://b.example/b", sources=("tech",), picture=picture),
    )
    assert story.lead.id == "b"
    assert sorted(story.sections) == ["tech", "world"]


def _leads(one: KnownArticle, other: KnownArticle) -> bool:
    """Say in other words than the code which of two reports leads."""
    mine, theirs = one.article, other.article
    if (mine.picture is None) != (theirs.picture is None):
        return mine.picture is not None
    if len(mine.excerpt) != len(theirs.excerpt):
        return len(mine.excerpt) > len(theirs.excerpt)
    if mine.published != theirs.published:
        return one.first_seen < other.first_seen
    return mine.id < theirs.id


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(1, 2)), min_size=2))
def test_no_member_is_a_better_report_than_the_lead(
    known: Known, reports: list[tuple[bool, int, int]]
) -> None:
    """Of one address or of one wording: the members stand from the best to the least."""
    for address in ("https://news.example/", "https://s{}.example/"):
        articles = [
            known(
                f"a{number:03}",
                title="Parliament passes pension reform after marathon session",
                url=address.format(number),
                picture=Picture("https://news.example/p.jpg") if pictured else None,
                excerpt="x" * length,
                hours=hours,
            )
            for number, (pictured, length, hours) in enumerate(reports)
        ]
        for story in _group(*articles):
            assert all(_leads(one, other) for one, other in pairwise(story.members))
            assert (story.id, story.date) == (story.lead.id, story.lead.published)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.integers(0, 10_000))
def test_every_article_is_in_one_story_whatever_their_order(
    known: Known, count: int, seed: int
) -> None:
    """Stories stand by id; sections and sites are those of all members."""
    dice = random.Random(seed)  # noqa: S311 - test data
    words = [letter * length for letter in "abcdefghijkl" for length in (4, 6)]
    events = [" ".join(dice.sample(words, k=5)) for _ in range(8)]
    articles = [
        known(
            f"a{number:03}",
            title=f"{dice.choice(events)} {dice.choice(words)}",
            url=f"https://s{dice.randint(0, 9)}.example/{dice.randint(0, 3)}",
            sources=(dice.choice(("world", "tech")),),
            hours=dice.randint(1, 5),
        )
        for number in range(count)
    ]
    stories = _group(*articles)
    assert [story.id for story in stories] == sorted(story.id for story in stories)
    ids = [member.article.id for story in stories for member in story.members]
    assert sorted(ids) == [one.article.id for one in articles]
    for story in stories:
        assert {*story.sections} == {one.sources[0] for one in story.members}
        hosts = {one.article.url.split("/")[2] for one in story.members}
        assert story.sites == len(hosts)
    dice.shuffle(articles)
    assert _group(*articles) == stories


def test_a_flood_of_one_headline_is_grouped_in_bounded_time(known: Known) -> None:
    """A flood of one pattern costs a window each, not all pairs."""
    flood = [
        known(
            f"f{n:05}", title="Weather warning issued northern coast", url=f"https://s{n}.example/"
        )
        for n in range(3_000)
    ]
    begin = time.process_time()
    stories = _group(*flood)
    assert time.process_time() - begin < 10
    assert len(stories) < 3_000


def test_another_process_groups_the_same_way() -> None:
    """Sets are walked in another order in every process; the stories do not show it."""
    code = (
        "import itertools\n"
        "from datetime import UTC, datetime\n"
        "from digest.editorial.stories.reading_sections import ReadingSections\n"
        "from digest.editorial.stories.stories import group\n"
        "from digest.models.articles import Article, KnownArticle\n"
        "at = datetime(2026, 11, 23, tzinfo=UTC)\n"
        "words = 'harbour bridge storm rise fall shares second monday friday repairs'.split()\n"
        "titles = [' '.join(some) for some in itertools.combinations(words, 6)]\n"
        "known = [KnownArticle(Article(f'{n:03}', 's', f'https://s{n}.example/', title), at, ())"
        " for n, title in enumerate(titles)]\n"
        "stories = group(known, ReadingSections({}))\n"
        "print([[m.article.id for m in one.members] for one in stories])\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
