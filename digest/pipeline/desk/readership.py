"""How many readers an issue would go to as things stand, and who is skipped, and why."""

from __future__ import annotations

from datetime import datetime

from digest.config import Settings
from digest.models.issues import Issue
from digest.pipeline.issue.choices import audience_plan, present_choices
from digest.pipeline.issue.composing import compose_all
from digest.pipeline.issue.slots import edition_named
from digest.store import PlanCounts, Store


def expected_readers(settings: Settings, store: Store, issue: Issue, now: datetime) -> PlanCounts:
    """Count as a plan would at `now`; the ledger stays as it is. Its cost is that of a query."""
    edition = edition_named(settings, issue.slot.edition)
    present = present_choices(settings, edition, store.ledger.audience(edition.id))
    pages = compose_all(issue, sorted(set(present.values())))
    variants = {
        text: page.variant if (page := pages[now_is]) else None for text, now_is in present.items()
    }
    return store.ledger.forecast(audience_plan(edition, variants, present), now)
