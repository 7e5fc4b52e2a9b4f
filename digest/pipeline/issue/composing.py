"""Articles → an issue: finds the slot, gathers the candidates, and lets editorial decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.config import Settings
from digest.editorial import Choice, Circumstances, Composer, EditionPlan, Memory, choose
from digest.editorial.overlay.wishes import Overlay
from digest.frozen import Frozen, freeze
from digest.models.articles import KnownArticle
from digest.models.compositions import Composition
from digest.models.issues import Issue, Slot
from digest.models.stories import Reason
from digest.pipeline.issue.expiry import expired_before, expiry_words
from digest.pipeline.issue.history import Past, carried_by_others, led_elsewhere, past_of
from digest.pipeline.issue.overlays import in_order, read_overlay, refuse
from digest.pipeline.issue.policy import look_back_hours, plan_of, sources_of
from digest.pipeline.issue.settling import sentence, split
from digest.pipeline.issue.slots import edition_named
from digest.store import Store

_REMEMBERED = timedelta(days=60)  # how old an article may be to be told from one that is unknown
_EMBARGO = timedelta(days=7)  # how far ahead articles are looked at, to say "not yet" of them


@dataclass(frozen=True, slots=True)
class ComposedIssue:
    """An issue before anybody got it, frozen, and why it is so: a verdict for each article."""

    issue: Issue
    frozen: Frozen
    choice: Choice
    articles: tuple[KnownArticle, ...] = ()
    as_of: Slot | None = None
    settling: tuple[KnownArticle, ...] = ()
    expired: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what settles, what expired, and what to do where nothing was collected for it."""
        said = (
            f"{self.issue.key}: no article of its sections was collected within the look-back. "
            "Run `digest collect`; `digest sources` shows how each source is doing"
        )
        waiting = f"{self.issue.key}: {sentence(self.settling)}"
        empty = () if self.articles or self.settling else (said,)
        return (*empty, *([waiting] if self.settling else []), *self.expired)


def compose_issue(
    settings: Settings, store: Store, slot: Slot, memory: Memory | None = None
) -> ComposedIssue:
    """Choose as `look_at_issue` does; raises ConfigError with every fault of the overlay."""
    composed = look_at_issue(settings, store, slot, memory)
    refuse(composed.faults)
    return composed


def look_at_issue(
    settings: Settings, store: Store, slot: Slot, memory: Memory | None = None
) -> ComposedIssue:
    """Choose from what was collected. Reads the store, changes nothing, never reads the clock.

    A run that is late tells what was collected meanwhile, not only what was known at its slot:
    news does not get better by waiting for tomorrow's issue. The same store and the same overlay
    give the same bytes. A wish that cannot be met is left out, and is among the answer's faults:
    that is for looking at it; nothing is sent of it. `memory` makes it quicker to look again after
    a few articles more.
    """
    sources = sources_of(settings, edition_named(settings, slot.edition))
    at = max(slot.at, _last_collected(store, sources) or slot.at)
    articles = collected_around(settings, store, slot, at)
    composed = _choose(settings, store, slot, replace(slot, at=at), articles, memory)
    return replace(composed, expired=tuple(_expired(settings, store, composed, articles)))


def compose_again(
    settings: Settings, store: Store, composed: ComposedIssue, articles: tuple[KnownArticle, ...]
) -> ComposedIssue:
    """Choose once more as of the same moment from these articles.

    The overlay is read again: what was dropped meanwhile is obeyed. So are withdrawals. What had
    expired before stays said. Raises ConfigError with every fault of the overlay at once.
    """
    slot = composed.issue.slot
    again = _choose(settings, store, slot, composed.as_of or slot, articles)
    refuse(again.faults)
    return replace(again, expired=composed.expired)


def _expired(
    settings: Settings, store: Store, composed: ComposedIssue, looked_at: Iterable[KnownArticle]
) -> Iterator[str]:
    """Say what the issue before had no room for, and this one cannot look at any more."""
    edition = edition_named(settings, composed.issue.slot.edition)
    known = {one.article.id for one in looked_at}
    old = {one.article_id for one in composed.choice.verdicts if one.reason is Reason.TOO_OLD}
    expired = expired_before(store, edition, sources_of(settings, edition), known - old)
    return expiry_words(settings, edition, expired)


