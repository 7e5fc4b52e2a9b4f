"""Backends for the pages, kept in memory: what a newsroom and a reader would have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from digest.editorial import ScoreTerms
from digest.errors import DigestError
from digest.log import LogOptions, log
from digest.models.stories import Reason
from digest.pipeline.desk.explained_article import ExplainedArticle
from digest.web.preview import PreviewEdition, PreviewPage
from digest.web.readers.contract import (
    Action,
    Change,
    Left,
    LinkProblem,
    Reader,
    ReaderEdition,
    ReaderState,
    SectionChoice,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SECTIONS = (
    ("world", "World News"),
    ("tech", "Tech Trends"),
    ("travel", "Travel & Culture"),
    ("health", "Health & Wellness"),
)
ISSUE_HTML = (
    '<!doctype html><html lang="en"><head><title>Daily</title><style>'
    "@media (prefers-color-scheme: dark){body{background:#111;color:#eee}}</style></head>"
    '<body><h1>THE_TITLE</h1><p id="chosen">THE_SECTIONS</p>'
    "<script>document.title='ran'</script></body></html>"
)


def issue_html(title: str, chosen: str) -> str:
    return ISSUE_HTML.replace("THE_TITLE", title).replace("THE_SECTIONS", chosen)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """Yield a page for all tests of a module: one of its own costs each 0.3 s of the processor."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def emptied(window: Page) -> Iterator[Page]:
    """Yield that page as a new one would be: 375 wide, light, blank, and without a cookie.

    What it stores is kept by address, and each test serves at a port of its own.
    """
    window.set_viewport_size({"width": 375, "height": 760})
    window.emulate_media(color_scheme="light")
    window.context.clear_cookies()
    yield window
    window.goto("about:blank")


@pytest.fixture
def faults_logged() -> Iterator[None]:
    """Log errors on stderr for as long as a test runs."""
    log.configure(LogOptions("error"))
    yield
    log.configure(LogOptions())


@dataclass
class Newsroom:
    """A preview backend whose state, and fault, the test decides."""

    fault: Exception | None = None
    state: str = "first"
    subject: str = "Harbour towns count the cost of the longest storm"
    built: list[tuple[str, frozenset[str], str]] = field(default_factory=list)

    def editions(self) -> tuple[PreviewEdition, ...]:
        if isinstance(self.fault, DigestError):
            raise self.fault
        return (
            PreviewEdition("daily", "Daily briefing", SECTIONS),
            PreviewEdition("weekend", "The weekend", SECTIONS[:2]),
        )

    def preview(
        self, edition: str, sections: frozenset[str], slot: str, *, again: bool = False
    ) -> PreviewPage:
        if self.fault:
            raise self.fault
        self.built.append((edition, sections, slot))
        sent = slot == "2026-11-22"
        chosen = "+".join(sorted(sections)) or "all"
        quiet = sections == {"health"}
        return PreviewPage(
            issue_key=f"{edition}/{slot or '2026-11-24'}",
            at=datetime(2026, 11, 24, 7, tzinfo=UTC),
            variant="" if quiet else chosen,
            from_header="Harbour Gazette <digest@gazette.example>",
            subject="" if quiet else self.subject,
            preheader="" if quiet else "Councils say the repairs will take until spring",
            html="" if quiet else issue_html(edition, chosen),
            text="" if quiet else f"DAILY BRIEFING\n\n* {chosen}",
            warnings=('section "travel": only 1 of 5 stories has a picture',),
            planned=sent,
            kept="as sent: frozen Sun 22 Nov 2026, finished" if sent and not again else "",
            verdicts=(
                _explained("Harbour towns count the cost", "world-feed", Reason.IN, "world"),
                _explained("Storm: what we know", "wire", Reason.MERGED, "world"),
                _explained("<b>Old</b> news", "tech-feed", Reason.SENT_BEFORE, "tech"),
            ),
        )

    def stamp(self) -> str:
        if isinstance(self.fault, DigestError):
            raise self.fault
        return self.state


def _explained(title: str, source: str, reason: Reason, section: str) -> ExplainedArticle:
    terms = ScoreTerms("s", section, 0.486, 0.71, 0.625, 0.5, 1.0, "comments")
    return ExplainedArticle(
        article_id=title,
        title=title,
        url="https://gazette.example/a",
        source_id=source,
        reason=reason,
        sections=(section,),
        detail="with a",
        merged_with=("Harbour towns: the bill",) if reason is Reason.MERGED else (),
        terms=(terms,) if reason is Reason.IN else (),
    )


def _subscription(id_: str, title: str) -> ReaderEdition:
    sections = tuple(SectionChoice(one, name, one != "health") for one, name in SECTIONS)
    return ReaderEdition(id_, title, ReaderState.ACTIVE, sections)


@dataclass
class Readers:
    """A readers' backend that knows two tokens: "good-token", and "old-token" that retired."""

    reader: Reader = field(
        default_factory=lambda: Reader(
            address="a…@reader.example",
            edition="daily",
            editions=(
                _subscription("daily", "Daily briefing"),
                _subscription("weekend", "The weekend"),
            ),
        )
    )
    changes: list[Change] = field(default_factory=list)

    def find(self, token: str) -> Reader | LinkProblem:
        if token == "good-token":
            return self.reader
        return LinkProblem.RETIRED if token == "old-token" else LinkProblem.UNKNOWN

    def change(self, token: str, change: Change) -> None:
        assert token == "good-token"
        self.changes.append(change)
        editions = tuple(
            _changed(one, change) if one.id == change.edition else one
            for one in self.reader.editions
        )
        self.reader = replace(self.reader, editions=editions)

    async def leave(self, token: str, reason: str, *, one_click: bool) -> Left | LinkProblem:
        del reason, one_click
        found = self.find(token)
        if isinstance(found, LinkProblem):
            return found
        self.change(token, Change(found.edition, Action.UNSUBSCRIBE))
        return Left(found.edition, found.current.title, found.address)

    def issue(self, token: str) -> str | LinkProblem:
        found = self.find(token)
        if isinstance(found, LinkProblem):
            return found
        return issue_html("Daily briefing", "tech+world")


def _changed(edition: ReaderEdition, change: Change) -> ReaderEdition:
    if change.action is Action.SECTIONS:
        sections = tuple(
            replace(section, chosen=section.id in change.sections) for section in edition.sections
        )
        return replace(edition, sections=sections)
    if change.action is Action.PAUSE:
        return replace(edition, state=ReaderState.PAUSED, paused_until=date(2026, 12, 7))
    state = ReaderState.ACTIVE if change.action is Action.RESUME else ReaderState.UNSUBSCRIBED
    return replace(edition, state=state, paused_until=None)


@pytest.fixture
def newsroom() -> Newsroom:
    """Return a newsroom with two editions and one fault-free issue."""
    return Newsroom()


@pytest.fixture
def readers() -> Readers:
    """Return a reader of two editions."""
    return Readers()
