"""(articles, history, slot, policy) → issue, with a verdict for every article. Pure.

    sift → group into stories → set aside what was sent → rank → keep candidates → verdicts

"Now" is the slot's time. No clock, file or database is read: the same values give the same bytes.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter

from digest.editorial.choosing.candidates import prefix, quota
from digest.editorial.choosing.compose import lay_out
from digest.editorial.choosing.eligible import Sifted, sift
from digest.editorial.choosing.history import Told, ToldHistory, waiting_of
from digest.editorial.choosing.popularity import standings
from digest.editorial.choosing.rank import rate, unclaimed
from digest.editorial.choosing.verdicts import ChoosingResult, verdicts_of
from digest.editorial.overlay.circumstances import Circumstances
from digest.editorial.overlay.ineffective_wishes import idle_sponsors
from digest.editorial.overlay.match import Matched, Matcher, ordered_sections
from digest.editorial.overlay.sponsors import sponsors
from digest.editorial.overlay.wishes import Overlay
from digest.editorial.plan import Choice, EditionPlan, ScoreTerms, SectionPlan
from digest.editorial.stories.same_event import Memory
from digest.editorial.stories.stories import Grouped, group
from digest.models.articles import Article, KnownArticle
from digest.models.issues import Issue, IssueSection, Slot
from digest.models.stories import Reason, Story

Ranks = dict[str, list[ScoreTerms]]
_first_three = itemgetter(0, 1, 2)


def choose(
    articles: Iterable[KnownArticle],
    slot: Slot,
    plan: EditionPlan,
    circumstances: Circumstances = Circumstances(),  # noqa: B008 - frozen and empty
    memory: Memory | None = None,
) -> Choice:
    """Choose the issue of this slot.

    `articles` may reach back further than the look-back. Editors' wishes that match nothing are
    left out, and are the answer's `faults`. The answer does not depend on the order of `articles`,
    nor on `memory`, which makes it quicker to choose again after a few articles more.
    """
    with _no_search_for_cycles():
        return _choose(tuple(articles), slot, plan, circumstances, memory)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rest Python's collector: choosing makes many small values, and never a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _choose(
    articles: tuple[KnownArticle, ...],
    slot: Slot,
    plan: EditionPlan,
    circumstances: Circumstances,
    memory: Memory | None,
) -> Choice:
    overlay = circumstances.overlay
    plan = _wished(plan, overlay)
    history = ToldHistory.of(
        circumstances.shown, circumstances.recent, [section.id for section in plan.sections]
    )
    matcher = Matcher(circumstances, (known.article for known in articles), plan, history, slot)
    sifted = sift(articles, slot, plan, circumstances.withdrawn)
    groups = matcher.regrouped(
        group(sifted.eligible, sifted.reading, memory), sifted.reading, sifted.verdicts
    )
    dropped = matcher.drops(groups)
    told = history.told(groups, circumstances.told_in)
    fresh = {
        one.id: one
        for one in groups
        if (one.id not in told or told[one.id].waiting) and not _any(one, dropped)
    }
    if overlay != Overlay():
        matcher.meet(fresh.values(), _why_not(sifted, groups, told, dropped), told)
    plan = replace(plan, boosts={**plan.boosts, **matcher.boosts()})
    ranks = _ranks(fresh.values(), sifted.eligible, slot, plan)
    matched = matcher.match(_best_sections(plan, ranks) if overlay.pins else {})
    unled = frozenset(one.id for one in fresh.values() if _any(one, circumstances.led))
    everywhere = sum(map(quota, plan.sections))
    sections = [
        _section(one, fresh, ranks[one.id], everywhere, matched.named | unled | told.keys())
        for one in plan.sections
    ]
    sections = [_placed(one, matched) for one in sections]
    stories = _kept(sections, fresh, ranks, matched)
    waiting = {
        one.id: history.untold(told[one.id].ids)
        if one.id in matched.named
        else told[one.id].waiting
        for one in stories
        if one.id in told
    }
    issue = replace(
        _issue(slot, plan, sections, stories),
        note=overlay.note,
        lead=matched.lead,
        sponsors=sponsors(overlay, slot, plan.timezone),
        links=overlay.links,
        unled=tuple(sorted(unled)),
        told=tuple(sorted(waiting)),
        waiting=waiting_of(waiting),
    )
    outcome = ChoosingResult(issue, groups, told, dropped, ranks, circumstances.led)
    verdicts = [*sifted.verdicts, *verdicts_of(outcome)]
    return Choice(
        issue=issue,
        verdicts=tuple(sorted(verdicts, key=lambda one: one.article_id)),
        terms=tuple(terms for section in plan.sections for terms in ranks[section.id]),
        notes=(*_notes(plan, ranks), *_leadless(issue)),
        faults=tuple(matcher.faults),
        wishes=(*matched.wishes, *(idle_sponsors(overlay, issue) if overlay.sponsors else ())),
    )


def _wished(plan: EditionPlan, overlay: Overlay) -> EditionPlan:
    """Return the plan as the overlay words and orders it."""
    return replace(
        plan,
        subject=overlay.subject or plan.subject,
        preheader=overlay.preheader or plan.preheader,
        sections=ordered_sections(overlay, plan),
    )


def _best_sections(plan: EditionPlan, ranks: Ranks) -> dict[str, str]:
    """Return each story's best section; of equals the edition's first."""
    best: dict[str, ScoreTerms] = {}
    for section in plan.sections:
        for terms in ranks[section.id]:
            if terms.story_id not in best or terms.score > best[terms.story_id].score:
                best[terms.story_id] = terms
    return {name: terms.section for name, terms in best.items()}


def _any(story: Grouped, ids: Collection[str]) -> bool:
    return bool(ids) and any(one.article.id in ids for one in story.members)


def _why_not(
    sifted: Sifted,
    groups: Sequence[Grouped],
    told: Mapping[str, Told],
    dropped: Mapping[str, str],
) -> dict[str, str]:
    """Say of each article that cannot be in why not: what the error of a wish tells."""
    reasons = {
        verdict.article_id: f"{verdict.reason} ({verdict.detail})" for verdict in sifted.verdicts
    }
    for story in groups:
        if story.id in told and not told[story.id].waiting:
            by = told[story.id].by
            why = "all its readers were told it" + (f", first in {by}" if by else " before")
            reasons |= dict.fromkeys(story.ids, why)
        elif _any(story, dropped):
            reasons |= dict.fromkeys(story.ids, str(Reason.DROPPED))
    return reasons


def _ranks(
    fresh: Iterable[Grouped],
    eligible: Sequence[KnownArticle],
    slot: Slot,
    plan: EditionPlan,
) -> Ranks:
    """Rate every story in each of its sections; best first, then newest, then by id."""
    standing = standings(eligible)
    sections = {section.id: section for section in plan.sections}
    rated: dict[str, list[tuple[float, float, str, ScoreTerms]]] = {name: [] for name in sections}
    for story in fresh:
        minus_date = -story.date.timestamp()
        for name in story.sections:
            terms = rate(story, sections[name], standing, plan.boosts, slot.at)
            rated[name].append((-terms.score, minus_date, story.id, terms))
    for pairs in rated.values():
        pairs.sort(key=_first_three)
    return {name: [one[3] for one in pairs] for name, pairs in rated.items()}


def _section(
    plan: SectionPlan,
    fresh: Mapping[str, Grouped],
    ranked: Sequence[ScoreTerms],
    everywhere: int,
    named: frozenset[str],
) -> IssueSection:
    by_score = [fresh[terms.story_id] for terms in ranked]
    by_date = sorted(by_score, key=lambda one: (-one.date.timestamp(), one.id))
    plain = unclaimed(ranked)
    claiming = [one for one in by_score if one.id not in plain]
    kept = {one.id for one in by_score[: prefix(by_score, plan, everywhere, named)]}
    kept |= {one.id for one in claiming[: prefix(claiming, plan, everywhere, named)]}
    best = [terms for terms in ranked if terms.story_id in kept]
    return IssueSection(
        id=plan.id,
        title=plan.title,
        url=plan.url,
        top=plan.top,
        latest=plan.latest,
        by_score=tuple(terms.story_id for terms in best),
        by_date=tuple(one.id for one in by_date[: prefix(by_date, plan, everywhere, named)]),
        scores=tuple(terms.score for terms in best),
        per_source=plan.per_source,
        per_author=plan.per_author,
        minimum=plan.minimum,
        source_share=plan.source_share,
        unclaimed=tuple(sorted(plain & kept)),
    )


def _placed(section: IssueSection, matched: Matched) -> IssueSection:
    return replace(
        section,
        pins=matched.pins.get(section.id, ()),
        order=matched.orders.get(section.id, ()),
    )


def _kept(
    sections: Sequence[IssueSection], fresh: Mapping[str, Grouped], ranks: Ranks, matched: Matched
) -> tuple[Story, ...]:
    """Return the stories that some section keeps or an editor placed, ordered by id."""
    names = {name for section in sections for name in (*section.by_score, *section.by_date)}
    names |= matched.named
    scores: dict[str, list[tuple[float, str]]] = {name: [] for name in names}
    for section in sections:
        for terms in ranks[section.id]:
            if terms.story_id in names:
                scores[terms.story_id].append((terms.score, section.id))
    return tuple(_story(fresh[name], scores[name], matched.replacements) for name in sorted(names))


def _story(
    story: Grouped, scores: list[tuple[float, str]], replacements: Mapping[str, Article]
) -> Story:
    best_first = sorted(scores, key=lambda one: -one[0])  # stable: ties keep the edition's order
    return Story(
        id=story.id,
        article=replacements.get(story.id, story.lead),
        also=tuple(one.article for one in story.members[1:]),
        sections=tuple(section for _, section in best_first),
        score=best_first[0][0],
        date=story.date,
    )


def _issue(
    slot: Slot, plan: EditionPlan, sections: Sequence[IssueSection], stories: tuple[Story, ...]
) -> Issue:
    return Issue(
        slot=slot,
        edition_title=plan.title,
        timezone=plan.timezone,
        language=plan.language,
        theme=plan.theme,
        site=plan.site,
        from_header=plan.from_header,
        subject=plan.subject,
        preheader=plan.preheader,
        sections=tuple(sections),
        stories=stories,
        max_stories=plan.max_stories,
        link_tags=plan.link_tags,
    )


def _notes(plan: EditionPlan, ranks: Ranks) -> Iterable[str]:
    for section in plan.sections:
        ranked = ranks[section.id]
        if section.top and ranked and len(unclaimed(ranked)) == len(ranked):
            yield (
                f'section "{section.id}" calls no story top, and shows its newest: no reads or '
                "comments are counted, no story is told by several sites, and no source puts one "
                "forward. A [[popularity]] counter, or a boost in the overlay, would say more"
            )


def _leadless(issue: Issue) -> Iterator[str]:
    page = lay_out(issue, frozenset())
    if page and page.lead is None:
        yield (
            "no story leads: all that could led another edition less than lead_apart_hours apart; "
            "an overlay's [lead] names one all the same"
        )
