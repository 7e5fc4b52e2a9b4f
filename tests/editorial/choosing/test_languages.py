"""One source in two languages: the other language's twin is not told beside a story."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from digest.editorial import SectionPlan
from digest.editorial.choosing.eligible import sift
from digest.editorial.choosing.languages import tongue
from digest.models.stories import Reason

if TYPE_CHECKING:
    from digest.editorial import EditionPlan
    from digest.models.articles import KnownArticle
    from digest.models.issues import Slot

    Known = Callable[..., KnownArticle]
    Plan = Callable[..., EditionPlan]


def _section(*languages: str, source: str = "world") -> SectionPlan:
    return SectionPlan(
        id=source, title=source.title(), sources=(source,), languages=frozenset(languages)
    )


def _told(plan: EditionPlan, slot: Slot, *articles: KnownArticle) -> set[str]:
    return {known.article.id for known in sift(articles, slot, plan).eligible}


@pytest.mark.parametrize(
    ("edition", "languages", "told"),
    [
        ("en", (), {"english", "british", "untold"}),
        ("en-US", (), {"english", "british", "untold"}),
        ("fr", (), {"french", "untold"}),
        ("en", ("fr",), {"english", "british", "untold", "french"}),
        ("en", ("fr-CA",), {"english", "british", "untold", "french"}),
        ("en", ("*",), {"english", "british", "untold", "french", "hindi"}),
    ],
)
def test_a_source_in_several_languages_tells_the_editions_own(
    plan: Plan, slot: Slot, known: Known, edition: str, languages: tuple[str, ...], told: set[str]
) -> None:
    """A section may let others in; an article whose language nobody tells is told."""
    articles = [
        known("english", language="en"),
        known("british", language="en_GB"),
        known("french", language="fr"),
        known("hindi", language="hi-IN"),
        known("untold"),
    ]
    assert _told(plan(_section(*languages), language=edition), slot, *articles) == told


def test_a_source_that_never_speaks_the_editions_language_was_chosen(
    plan: Plan, slot: Slot, known: Known
) -> None:
    """Many feeds say "en-US" and are not; whoever chose a French one wants French stories."""
    articles = [
        known("a", language="fr", sources=("monde",)),
        known("b", language="en", sources=("world",)),
    ]
    assert _told(plan(_section(), _section(source="monde")), slot, *articles) == {"a", "b"}


def test_a_story_that_another_source_may_tell_is_told(plan: Plan, slot: Slot, known: Known) -> None:
    """It stands in two sources, and one of them is wholly of its language."""
    articles = [
        known("a", language="fr", sources=("monde", "world")),
        known("b", language="en", sources=("world",)),
    ]
    assert _told(plan(_section(), _section(source="monde")), slot, *articles) == {"a", "b"}


def test_explain_names_the_language(plan: Plan, slot: Slot, known: Known) -> None:
    """Nothing is left out without a word."""
    articles = [known("a", language="fr"), known("b", language="en")]
    (verdict,) = sift(articles, slot, plan(_section())).verdicts
    assert verdict.reason is Reason.LANGUAGE
    assert verdict.detail == "fr, from a source that also tells news in en"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("pt-BR", "pt"), ("zh_Hant_TW", "zh"), ("nb-NO", "no"), ("iw", "he"), ("EN", "en"), ("", "")],
)
def test_a_tag_is_read_for_its_language(tag: str, language: str) -> None:
    """Script and region make no other language, and older codes are the newer ones."""
    assert tongue(tag) == language