def _choose(  # noqa: PLR0913, PLR0917 - whom to ask, and what about
    settings: Settings,
    store: Store,
    slot: Slot,
    as_of: Slot,
    articles: tuple[KnownArticle, ...],
    memory: Memory | None = None,
) -> ComposedIssue:
    """Ask editorial with all that the store and the editors' files say."""
    edition = edition_named(settings, slot.edition)
    overlay, faults = read_overlay(settings.folder, slot)
    articles, settling = _settled(settings, store, articles, as_of.at, overlay)
    circumstances = Circumstances(
        overlay=overlay,
        withdrawn=store.articles.withdrawn(known.article.id for known in articles),
        led=led_elsewhere(settings, store, edition, slot),
    )
    past = past_of(store, edition, slot, as_of.at).beside(carried_by_others(store, edition, slot))
    plan = plan_of(settings, edition, slot)
    composed = chosen_from(articles, past, as_of, plan, circumstances, slot, memory)
    if composed.choice.faults:  # said again, with what is known of articles of other times
        circumstances = replace(circumstances, beyond=remembered(settings, store, as_of.at))
        composed = chosen_from(articles, past, as_of, plan, circumstances, slot)
    return replace(composed, settling=settling, faults=in_order((*faults, *composed.choice.faults)))


def _settled(
    settings: Settings,
    store: Store,
    articles: tuple[KnownArticle, ...],
    at: datetime,
    overlay: Overlay,
) -> tuple[tuple[KnownArticle, ...], tuple[KnownArticle, ...]]:
    """Part what is told now from what is still quiet for too short; asks only where it matters."""
    slow = [source.id for source in settings.source if source.settle_minutes]
    if not slow:
        return articles, ()
    firsts = {name: one.first_seen for name, one in store.sources.volumes(slow, at).items()}
    return split(settings, articles, at, firsts, overlay)


def chosen_from(  # noqa: PLR0913, PLR0917 - the parts of one question
    articles: tuple[KnownArticle, ...],
    past: Past,
    as_of: Slot,
    plan: EditionPlan,
    circumstances: Circumstances,
    slot: Slot,
    memory: Memory | None = None,
) -> ComposedIssue:
    """Let editorial choose for the slot as of a moment, and freeze what it chose.

    What is wrong with the overlay is among the choice's faults; nothing is raised.
    """
    circumstances = replace(
        circumstances, shown=past.everyone, recent=past.recent, told_in=past.told_in
    )
    choice = choose(articles, as_of, plan, circumstances, memory)
    issue = replace(choice.issue, slot=slot, eight_bit=plan.eight_bit)
    return ComposedIssue(issue, freeze(issue), choice, articles, as_of)


def collected_around(
    settings: Settings, store: Store, slot: Slot, at: datetime
) -> tuple[KnownArticle, ...]:
    """Return the articles of the slot's look-back, ending at `at`, and what is dated soon after."""
    edition = edition_named(settings, slot.edition)
    since = at - timedelta(hours=look_back_hours(edition, slot))
    return store.articles.window(sources_of(settings, edition), since, at + _EMBARGO)


def remembered(settings: Settings, store: Store, at: datetime) -> tuple[KnownArticle, ...]:
    """Return what an editor may remember, of whatever source and edition."""
    sources = [source.id for source in settings.source]
    return store.articles.window(sources, at - _REMEMBERED, at + _EMBARGO)


def _last_collected(store: Store, sources: Sequence[str]) -> datetime | None:
    known = store.sources.get(sources).values()
    return max((one.last_checked for one in known if one.last_checked), default=None)


def compose_for(issue: Issue, sections: str) -> Composition | None:
    """Compose for a subscription's `sections` text: "tech,world", or "" for all.

    A section that the edition no longer has is passed over. A reader who chose only such
    sections gets None, and is skipped with a reason rather than sent what they did not ask for.
    """
    return compose_all(issue, [sections])[sections]


def compose_all(issue: Issue, audience: Iterable[str]) -> dict[str, Composition | None]:
    """Compose once for each distinct `sections` text of the audience; None is nothing new."""
    known = {section.id for section in issue.sections}
    composer, found = Composer(issue), dict[str, Composition | None]()
    for sections in audience:
        chosen = frozenset(name for name in sections.split(",") if name in known)
        nothing_left = sections and not chosen
        found[sections] = None if nothing_left else composer.compose(chosen)
    return found
