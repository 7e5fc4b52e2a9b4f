"""Evidence: what speaks for one event and what against it, pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from digest.editorial.stories.linkage import clusters
from digest.editorial.stories.same_event import same_event
from digest.models.articles import KnownArticle

Known = Callable[..., KnownArticle]

BODY = "The council gathered on Tuesday evening and approved a budget for schools and road repairs"
UNLIKE = "A museum in the old harbour opens its doors with paintings lent by eleven collectors"


def _one_event(known: Known, *reports: Mapping[str, object]) -> bool:
    one, other = (
        known(name, **{"url": f"https://{name}.example/", **report})
        for name, report in zip("ab", reports, strict=True)
    )
    return bool(clusters([one, other], same_event([one, other])))


def test_all_figures_of_a_date_are_one_word(known: Known) -> None:
    """Two rubrics of one day have nothing in common but the day."""
    titles = ("Energy letter 3/10/14", "Games letter 3/10/14")
    assert not _one_event(known, *({"title": title} for title in titles))


@pytest.mark.parametrize(
    ("word", "same"), [("increases", True), ("decreases", False), ("raises", True)]
)
def test_opposites_are_told_by_their_stems(known: Known, word: str, *, same: bool) -> None:
    """The sixth letter of "increases" is enough; two words of one side agree."""
    titles = ("Central bank increases lending rates", f"Central bank {word} lending rates")
    assert _one_event(known, *({"title": title} for title in titles)) is same


def test_rounded_tolls_are_one_event(known: Known) -> None:
    """A short excerpt that both have says enough; a modifier such as "major" says nothing."""
    one = {
        "title": "At least 52 die as bus plunges into Peru's Colca canyon",
        "excerpt": "The bus is said to have left the road in heavy rain at night.",
    }
    other = {
        "title": "More Than 50 Dead After Bus Falls in Peru's Colca Canyon",
        "excerpt": "An overcrowded bus slid off a mountain road in heavy rain, the police said.",
    }
    assert _one_event(known, one, other)
    assert not _one_event(known, one, {**other, "title": "Bus With 12 Aboard Leaves Cusco in Rain"})


def test_a_headline_may_be_told_by_the_other_excerpt(known: Known) -> None:
    """What one says in its headline the other may say below it."""
    one = {"title": "Council approves schools budget after stormy debate", "excerpt": BODY}
    other = {
        "title": "Road repairs: council votes for schools budget on Tuesday night",
        "excerpt": f"A stormy debate. {BODY}",
    }
    assert _one_event(known, one, other)
    assert not _one_event(known, {**one, "excerpt": UNLIKE}, other)


def test_the_name_that_opens_two_headlines_is_no_event(known: Known) -> None:
    """Three words name one subject; what is said of it must agree."""
    name = "Cordarrelle Patterson"
    one = {"title": f"{name} talks of his kicks at the bowl in Orlando"}
    assert not _one_event(known, one, {"title": f"{name} named among the bowl"})
    assert _one_event(known, one, {"title": f"{name} talks in Orlando of kicks at bowl"})


def test_headlines_alone_are_believed_for_half_a_day(known: Known) -> None:
    """Hours later headlines that alike are tomorrow's market report; clearer ones still merge."""
    one = {"title": "Stocks slip as weak exports worry Asian markets", "hours": 30}
    other = {"title": "Weak exports weigh on Asian markets and stocks, copper slips", "hours": 28}
    assert _one_event(known, one, other)
    assert not _one_event(known, one, {**other, "hours": 10})
    assert _one_event(known, one, {**one, "hours": 10})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Games live: Ortiz wins rowing gold", "Games live: Petrova wins gold in women's judo"),
        ("Los Juegos del Norte en cifras", "Las remeras de los Juegos del Norte"),
    ],
)
def test_a_topic_of_the_day_is_no_event(known: Known, one: str, other: str) -> None:
    """Two reports of the same games share its name, and what is always said of it."""
    assert not _one_event(known, {"title": one}, {"title": other})


def test_one_site_tells_an_event_twice_only_in_the_same_words(known: Known) -> None:
    """The headlines of a site follow patterns."""
    one = {"title": "Council approves budget for schools and roads", "excerpt": BODY}
    other = {"title": "Council budget for schools and roads approved", "excerpt": BODY}
    near = {
        "title": "Council approves budget for schools; teachers welcome repairs",
        "excerpt": BODY,
    }
    here = {"url": "https://a.example/2"}
    assert _one_event(known, one, other | here)
    assert _one_event(known, one, near)
    assert not _one_event(known, one, near | here)


def test_four_pairs_of_letters_are_two_words(known: Known) -> None:
    """An office shared by two headlines is no event; pairs overlap."""
    office = {"title": "東京都知事"}
    assert not _one_event(known, office, {"title": "東京都知事選挙"})
    assert _one_event(known, {"title": "東京都知事選挙"}, {"title": "東京都知事選挙日程"})


def test_both_headlines_must_be_told_or_the_texts_agree(known: Known) -> None:
    """Four words of seven and of nine are too few alone; texts that agree make them enough."""
    shared = "aaaaaa bbbbbb cccccc dddddd"
    one = {"title": f"eeeeee ffffff gggggg {shared}"}
    other = {"title": f"hhhhhh iiiiii jjjjjj kkkkkk llllll {shared}"}
    mine, theirs = (" ".join(letter * 6 for letter in letters) for letters in ("mnopqr", "stuvwx"))
    common = " ".join(letter * 5 for letter in "abcdef")
    apart = {"excerpt": f"{mine} {mine.replace('m', 'y')} ooooo ppppp"}
    silent = {"excerpt": f"{theirs} uuuuu vvvvv wwwww"}
    assert not _one_event(known, one | apart, other | silent)
    agreed = ({"excerpt": f"{words} {common}"} for words in (mine, theirs))
    assert _one_event(known, *(a | b for a, b in zip((one, other), agreed, strict=True)))


@pytest.mark.parametrize(("subject", "same"), [("Crown Princess Mary", False), ("", True)])
def test_words_that_open_both_headlines_speak_once(
    known: Known, subject: str, *, same: bool
) -> None:
    """A name at the head of both is one thing in common; the same words behind others are three."""
    one = {
        "title": f"{subject} paints theatre tower garden",
        "excerpt": "The stadium castle opera bridge forest theatre stays closed for repairs.",
    }
    other = {
        "title": f"{subject} visits theatre school ferry",
        "excerpt": "A hospital ferry market library school museum stays open for repairs.",
    }
    if not subject:
        one["title"], other["title"] = (
            f"{report['title'].strip()} crown princess mary" for report in (one, other)
        )
    assert _one_event(known, one, other) is same
