"""Why an issue is as it is: for each article in or out, where, its score's terms, what it met.

What `digest explain` prints, what the preview's table shows, and what is kept with a planned issue.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from digest.config import Settings
from digest.editorial import ScoreTerms, nearest, unheeded
from digest.errors import UsageError
from digest.frozen import thaw
from digest.models.stories import Reason
from digest.pipeline.desk.explained_article import ExplainedArticle
from digest.pipeline.desk.older_articles import older_rows
from digest.pipeline.issue.composing import ComposedIssue, compose_for, compose_issue
from digest.pipeline.issue.slots import edition_named, slot_to_look_at
from digest.pipeline.mails.as_told import as_sent
from digest.store import Store, StoredIssue


@dataclass(frozen=True, slots=True)
class Explanation:
    """An issue's articles, those that are in first, and remarks for the operator."""

    issue: str
    articles: tuple[ExplainedArticle, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "issue": self.issue,
            "articles": [one.as_json() for one in self.articles],
            "notes": list(self.notes),
        }


def explain_issue(  # noqa: PLR0913, PLR0917 - the command's own parameters
    settings: Settings,
    store: Store,
    edition_id: str,
    slot_key: str | None,
    story: str | None,
    now: datetime,
    *,
    again: bool = False,
) -> Explanation:
    """Explain the issue that would go out next, or the one of a slot; changes nothing.

    An issue that was planned is explained by what was kept with it then, word for word, unless it
    shall be composed `again`. `story` narrows it to the articles of that id, URL or part of a
    headline; UsageError names the nearest if there is none.
    """
    edition = edition_named(settings, edition_id)
    stored = store.issues.get(f"{edition.id}/{slot_key}") if slot_key and not again else None
    if stored is not None and stored.planned_at is not None:
        told = as_planned(store, stored)
    else:
        slot = slot_to_look_at(store, edition, slot_key, now)
        composed = as_sent(settings, store, compose_issue(settings, store, slot))
        told = explanation(composed)
        told = replace(
            told, articles=(*told.articles, *older_rows(settings, store, edition, composed))
        )
    return told if story is None else replace(told, articles=_named(told.articles, story))


def explanation(composed: ComposedIssue) -> Explanation:
    """Return what there is to say of a composed issue."""
    choice = composed.choice
    notes = (*composed.notes, *choice.notes, *unheeded(choice))
    return Explanation(composed.issue.key, explained(composed), notes)


def packed(told: Explanation) -> str:
    """Write an explanation down, to be kept with its issue."""
    return json.dumps(_adapter().dump_python(told, mode="json"), separators=(",", ":"))


def as_planned(store: Store, stored: StoredIssue) -> Explanation:
    """Return what was kept with a planned issue; UsageError if nothing was."""
    kept = store.issues.reasons(stored.id)
    if kept:
        return _adapter().validate_json(kept)
    corrected = thaw(stored.content).in_reply_to
    if corrected:
        raise UsageError(
            f"that is a correction: it tells the one story that it corrects in {corrected}",
            where=stored.key,
            fix=f"Explain {corrected}",
        )
    edition, slot = stored.slot.edition, stored.slot.key
    raise UsageError(
        "this issue was planned by a Digest that did not keep why (before migration 0007)",
        where=stored.key,
        fix=f"`digest explain {edition} --slot {slot} --again` says why it would be so today; "
        f"`digest preview {edition} --slot {slot}` shows what was sent",
    )


@cache
def _adapter() -> TypeAdapter[Explanation]:
    return TypeAdapter(Explanation)


def explained(composed: ComposedIssue) -> tuple[ExplainedArticle, ...]:
    """Return one row for each article, by reason, then in reading order, score and headline."""
    urls = {known.article.id: known.article.url for known in composed.articles}
    members: dict[str, list[str]] = defaultdict(list)
    terms: dict[str, list[ScoreTerms]] = defaultdict(list)
    for verdict in composed.choice.verdicts:
        members[verdict.story_id].append(verdict.article_id)
    for one in composed.choice.terms:
        terms[one.story_id].append(one)
    titles = {verdict.article_id: verdict.title for verdict in composed.choice.verdicts}
    rows = [
        ExplainedArticle(
            article_id=verdict.article_id,
            title=verdict.title,
            url=urls.get(verdict.article_id, ""),
            source_id=verdict.source_id,
            reason=verdict.reason,
            sections=verdict.sections,
            detail=verdict.detail,
            place=verdict.place,
            merged_with=tuple(
                titles[name]
                for name in (members[verdict.story_id] if verdict.story_id else ())
                if name != verdict.article_id
            ),
            terms=tuple(terms[verdict.story_id]) if verdict.story_id else (),
        )
        for verdict in composed.choice.verdicts
    ]
    reasons = {reason: number for number, reason in enumerate(Reason)}
    whole = compose_for(composed.issue, "")
    read = {story.id: number for number, story in enumerate(whole.stories if whole else ())}

    def order(row: ExplainedArticle) -> tuple[int, int, float, str, str]:
        number = read.get(row.article_id, len(read)) if row.is_in else 0
        best = max((one.score for one in row.terms), default=0.0)
        return reasons[row.reason], number, -best, row.title, row.article_id

    return tuple(sorted(rows, key=order))


def _named(articles: Sequence[ExplainedArticle], story: str) -> tuple[ExplainedArticle, ...]:
    exact = [one for one in articles if story in {one.article_id, one.url}]
    words = story.casefold()
    found = exact or [one for one in articles if words in one.title.casefold()]
    if found:
        return tuple(found)
    titles = {one.article_id: one.title for one in articles}
    near = nearest(story, titles)
    raise UsageError(
        f'no article of this look-back is called "{story}"',
        fix=f"Nearest: {near}"
        if near
        else "Run `digest collect` first: nothing was collected within the look-back",
    )
