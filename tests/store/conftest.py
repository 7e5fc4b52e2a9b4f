"""An issue with readers, on either database: what the ledger's tests begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from digest.models.compositions import Rendered
from digest.models.deliveries import Claim, ClaimRequest, Outcome, Receipt, Settlement, Start
from digest.models.issues import IssueState, Slot
from digest.store import AudiencePlan, NewIssue, PlanCounts, Store, StoredIssue

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Newsroom:
    """A store with short ways to say what tests say often."""

    store: Store
    now: datetime = NOW

    def subscribe(self, number: int, edition: str = "daily", *sections: str) -> list[str]:
        """Add readers 0…number-1, active; give their addresses."""
        emails = [f"reader{index}@news.example" for index in range(number)]
        for email in emails:
            self.store.subscribers.add(
                email, edition=edition, confirmed=True, now=self.now, sections=sections
            )
        return emails

    def public_id(self, email: str) -> str:
        found = self.store.subscribers.find_by_email(email)
        assert found is not None
        return found.public_id

    def suppressed(self, email: str) -> str:
        """Return why this reader must not be written to, or ""."""
        found = self.store.subscribers.find_by_email(email)
        assert found is not None
        return found.suppressed

    def slot(self, key: str = "2026-11-23", edition: str = "daily") -> Slot:
        return Slot(edition, key, datetime.fromisoformat(key[:10]).replace(hour=7, tzinfo=UTC))

    def plan(
        self, variants: dict[str, str | None] | None = None, key: str = "2026-11-23"
    ) -> tuple[StoredIssue, PlanCounts]:
        """Freeze and plan an issue; without `variants` everybody gets "all"."""
        chosen = variants
        if chosen is None:
            chosen = dict.fromkeys(self.store.ledger.audience("daily"), "all")
        names = {name for name in chosen.values() if name}
        return self.store.issues.create_and_plan(
            NewIssue(
                self.slot(key),
                '{"issue": 1}',
                "a" * 64,
                dict.fromkeys(names, ("one", "two")),
                {name: self.rendered(name) for name in names},
            ),
            AudiencePlan("daily", chosen),
            self.now,
        )

    def rendered(self, variant: str) -> Rendered:
        return Rendered(variant, "en", f"Subject {variant}", "<p>Tēst</p>", "Tēst", {"t": "url"})

    def freeze(self, state: IssueState, key: str = "2026-11-23") -> StoredIssue:
        """Freeze an issue without planning it."""
        return self.store.issues.create(
            NewIssue(self.slot(key), "{}", "b" * 64, {"all": (key,)}), state, self.now
        )

    def claim(
        self, issue_id: int, limit: int = 10, worker: str = "w1", now: datetime | None = None
    ) -> tuple[Claim, ...]:
        return self.store.ledger.claim(issue_id, ClaimRequest(worker, limit, 60), now or self.now)

    def start(self, *claims: Claim, now: datetime | None = None) -> frozenset[int]:
        """Mark claims inflight."""
        pairs = [Start(claim.recipient.delivery_id, claim.fence) for claim in claims]
        ledger = self.store.ledger
        return ledger.advance(settled=(), starting=pairs, now=now or self.now).inflight

    def settle(
        self,
        claim: Claim,
        outcome: Outcome = Outcome.ACCEPTED,
        retry_at: datetime | None = None,
        *,
        enhanced: str = "2.0.0",
        suppress: bool = False,
    ) -> frozenset[int]:
        """Settle one claim; give whose outcome counted."""
        number = claim.recipient.delivery_id
        receipt = Receipt(number, outcome, 250, enhanced, "Ok", "dot", suppress=suppress)
        return self.store.ledger.advance(
            settled=[Settlement(number, claim.fence, receipt, retry_at)],
            starting=(),
            now=self.now,
        ).settled


@pytest.fixture
def newsroom(store: Store) -> Newsroom:
    """Return an empty newsroom on each database."""
    return Newsroom(store)
