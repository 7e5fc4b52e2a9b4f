"""Just before sending, the chosen articles are looked at once more.

The edition's sources are read once more (conditionally), and each chosen article's page is asked
for. Withdrawn ones leave; a changed headline is taken or holds the issue, by the edition's policy;
the overlay is read again. Never more than a minute in all: who does not answer by then is kept,
and a site to which no connection comes about is tried once. Sources have half of the time, so that
slow ones leave enough for the pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from digest.config import EditionSettings, Settings
from digest.errors import GateHeld
from digest.log import log
from digest.models.articles import Article, KnownArticle
from digest.models.issues import Issue
from digest.pipeline.issue.composing import (
    ComposedIssue,
    collected_around,
    compose_again,
    compose_all,
    compose_for,
)
from digest.pipeline.issue.policy import sources_of
from digest.pipeline.issue.slots import edition_named
from digest.plurals import counted
from digest.store import NewIssue, Store

MOST_SECONDS = 50.0  # of the promised minute; the rest is for composing again
_COLLECTING = 0.5  # of these seconds
_PATIENCE = 0.2  # of these seconds, for one answer: slow sites shall not take every place
_PLACES = 96
_ROUNDS = 3  # who takes a withdrawn one's place is asked for too
_FEW = 3  # withdrawn articles that are nobody's mistake


@dataclass(frozen=True, slots=True)
class Rechecked:
    """The issue as it is to be sent, and what the look changed, in words.

    `held` says what has to be approved before it may be sent, if anything.
    """

    composed: ComposedIssue
    notes: tuple[str, ...] = ()
    held: str = ""


@dataclass(slots=True)
class _Answers:
    """The state of pages by URL: True there, False withdrawn, None nobody knows."""

    by_url: dict[str, bool | None] = field(default_factory=dict)

    @property
    def withdrawn(self) -> frozenset[str]:
        return frozenset(url for url, there in self.by_url.items() if there is False)


@dataclass(frozen=True, slots=True)
class RecheckOrder:
    """For which choices of sections to look once more, when, and for how many seconds at most."""

    audience: Collection[str]
    now: datetime
    seconds: float = MOST_SECONDS


async def recheck(
    settings: Settings, store: Store, composed: ComposedIssue, order: RecheckOrder
) -> Rechecked:
    """Look once more at what these choices of sections would be sent.

    Raises GateHeld when so many articles are withdrawn that the site must be at fault.
    """
    audience, now, seconds = order.audience, order.now, order.seconds
    edition = edition_named(settings, composed.issue.slot.edition)
    chosen = _ChosenArticles(audience)
    if edition.recheck == "off" or not (before := chosen.of(composed)):
        return Rechecked(composed)
    deadline = asyncio.get_running_loop().time() + seconds
    settings = _hurried(settings, seconds * _PATIENCE)
    silent = await _collect_again(settings, store, edition, now, seconds * _COLLECTING)
    composed, answers = _again(settings, store, composed), _Answers()
    try:
        async with asyncio.timeout_at(deadline):
            for _ in range(_ROUNDS):
                urls = {one.url for one in chosen.of(composed)} - set(answers.by_url)
                if not urls:
                    break
                silent = await _ask_for(urls, settings, store, answers, silent)
                composed = _without_withdrawn(settings, store, composed, answers, now)
    except TimeoutError:
        composed = _without_withdrawn(settings, store, composed, answers, now)
    notes = tuple(_notes(composed, answers, chosen.of(composed)))
    changed = "; ".join(_renamed(before, composed))
    return Rechecked(composed, notes, changed if edition.recheck == "hold" else "")


async def withdrawn_since(
    settings: Settings, store: Store, issue: Issue, now: datetime
) -> frozenset[str]:
    """Ask once more for the pages of an issue that editors saw before; return those that are gone.

    They are remembered as withdrawn. Who does not answer within half a minute is taken to be there.
    """
    edition = edition_named(settings, issue.slot.edition)
    page = compose_for(issue, "")
    if edition.recheck == "off" or page is None:
        return frozenset()
    answers, ids = _Answers(), {one.article.url: one.article.id for one in issue.stories}
    hurried = _hurried(settings, MOST_SECONDS * _PATIENCE)
    with suppress(TimeoutError):
        async with asyncio.timeout(MOST_SECONDS * _COLLECTING):
            urls = {story.article.url for story in page.stories}
            await _ask_for(urls, hurried, store, answers, frozenset())
    store.articles.withdraw([ids[url] for url in answers.withdrawn], now)
    return answers.withdrawn


def hold_for_approval(store: Store, looked: Rechecked, now: datetime) -> None:
    """Raise GateHeld if there is something to approve; the issue is then held, durably.

    Without that, the next run would find the new headlines in the store and nothing amiss.
    """
    if not looked.held:
        return
    issue, frozen = looked.composed.issue, looked.composed.frozen
    why = f"headlines changed just before sending: {looked.held}"
    log.warning("issue held", why=why)
    store.issues.hold(NewIssue(issue.slot, frozen.json, frozen.sha256), why, now)
    raise GateHeld(
        why,
        where=issue.key,
        fix=f"Look at it with `digest preview {issue.slot.edition}`; `digest issues resume "
        f"{issue.key}` approves it, and the next `digest send` sends it",
    )


def _hurried(settings: Settings, patience: float) -> Settings:
    """Return the settings with less time for each site, and more sites asked at once."""
    rules = settings.collector
    hurried = replace(
        rules,
        timeout=min(rules.timeout, patience),
        concurrency=max(rules.concurrency, _PLACES),
    )
    return settings.model_copy(update={"collector": hurried})


async def _ask_for(
    urls: set[str], settings: Settings, store: Store, answers: _Answers, silent: frozenset[str]
) -> frozenset[str]:
    """Note which pages are there; return the sites to which no connection came about."""
    # The collector and its HTTP are imported here: most of a start, if no site is to be asked.
    from digest.collector import still_there
    from digest.pipeline.gathering.limits import limits_of
    from digest.pipeline.gathering.page_memory import is_an_article

    told, known = answers.by_url.__setitem__, is_an_article(store)
    return await still_there(urls, limits_of(settings), told, silent, known)


async def _collect_again(
    settings: Settings, store: Store, edition: EditionSettings, now: datetime, seconds: float
) -> frozenset[str]:
    """Read the edition's sources; give the sites to which no connection came about.

    Sources that take longer than `seconds` stay as they were collected before.
    """
    from digest.pipeline.gathering.collecting import collect_articles

    wanted = frozenset(sources_of(settings, edition))
    sources = tuple(source for source in settings.source if source.id in wanted)
    only = settings.model_copy(update={"source": sources})
    try:
        async with asyncio.timeout(seconds):
            report = await collect_articles(only, store, now)
    except TimeoutError:
        return frozenset()
    return frozenset(source.silent for source in report.sources if source.silent)


def _again(settings: Settings, store: Store, composed: ComposedIssue) -> ComposedIssue:
    return compose_again(settings, store, composed, _as_told_now(settings, store, composed))


def _without_withdrawn(
    settings: Settings, store: Store, composed: ComposedIssue, answers: _Answers, now: datetime
) -> ComposedIssue:
    _refuse_an_empty_site(composed, answers)
    _remember(store, composed, answers, now)
    return _again(settings, store, composed)


def _renamed(before: Iterable[Article], composed: ComposedIssue) -> Iterator[str]:
    """Say which headlines readers would find changed; an editor's own words stay as they were."""
    now = {story.article.id: story.article.title for story in composed.issue.stories}
    for one in before:
        title = now.get(one.id, one.title)
        if title != one.title:
            yield f'"{one.title}" is now "{title}"'


