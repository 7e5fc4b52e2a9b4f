"""Evidence: what speaks for one event and what against it, pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from digest.editorial.stories.same_event import Comparison
from digest.models.articles import KnownArticle

Known = Callable[..., KnownArticle]

BODY = "The council gathered on Tuesday evening and approved a budget for schools and road repairs"
UNLIKE = "A museum in the old harbour opens its doors with paintings lent by eleven collectors"


def _one_event(known: Known, *reports: Mapping[str, object]) -> bool:
    one, other = (
        known(name, **{"url": f"https://{name}.example/", **report})
        for name, report in zip("ab", reports, strict=True)
    )
    return bool(Comparison([one, other]).alike())


def test_all_figures_of_a_date_are_one_word(known: Known) -> None:
    """Two rubrics of one day have nothing in common but the day."""
    titles = ("Energy letter 3/10/14", "Games letter 3/10/14")
    assert not _one_event(known, *({"title": title} for title in titles))


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


def test_reports_of_a_death_in_other_words_are_one_event(known: Known) -> None:
    """A rare name, an age and texts that tell the headlines are enough."""
    one = {
        "title": "Adela Quist, who taught a village to read, dies at 93",
        "excerpt": "The former teacher taught a village to read and championed "
        "free schools in Norvale.",
    }
    other = {
        "title": "Adela Quist, Former Teacher Who Brought Books to Norvale, Dies at 93",
        "excerpt": "The teacher championed free schools in Norvale and brought "
        "books to every village.",
    }
    assert _one_event(known, one, other)
