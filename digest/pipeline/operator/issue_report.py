"""The report on one issue, in figures: what became of it, and of the list. No address is in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from digest.store import Store, StoredIssue

_ISSUES = 12  # how far back growth and leaving go


@dataclass(frozen=True, slots=True)
class IssueReport:
    """Pairs of a label and a number, in the order in which they are shown.

    `readers` and `left` have one pair for each of the latest issues of the edition, oldest first;
    `left` counts those who left before the next one.
    """

    issue: str
    state: str
    at: datetime
    planned: int
    states: tuple[tuple[str, int], ...]
    replies: tuple[tuple[str, int], ...]
    events: tuple[tuple[str, int], ...]
    domains: tuple[tuple[str, int], ...]
    readers: tuple[tuple[str, int], ...]
    left: tuple[tuple[str, int], ...]


def issue_report(store: Store, issue: StoredIssue, now: datetime) -> IssueReport:
    """Return the figures of an issue; a dozen queries, however many readers there are."""
    states = tuple((str(state), number) for state, number in store.ledger.counts(issue.id).items())
    edition, issues = issue.slot.edition, _up_to(store, issue)
    ends = [*(one.created_at for one in issues[1:]), now]
    figures = store.figures
    return IssueReport(
        issue=issue.key,
        state=str(issue.state),
        at=issue.created_at,
        planned=sum(number for _, number in states),
        states=tuple((name, number) for name, number in states if number),
        replies=_replies(store, issue.id),
        events=tuple((str(kind), count) for kind, count in store.events.counts(issue.id).items()),
        domains=tuple(figures.bounces_by_domain(issue.id)),
        readers=tuple(
            (one.slot.key, figures.readers_at(edition, one.created_at)) for one in issues
        ),
        left=tuple(
            (one.slot.key, figures.left_between(edition, one.created_at, end))
            for one, end in zip(issues, ends, strict=True)
        ),
    )


def _up_to(store: Store, issue: StoredIssue) -> list[StoredIssue]:
    """Return the edition's issues up to this one and the one after it, oldest first."""
    newest = store.issues.list(issue.slot.edition, limit=10 * _ISSUES)
    planned = sorted(newest, key=lambda one: one.created_at)
    before = [one for one in planned if one.created_at <= issue.created_at]
    return before[-_ISSUES:]


def _replies(store: Store, issue_id: int) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for one in store.operator.replies(issue_id):
        codes = " ".join(filter(None, (str(one.code or ""), one.enhanced)))
        counted[f"{one.state}: {codes or 'no code'}"] += one.number
    return tuple(counted.most_common())