def _as_told_now(
    settings: Settings, store: Store, composed: ComposedIssue
) -> tuple[KnownArticle, ...]:
    """Return the same articles in today's words: nothing new comes in at this point."""
    slot = composed.issue.slot
    at = (composed.as_of or slot).at
    told = {known.article.id: known for known in collected_around(settings, store, slot, at)}
    return tuple(told.get(known.article.id, known) for known in composed.articles)


class _ChosenArticles:
    """The articles that any of these choices of sections would be sent.

    An issue is asked several times, and most often it has not changed in between.
    """

    def __init__(self, audience: Collection[str]) -> None:
        self._audience = sorted(audience)
        self._known: dict[str, tuple[Article, ...]] = {}

    def of(self, composed: ComposedIssue) -> tuple[Article, ...]:
        sha256 = composed.frozen.sha256
        if sha256 not in self._known:
            pages = compose_all(composed.issue, self._audience).values()
            found = {story.id: story.article for page in pages if page for story in page.stories}
            self._known[sha256] = tuple(found.values())
        return self._known[sha256]


def _remember(store: Store, composed: ComposedIssue, answers: _Answers, now: datetime) -> None:
    """Mark the withdrawn ones, so that no later issue tells them either."""
    gone = [
        known.article.id for known in composed.articles if known.article.url in answers.withdrawn
    ]
    store.articles.withdraw(gone, now)


def _refuse_an_empty_site(composed: ComposedIssue, answers: _Answers) -> None:
    gone, asked = len(answers.withdrawn), len(answers.by_url)
    if gone > _FEW and gone * 2 > asked:
        raise GateHeld(
            f"{gone} of {asked} chosen articles are not found on their site",
            where=composed.issue.key,
            fix="Look at the site; if they are withdrawn indeed, drop them in the overlay, "
            'or set recheck = "off" for this edition',
        )


def _notes(composed: ComposedIssue, answers: _Answers, chosen: Iterable[Article]) -> Iterable[str]:
    titles = {known.article.url: known.article.title for known in composed.articles}
    for url in sorted(answers.withdrawn):
        yield f'Left out, its site withdrew it: "{titles.get(url, url)}"'
    silent = sum(answers.by_url.get(one.url) is None for one in chosen)
    if silent:
        what = counted(silent, "article")
        yield f"{what} could not be asked for once more: sent as collected"
