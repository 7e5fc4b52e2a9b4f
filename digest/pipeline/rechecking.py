"""Just before sending, the chosen articles are looked at once more.

The edition's sources are read once more (conditionally), and each chosen article's page is asked
for. Withdrawn ones leave; a changed headline is taken or holds the issue, by the edition's policy;
the overlay is read again. Never more than a minute in all: who does not answer by then is kept,
and a site to which no connection comes about is tried once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from digest.collector import still_there
from digest.config import EditionSettings, Settings
from digest.errors import GateHeld
from digest.models import Article, KnownArticle
from digest.pipeline.collecting import collect_articles, limits_of
from digest.pipeline.composing import (
    ComposedIssue,
    collected_around,
    compose_again,
    compose_all,
    edition_named,
    sources_of,
)
from digest.pipeline.remembering import is_an_article
from digest.store import Store

MOST_SECONDS = 55.0  # of the promised minute; the rest is for composing again
_ROUNDS = 3  # who takes a withdrawn one's place is asked for too
_FEW = 3  # withdrawn articles that are nobody's mistake


@dataclass(frozen=True, slots=True)
class Rechecked:
    """The issue as it is to be sent, and what the look changed, in words."""

    composed: ComposedIssue
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Answers:
    """What is known of pages by URL: True there, False withdrawn, None nobody knows."""

    by_url: dict[str, bool | None] = field(default_factory=dict)

    @property
    def withdrawn(self) -> frozenset[str]:
        return frozenset(url for url, there in self.by_url.items() if there is False)


async def recheck(  # noqa: PLR0913 - what is sent, to whom, and how long it may take
    settings: Settings,
    store: Store,
    composed: ComposedIssue,
    audience: Collection[str],
    now: datetime,
    *,
    seconds: float = MOST_SECONDS,
) -> Rechecked:
    """Look once more at what these choices of sections would be sent.

    Raises GateHeld when the policy is to hold on a changed headline, or when so many articles are
    withdrawn that the site rather than they must be at fault.
    """
    edition = edition_named(settings, composed.issue.slot.edition)
    if edition.recheck == "off" or not _chosen(composed, audience):
        return Rechecked(composed)
    answers = _Answers()
    try:
        async with asyncio.timeout(seconds):
            silent = await _collect_again(settings, store, edition, now)
            for _ in range(_ROUNDS):
                asked = [
                    one for one in _chosen(composed, audience) if one.url not in answers.by_url
                ]
                if not asked:
                    break
                urls = {one.url for one in asked}
                silent = await still_there(
                    urls,
                    limits_of(settings),
                    answers.by_url.__setitem__,
                    silent,
                    is_an_article(store),
                )
                _refuse_an_empty_site(composed, answers)
                _remember(store, composed, answers, now)
                composed = _again(settings, store, edition, composed, audience)
    except TimeoutError:
        composed = _again(settings, store, edition, composed, audience)
    return Rechecked(composed, tuple(_notes(composed, answers, _chosen(composed, audience))))


async def _collect_again(
    settings: Settings, store: Store, edition: EditionSettings, now: datetime
) -> frozenset[str]:
    """Read the edition's sources; give the sites to which no connection came about."""
    wanted = frozenset(sources_of(settings, edition))
    sources = tuple(source for source in settings.source if source.id in wanted)
    report = await collect_articles(settings.model_copy(update={"source": sources}), store, now)
    return frozenset(source.silent for source in report.sources if source.silent)


def _again(
    settings: Settings,
    store: Store,
    edition: EditionSettings,
    composed: ComposedIssue,
    audience: Collection[str],
) -> ComposedIssue:
    chosen = {one.id for one in _chosen(composed, audience)}
    articles = _as_told_now(settings, store, edition, composed)
    changed = [
        (old.article.title, new.article.title)
        for old, new in zip(composed.articles, articles, strict=True)
        if old.article.id in chosen and old.article.title != new.article.title
    ]
    if changed and edition.recheck == "hold":
        words = "; ".join(f'"{old}" is now "{new}"' for old, new in changed)
        raise GateHeld(
            f"headlines changed since the issue was composed: {words}",
            where=composed.issue.key,
            fix="Look at it with `digest preview`; sending again takes the new ones",
        )
    return compose_again(settings, store, composed, articles)


def _as_told_now(
    settings: Settings, store: Store, edition: EditionSettings, composed: ComposedIssue
) -> tuple[KnownArticle, ...]:
    """Give the same articles in today's words: nothing new comes in at this point."""
    at = (composed.as_of or composed.issue.slot).at
    told = {
        known.article.id: known
        for known in collected_around(store, edition, sources_of(settings, edition), at)
    }
    return tuple(told.get(known.article.id, known) for known in composed.articles)


def _chosen(composed: ComposedIssue, audience: Collection[str]) -> tuple[Article, ...]:
    pages = compose_all(composed.issue, sorted(audience)).values()
    found = {story.id: story.article for page in pages if page for story in page.stories}
    return tuple(found.values())


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
        yield f"{silent} articles could not be asked for once more; they are sent as collected"
