"""Which sections read an article: by its sources, and not where its tags bar it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from digest.editorial import SectionPlan
from digest.editorial.choosing.eligible import sift
from digest.editorial.stories.stories import group
from digest.models.sources import label_key
from digest.models.stories import Reason

if TYPE_CHECKING:
    from digest.editorial import EditionPlan
    from digest.models.articles import KnownArticle
    from digest.models.issues import Slot

    Known = Callable[..., KnownArticle]
    Plan = Callable[..., EditionPlan]


def _section(name: str, *sources: str, without: tuple[str, ...] = ()) -> SectionPlan:
    barred = frozenset(map(label_key, without))
    return SectionPlan(id=name, title=name.title(), sources=sources, exclude_tags=barred)


def _sections(plan: EditionPlan, slot: Slot, *articles: KnownArticle) -> dict[str, tuple[str, ...]]:
    sifted = sift(articles, slot, plan)
    return {story.id: story.sections for story in group(sifted.eligible, sifted.reading)}


def test_a_tag_keeps_an_article_out_of_one_section_only(
    plan: Plan, slot: Slot, known: Known
) -> None:
    """Capitals, blanks and hyphens do not matter; the other section of its source tells it."""
    ours = plan(_section("world", "feed", without=("Live Blog",)), _section("all", "feed"))
    tagged = known("a", sources=("feed",), title="Live from the harbour", tags=("live-blog",))
    plain = known("b", sources=("feed",), title="Ferry returns to the islands", tags=("News",))
    assert _sections(ours, slot, tagged, plain) == {"a": ("all",), "b": ("world", "all")}


def test_what_every_section_leaves_out_is_said(plan: Plan, slot: Slot, known: Known) -> None:
    """`explain` names the tag, as it is written."""
    ours = plan(_section("world", "feed", without=("sponsored",)))
    article = known("ad", sources=("feed",), tags=("News", "Sponsored"))
    (verdict,) = sift([article], slot, ours).verdicts
    assert (verdict.reason, verdict.detail) == (Reason.EXCLUDED, 'tagged "Sponsored"')


def test_a_story_stands_where_one_of_its_articles_may(plan: Plan, slot: Slot, known: Known) -> None:
    """A report without the tag brings the story into the section."""
    ours = plan(_section("world", "feed", "other", without=("live",)), _section("all", "feed"))
    told = "The harbour bridge is closed for repairs until the spring"
    live = known("one", sources=("feed",), title=told, tags=("Live",))
    other = known("two", sources=("other",), title=told, url="https://other.example/two")
    (sections,) = _sections(ours, slot, live, other).values()
    assert set(sections) == {"all", "world"}
