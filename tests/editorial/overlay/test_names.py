"""What an editor types finds the article that is meant, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.editorial import Choice, Circumstances, EditionPlan, SectionPlan, choose, parse_overlay
from digest.editorial.overlay.names import Articles, page_key, parameters
from digest.models.articles import Article, KnownArticle
from digest.models.issues import Slot
from digest.models.stories import Reason

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]
WORLD = SectionPlan(id="world", title="World", sources=("world",))


def _article(name: str, title: str, url: str = "") -> Article:
    return Article(name, "world", url or f"https://www.news.example/{name}/", title)


ARTICLES = (
    _article("one", "Mayor: \u201cNo bridge\u201d \u2013 and the council\u2019s answer"),
    _article("two", "The council votes on trams"),
    _article("three", "The council votes on parks"),
    _article("four", "\u6771\u4eac\u3067\u5927\u96ea"),
    _article("five", "Opera", "https://news.example/read?id=5"),
    _article("six", "Ballet", "https://news.example/read?id=6"),
)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Mayor: 'No bridge' - and the council's answer", {"one"}),
        ('MAYOR: "no  bridge" \u2014 and the councils answer', {"one"}),
        ("\u00abno bridge\u00bb", {"one"}),
        ("votes on trams", {"two"}),
        ("the council votes", {"two", "three"}),
        ("The council votes on parks", {"three"}),
        ("ouncil votes on", set()),
        ("the", set()),
        ("\u5927\u96ea", {"four"}),
        ("https://www.news.example/one/", {"one"}),
        ("http://news.example/one?utm_source=mail&fbclid=x#top", {"one"}),
        ("news.example/one", {"one"}),
        ("https://news.example/read?id=5&utm_medium=email", {"five"}),
        ("https://news.example/read?id=6", {"six"}),
        ("https://news.example/read?id=7", set()),
        ("https://news.example/read", set()),
        ("https://other.example/one", set()),
        (" two ", {"two"}),
        ("", set()),
    ],
)
def test_a_name_as_people_type_it(name: str, ids: set[str]) -> None:
    """Any quotation marks, dashes and case, a part from a word's beginning, tracked addresses."""
    assert Articles(ARTICLES).ids(name) == ids


def _choice(known: Known, plan: Plan, slot: Slot, wish: str, *, standing: bool = False) -> Choice:
    articles = [
        known(f"a{number}", title=title, hours=number + 1)
        for number, title in enumerate(
            ("Storm closes the harbour", "Storm empties the beaches", "Trams come back")
        )
    ]
    overlay = parse_overlay(wish, "o.toml", standing=standing)
    return choose(articles, slot, plan(WORLD), Circumstances(overlay))


def _dropped(choice: Choice) -> list[str]:
    return [one.article_id for one in choice.verdicts if one.reason is Reason.DROPPED]


@pytest.mark.parametrize(
    "wish",
    [
        '[[drop]]\nstory = "storm"\n',
        '[[pin]]\nstory = "storm"\n',
        '[lead]\nstory = "storm"\n',
        '[[boost]]\nstory = "storm"\nfactor = 2\n',
        '[[split]]\nstory = "storm"\n',
        '[[merge]]\nstories = ["trams come back", "storm"]\n',
    ],
)
def test_a_part_of_several_headlines_lists_them(
    known: Known, plan: Plan, slot: Slot, wish: str
) -> None:
    """Nothing is dropped or pinned on a guess; the editor sees what could be meant."""
    choice = _choice(known, plan, slot, wish)
    (fault,) = choice.faults
    assert "o.toml:1: " in fault
    assert 'names 2 stories: "Storm closes the harbour" (a0); "Storm empties' in fault
    assert _dropped(choice) == []


def test_a_part_of_one_headline_is_enough(known: Known, plan: Plan, slot: Slot) -> None:
    """The rest of the words need not be typed."""
    choice = _choice(known, plan, slot, '[[drop]]\nstory = "storm CLOSES"\n')
    assert (_dropped(choice), choice.faults) == (["a0"], ())


def test_a_standing_drop_means_whole_headlines_only(known: Known, plan: Plan, slot: Slot) -> None:
    """It holds for every issue: a part might be another story's tomorrow."""
    for name, dropped in (("Trams", []), ("trams come back", ["a2"])):
        choice = _choice(known, plan, slot, f'[[drop]]\nstory = "{name}"\n', standing=True)
        assert (_dropped(choice), choice.faults) == (dropped, ())


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (" https://www.x.example/a/?b=1#c ", "x.example/a"),
        ("http://x.example/a#b?c", "x.example/a"),
        ("https://x.example/go/https://y.example/", "x.example/go/https://y.example"),
        ("x.example/a/", "x.example/a"),
        ("www.x.example/a", "www.x.example/a"),
    ],
)
def test_a_page_is_its_host_and_path(address: str, page: str) -> None:
    """Without scheme, query, fragment or last slash; of one with a scheme without www."""
    assert page_key(address) == page


def test_what_is_no_address_has_no_parameters() -> None:
    """Empty ones count."""
    assert parameters("https://[x") == frozenset()
    assert parameters(" https://x.example/?a=&b=1 ") == {("a", ""), ("b", "1")}


def test_of_the_articles_of_one_page_the_parameters_tell_which_is_meant() -> None:
    """All of them alike; else what one side has more, if that leaves one."""
    articles = Articles(
        Article(id=name, source_id="s", url=f"https://x.example/a{query}", title=name)
        for name, query in (("plain", ""), ("one", "?id=1"), ("two", "?id=2&p=3"))
    )

    def found(query: str) -> frozenset[str]:
        return articles.ids(f"http://www.x.example/a/{query}")

    assert found("") == {"plain"}
    assert found("?id=1") == {"one"}
    assert found("?p=3&id=2") == {"two"}
    assert found("?id=1&utm=x") == frozenset()
    assert found("?id=9") == {"plain"}
    assert articles.title("one") == "one"
    assert articles.title("gone") == ""
