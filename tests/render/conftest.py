"""A small newsroom for the room's tests: real-looking stories, issues made of them, the themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.models.articles import Article, Picture
from digest.models.compositions import ComposedSection, Composition
from digest.models.issues import Issue, IssueSection, Slot
from digest.models.site import SiteFacts
from digest.models.stories import Story
from digest.render import Theme, load_theme
from digest.resources import templates_folder

NONCE = "a1b2c3d4e5f6"
_SLOT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_HEADLINES = (
    "Break in undersea cable slows internet across three island nations",
    "Desert observatory catches faint signal from edge of the early universe",
    "City of canals bans rolling suitcases on old stone bridges",
    "Fourteen nations sign pact to share drought warnings across borders",
    "Arden ferry link reopens after two years as first sailing crosses the Sound",
    "Food prices fall for third month, but rice stays stubborn",
)
_EXCERPT = (
    "Banks limited withdrawals and hospitals turned to satellite telephones after a break in an "
    "undersea cable slowed the internet across the island nations of Tavara, Lomea and the Kesh "
    "Islands. A repair ship is two days away."
)
SECTIONS = (("world", "World News"), ("culture", "Travel & Culture"), ("tech", "Tech Trends"))


class Newsroom:
    """Makes stories, issues and compositions; every value can be replaced by the test."""

    nonce = NONCE

    def story(self, section: str, number: int, **article: object) -> Story:
        """Return one story; keywords replace fields of its article."""
        name = f"{section}-{number}"
        picture = Picture(f"https://news.example/{name}.jpg", 1200, 800, f"A picture of {name}")
        made = Article(
            id=name,
            source_id=section,
            url=f"https://news.example/{section}/{number}/?from=feed&x=1",
            title=_HEADLINES[number % len(_HEADLINES)],
            excerpt=_EXCERPT,
            author="Maren Holloway",
            published=_SLOT - timedelta(minutes=95 * number + 20),
            picture=picture if number % 4 else None,
            reading_minutes=number + 1,
        )
        return Story(name, replace(made, **article), sections=(section,))  # type: ignore[arg-type]

    def section(
        self, name: str, title: str, top: Sequence[Story] = (), latest: Sequence[Story] = ()
    ) -> ComposedSection:
        """Return a section of a composition."""
        url = f"https://news.example/{name}/"
        return ComposedSection(name, title, url, tuple(top), tuple(latest))

    def composition(
        self,
        lead: Story | None = None,
        sections: Sequence[ComposedSection] = (),
        variant: str = "all",
        language: str = "en-GB",
    ) -> Composition:
        """Return a composition of these parts."""
        return Composition(
            variant=variant,
            language=language,
            subject=lead.article.title if lead else "Nothing leads",
            preheader="Also today: prices, ferries & bells",
            lead=lead,
            lead_section=lead.sections[0] if lead else "",
            sections=tuple(sections),
        )

    def everything(self) -> Composition:
        """Return a composition of three sections with three top and three latest stories each."""
        stories = {name: [self.story(name, n) for n in range(7)] for name, _ in SECTIONS}
        lead = stories["world"][1]
        parts = []
        for name, title in SECTIONS:
            rest = [story for story in stories[name] if story is not lead]
            parts.append(self.section(name, title, rest[:3], rest[3:6]))
        return self.composition(lead, parts)

    def issue(self, composition: Composition, language: str = "en-GB") -> Issue:
        """Return the issue that this composition was made from."""
        return Issue(
            slot=Slot("daily", "2026-11-23", _SLOT),
            edition_title="The Morning Tide",
            timezone="Europe/London",
            language=language,
            theme="frontpage",
            site=SiteFacts(
                name="The Harbour Post",
                url="https://news.example",
                public_url="https://digest.news.example",
                postal_address="1 Quay Street, Saltmouth",
            ),
            from_header="The Harbour Post <digest@news.example>",
            subject="{{ lead.title }}",
            preheader="{{ headlines }}",
            sections=tuple(
                IssueSection(part.id, part.title, part.url, 3, 3, (), ())
                for part in composition.sections
            ),
            stories=composition.stories,
        )


@pytest.fixture(scope="session")
def newsroom() -> Newsroom:
    """Return the newsroom."""
    return Newsroom()


@pytest.fixture(scope="session")
def themes() -> Path:
    """Return the folder of the themes that ship with Digest."""
    return templates_folder() / "email"


@pytest.fixture(scope="session")
def frontpage(themes: Path) -> Theme:
    """Return the theme "frontpage", read once."""
    return load_theme("frontpage", [themes])
