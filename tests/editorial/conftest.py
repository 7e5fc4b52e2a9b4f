"""What the tests of choosing share: articles, plans and slots made by hand, a newsroom's week."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.editorial import EditionPlan, SectionPlan
from digest.models.articles import Article, KnownArticle, Picture
from digest.models.issues import Slot
from digest.models.site import SiteFacts

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

Known = Callable[..., KnownArticle]
Plan = Callable[..., EditionPlan]


@pytest.fixture(scope="session")
def slot() -> Slot:
    """Return the slot of a Monday morning."""
    return Slot(edition="daily", key="2026-11-23", at=AT)


@pytest.fixture(scope="session")
def known() -> Known:
    """Return a maker of articles: `known("a", hours=3, sources=("world",), comments=4)`."""
    return _known


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Return a maker of plans out of sections; every other word may be overridden."""
    return _plan


@pytest.fixture(scope="session")
def week() -> Callable[[int, int], list[KnownArticle]]:
    """Return a maker of articles of a busy week: how many, and the seed."""
    return _week


def _known(
    name: str,
    *,
    hours: float = 1.0,
    sources: tuple[str, ...] = ("world",),
    seen: float | None = None,
    **fields: Any,  # noqa: ANN401 - any field of an Article
) -> KnownArticle:
    """`hours` before the slot it is dated, `seen` hours before the slot it was first seen."""
    facts: dict[str, Any] = {
        "url": f"https://news.example/{name}",
        "title": f"Title {name}",
        "published": AT - timedelta(hours=hours),
    }
    article = Article(id=name, source_id=sources[0], **{**facts, **fields})
    first_seen = AT - timedelta(hours=hours if seen is None else seen)
    return KnownArticle(article=article, first_seen=first_seen, sources=sources)


def _plan(*sections: SectionPlan, **changes: Any) -> EditionPlan:  # noqa: ANN401 - any field
    plan = EditionPlan(
        id="daily",
        title="Daily briefing",
        timezone="Europe/London",
        language="en",
        theme="frontpage",
        subject="{{ lead.title }}",
        preheader="{{ headlines }}",
        sections=sections,
        look_back_hours=72.0,
        site=SiteFacts(
            name="Example News",
            url="https://news.example",
            public_url="https://digest.news.example",
            postal_address="1 Example Street",
        ),
        from_header="Example News <digest@news.example>",
    )
    return dataclasses.replace(plan, **changes)


def _week(count: int, seed: int) -> list[KnownArticle]:
    """Mix sources, shared articles, authors, pictures, ages and popularity."""
    dice = random.Random(seed)  # noqa: S311 - test data
    names = ("world", "tech", "health", "front")
    made = []
    for number in range(count):
        sources = tuple(dice.sample(names, k=dice.choice((1, 1, 1, 2, 3))))
        made.append(
            _known(
                f"a{number:04}",
                hours=round(dice.uniform(0.1, 90.0), 1),
                sources=sources,
                title=f"Nummer {number} {dice.random()}",
                author=dice.choice(("", "Ann Ames", "Bo Byrd", "Cy Cole")),
                comments=dice.choice((None, 0, 1, 5, 40)),
                picture=dice.choice((None, Picture("https://news.example/p.jpg"))),
            )
        )
    return made
