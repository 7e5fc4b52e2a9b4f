"""Articles that waited for room until they were too old: no reader was ever told them.

They are known by the reasons that were kept with the issues before: what had no room in the newest
of them, and is outside the look-back now, has expired.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digest.config import EditionSettings, Settings
from digest.editorial import ScoreTerms
from digest.models.stories import Reason
from digest.plurals import counted
from digest.store import Store, StoredIssue

_NAMED = 2


@dataclass(frozen=True, slots=True)
class LastReason:
    """What an earlier issue said of an article, and which.

    `lost_to` are headlines that it showed in the article's section, those that were nearest to it.
    """

    id: str
    title: str
    source_id: str
    issue: str
    reason: Reason
    sections: tuple[str, ...]
    detail: str
    lost_to: tuple[str, ...] = ()


def reasons_of(store: Store, issue: StoredIssue) -> dict[str, LastReason]:
    """Return what the issue said of each article, by id; nothing if nothing was kept with it."""
    kept = store.issues.reasons(issue.id)
    rows: Sequence[Mapping[str, Any]] = json.loads(kept)["articles"] if kept else ()
    winners = _winners(rows)
    return {
        row["article_id"]: LastReason(
            row["article_id"],
            row["title"],
            row["source_id"],
            issue.key,
            Reason(row["reason"]),
            tuple(row["sections"]),
            row["detail"],
            _lost_to(row, winners) if row["reason"] == Reason.CARRIED else (),
        )
        for row in rows
    }


def _winners(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[float, str]]]:
    """Return by section the score and headline of what it showed, the weakest first."""
    found: dict[str, list[tuple[float, str]]] = {}
    for row in rows:
        for name in row["sections"] if row["reason"] == Reason.IN else ():
            scores = [one.score for one in _terms(row) if one.section == name]
            found.setdefault(name, []).append((max(scores, default=0.0), row["title"]))
    return {name: sorted(some) for name, some in found.items()}


def _terms(row: Mapping[str, Any]) -> Iterator[ScoreTerms]:
    return (ScoreTerms(*one) for one in row["terms"])


def _lost_to(
    row: Mapping[str, Any], winners: Mapping[str, list[tuple[float, str]]]
) -> tuple[str, ...]:
    nearest = [one for name in row["sections"] for one in winners.get(name, ())]
    return tuple(dict.fromkeys(title for _, title in sorted(nearest)))[:_NAMED]


def expired_before(
    store: Store, edition: EditionSettings, sources: Collection[str], known: Collection[str]
) -> tuple[LastReason, ...]:
    """Return what the edition's newest issue had no room for and nobody can be told any more.

    `known` are the articles that this issue can still look at; what some readers were told, and
    what no section reads any more, has not expired.
    """
    last = store.issues.newest_planned(edition.id)
    if last is None:
        return ()
    told = frozenset[str]().union(*store.issues.telling(last).told.values())
    return tuple(
        one
        for one in reasons_of(store, last).values()
        if one.reason is Reason.CARRIED
        and one.id not in known
        and one.id not in told
        and one.source_id in sources
        and "told it to some readers" not in one.detail
    )


def expiry_words(
    settings: Settings, edition: EditionSettings, expired: Sequence[LastReason]
) -> Iterator[str]:
    """Say how many, which sections cannot keep up, and what to do; nothing if none expired."""
    if not expired:
        return
    rooms = {one.id: one.top + one.latest for one in settings.sections_of(edition)}
    counts = Counter(name for one in expired for name in one.sections[:1] if name in rooms)
    where = ", ".join(
        f'"{name}" {count} (it shows {rooms[name]})' for name, count in counts.most_common()
    )
    yield (
        f"{counted(len(expired), 'article')} expired since {expired[0].issue}: no reader was told "
        f"{'it' if len(expired) == 1 else 'them'}, for want of room. By section: {where}. "
        "Raise latest or top of the section, or give it an edition of its own; "
        f"`digest explain {edition.id}` names each, and what it lost to"
    )
