"""The rows of `explain` for articles that the issue does not look at any more.

Every article of the last `max_age_hours` has one: what the newest issue said that looked at it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from digest.config import EditionSettings, Settings
from digest.models.articles import KnownArticle
from digest.models.stories import Reason
from digest.pipeline.desk.explained_article import ExplainedArticle
from digest.pipeline.issue.composing import ComposedIssue
from digest.pipeline.issue.expiry import LastReason, reasons_of
from digest.pipeline.issue.history import past_of
from digest.pipeline.issue.policy import sources_of
from digest.store import Store

_ISSUES = 100  # of the edition, newest first: of an hourly one some days


def older_rows(
    settings: Settings, store: Store, edition: EditionSettings, composed: ComposedIssue
) -> tuple[ExplainedArticle, ...]:
    """Return a row for each article between the look-back and the age limit, and those settling."""
    slot = composed.as_of or composed.issue.slot
    oldest = slot.at - timedelta(hours=edition.max_age_hours)
    known = {one.article_id for one in composed.choice.verdicts}
    settling = {one.article.id for one in composed.settling}
    articles = store.articles.window(sources_of(settings, edition), oldest, slot.at)
    older = [one for one in articles if one.article.id not in known | settling]
    told = _told(store, edition, composed)
    last = _last_reasons(store, edition, composed, {one.article.id for one in older})
    return (
        *(_row(one, Reason.SETTLING, "told once it has been quiet") for one in composed.settling),
        *(_older(one, last.get(one.article.id), told.get(one.article.id, "")) for one in older),
    )


def _told(store: Store, edition: EditionSettings, composed: ComposedIssue) -> dict[str, str]:
    """Return when each article was told, as far as is known."""
    slot = composed.as_of or composed.issue.slot
    since = slot.at - timedelta(hours=edition.max_age_hours)
    past = past_of(store, edition, composed.issue.slot, since)
    found = dict.fromkeys(past.everyone, "before")
    for one in past.recent:
        found |= {name: f"in {one.issue}" for some in one.told.values() for name in some}
    return found


def _last_reasons(
    store: Store, edition: EditionSettings, composed: ComposedIssue, wanted: Collection[str]
) -> dict[str, LastReason]:
    """Return what the newest issue that looked at each of these articles said."""
    found: dict[str, LastReason] = {}
    oldest = composed.issue.slot.at - timedelta(hours=edition.max_age_hours)
    for issue in store.issues.list(edition.id, limit=_ISSUES):
        if issue.slot.at < oldest or len(found) == len(wanted):
            break
        if issue.planned_at is None or issue.slot.at > composed.issue.slot.at:
            continue
        said = reasons_of(store, issue)
        found = {name: said[name] for name in wanted if name in said} | found
    return found


def _older(known: KnownArticle, last: LastReason | None, told: str) -> ExplainedArticle:
    if told:
        return _row(known, Reason.SENT_BEFORE, told, last)
    if last is None:
        return _row(known, Reason.TOO_OLD, "no issue looked at it while it was new")
    if last.reason is Reason.CARRIED:
        return _row(known, Reason.EXPIRED, "; ".join(_how_it_went(last)), last)
    if last.reason in {Reason.IN, Reason.MERGED}:
        return _row(
            known, Reason.TOO_OLD, f"{last.reason} in {last.issue}, which told nobody", last
        )
    return _row(
        known, last.reason, "; ".join(filter(None, (last.detail, f"so {last.issue}"))), last
    )


def _how_it_went(last: LastReason) -> Iterator[str]:
    yield f"it had no room up to {last.issue}"
    yield last.detail
    if last.lost_to:
        yield "lost to " + " and ".join(f'"{title}"' for title in last.lost_to)


def _row(
    known: KnownArticle, reason: Reason, detail: str, last: LastReason | None = None
) -> ExplainedArticle:
    article = known.article
    return ExplainedArticle(
        article_id=article.id,
        title=article.title,
        url=article.url,
        source_id=article.source_id,
        reason=reason,
        sections=last.sections if last else (),
        detail=detail,
    )
