"""How many readers an issue would go to as things stand, and who is skipped, and why."""

from __future__ import annotations

from datetime import datetime

from digest.config import Settings
from digest.models.issues import Issue
from digest.pipeline.issue.choices import carried_over, gone_choices
from digest.pipeline.issue.composing import compose_all
from digest.pipeline.issue.slots import edition_named
from digest.store import AudiencePlan, PlanCounts, Store


def expected_readers(settings: Settings, store: Store, issue: Issue, now: datetime) -> PlanCounts:
    """Count as a plan would at `now`; the ledger stays as it is. Its cost is that of a query."""
    edition = edition_named(settings, issue.slot.edition)
    choices = store.ledger.audience(edition.id)
    present = {text: carried_over(settings, edition, text) for text in choices}
    pages = compose_all(issue, sorted(set(present.values())))
    variants = {text: page.variant if (page := pages[present[text]]) else None for text in choices}
    lost = gone_choices(edition, present.values())
    gone = frozenset(text for text in choices if present[text] in lost)
    return store.ledger.forecast(AudiencePlan(edition.id, variants, (), gone), now)
