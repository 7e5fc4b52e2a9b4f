"""Thousands of reports, a third of them doubled, out of order or forged: the oracle's state.

The oracle is a few sets: which kinds were heard of which reader, whatever the order. The short form
runs with all other tests; DIGEST_TORTURE=long has 20,000 events. bench/events.py says how fast.
"""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.models.compositions import Rendered
from digest.models.deliveries import (
    ClaimRequest,
    DeliveryState,
    Outcome,
    Receipt,
    Settlement,
    Start,
)
from digest.models.events import EventKind as K
from digest.models.issues import Slot
from digest.sender.api.webhook import Webhook, WebhookForged
from digest.sender.registry import WEBHOOKS
from digest.store import AudiencePlan, NewIssue, Store, open_store
from subscribers.address import normalise
from subscribers.lifecycle import State
from subscribers.values import RejectedLine, Row, RowVerdict
from tests.sender.providers.signing import vendor

LONG = os.environ.get("DIGEST_TORTURE") == "long"
EVENTS, READERS = (20_000, 2_000) if LONG else (2_000, 200)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SHARE_OF_NOISE = 0.3
# SendGrid's words for each kind, as its reports have them.
WORDS: dict[K, dict[str, str]] = {
    K.ACCEPTED: {"event": "processed"},
    K.DELIVERED: {"event": "delivered"},
    K.DEFERRED: {"event": "deferred"},
    K.BOUNCED_HARD: {"event": "bounce", "type": "bounce", "status": "5.1.1"},
    K.BOUNCED_SOFT: {"event": "bounce", "type": "bounce", "status": "4.2.2"},
    K.REFUSED: {"event": "bounce", "type": "blocked", "status": "5.7.1"},
    K.COMPLAINED: {"event": "spamreport"},
    K.UNSUBSCRIBED: {"event": "unsubscribe"},
    K.OPENED: {"event": "open"},
    K.UNKNOWN: {"event": "tomorrow"},
}
FAILING = {K.BOUNCED_HARD, K.BOUNCED_SOFT, K.REFUSED}
WEIGHTS = (10, 60, 8, 2, 4, 2, 1, 2, 10, 1)


@dataclass
class Oracle:
    """What was truly reported of each delivery, by its number."""

    kinds: dict[int, set[K]] = field(default_factory=lambda: defaultdict(set))
    days: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    ids: set[str] = field(default_factory=set)

    def hear(self, row: dict[str, Any], kind: K) -> None:
        number = int(row["delivery"])
        self.ids.add(row["sg_event_id"])
        self.kinds[number].add(kind)
        if kind is K.BOUNCED_SOFT:
            self.days[number].add(datetime.fromtimestamp(row["timestamp"], UTC).date())

    def suppressed(self, number: int) -> str:
        kinds = self.kinds[number]
        if K.COMPLAINED in kinds:
            return "complaint"
        weighs = sum(0.5 ** ((NOW.date() - day).days / 14) for day in self.days[number])
        return "hard_bounce" if K.BOUNCED_HARD in kinds or weighs >= 3 else ""

    def state(self, number: int, before: DeliveryState) -> DeliveryState:
        heard = self.kinds[number] - {K.UNKNOWN}
        if before is not DeliveryState.UNCERTAIN or not heard:
            return before
        return DeliveryState.FAILED if heard & FAILING else DeliveryState.ACCEPTED


def sent(store: Store) -> dict[int, tuple[str, DeliveryState]]:
    """Plan and send an issue; every fifth delivery is uncertain. Return them by number."""
    told: list[RowVerdict | RejectedLine] = []
    rows = (Row(1, normalise(f"reader{number}@inbox.example")) for number in range(READERS))
    store.subscribers.import_rows(rows, edition="daily", confirmed=True, now=NOW, told=told.append)
    rendered = {"all": Rendered("all", "en", "Issue", "<p>x</p>", "x")}
    new = NewIssue(Slot("daily", "2026-11-23", NOW), "{}", "0" * 64, rendered=rendered)
    issue, _ = store.issues.create_and_plan(new, AudiencePlan("daily", {"": "all"}), NOW)
    claims = store.ledger.claim(issue.id, ClaimRequest("test", READERS, 600.0), NOW)
    numbers = [claim.recipient.delivery_id for claim in claims]
    starting = [Start(one.recipient.delivery_id, one.fence, "key") for one in claims]
    store.ledger.advance(settled=(), starting=starting, now=NOW)
    outcomes = [Outcome.ACCEPTED if number % 5 else Outcome.UNCERTAIN for number in numbers]
    settled = [
        Settlement(number, claim.fence, Receipt(number, outcome, 202, phase="api"))
        for claim, number, outcome in zip(claims, numbers, outcomes, strict=True)
    ]
    store.ledger.advance(settled=settled, starting=(), now=NOW)
    states = {row.addr_spec: row.state for row in store.ledger.deliveries(issue.id)}
    found = {claim.recipient.delivery_id: claim.recipient.addr_spec for claim in claims}
    return {number: (name, states[name]) for number, name in found.items()}


def true_events(
    numbers: Sequence[int], chance: random.Random
) -> Iterator[tuple[dict[str, Any], K]]:
    """Yield rows of reports, in the order in which they happened."""
    for index in range(EVENTS):
        (kind,) = chance.choices(list(WORDS), WEIGHTS)
        at = NOW - timedelta(minutes=chance.randint(0, 60 * 24 * 9))
        row = {"sg_event_id": f"e{index}", "timestamp": int(at.timestamp())}
        yield row | WORDS[kind] | {"delivery": str(chance.choice(numbers))}, kind


@pytest.mark.slow
def test_any_storm_ends_in_the_oracles_state(tmp_path: Path) -> None:
    """Doubled, reordered and forged: what is true is applied, once, and nothing else."""
    chance, theirs, kind = random.Random(7), vendor("sendgrid"), WEBHOOKS["sendgrid"]  # noqa: S311
    with open_store("sqlite:///digest.db", tmp_path) as store:
        deliveries = sent(store)
        numbers, oracle = list(deliveries), Oracle()
        reports: list[tuple[list[dict[str, Any]], bool]] = []
        batch: list[dict[str, Any]] = []
        for row, what in true_events(numbers, chance):
            oracle.hear(row, what)
            batch.append(row)
            if len(batch) >= chance.randint(1, 60):
                reports.append((batch, True))
                batch = []
        reports.append((batch, True))
        noise = chance.sample(reports, int(len(reports) * SHARE_OF_NOISE))
        forged = [[row | {"event": "spamreport", "sg_event_id": f"f{n}"} for row in rows]
                  for n, (rows, _) in enumerate(noise)]  # fmt: skip
        reports += [*noise, *((rows, False) for rows in forged)]
        chance.shuffle(reports)
        refused = 0
        for rows, is_true in reports:
            chance.shuffle(rows)
            webhook = theirs.sign(json.dumps(rows).encode(), NOW)
            if not is_true:
                webhook = forgery(webhook, chance)
            try:
                kind.verify(webhook, theirs.secret)
            except WebhookForged:
                refused += 1
                continue
            store.events.record(kind.events(webhook.body), webhook.at)
        assert refused == len(forged)
        assert_as_the_oracle_says(store, deliveries, oracle)


def forgery(webhook: Webhook, chance: random.Random) -> Webhook:
    """Return a report whose proof does not hold: another body, another time, or none."""
    match chance.randint(0, 2):
        case 0:
            return replace(webhook, body=webhook.body + b" ")
        case 1:
            return replace(webhook, at=webhook.at + timedelta(minutes=6))
        case _:
            return replace(webhook, headers={})


def assert_as_the_oracle_says(
    store: Store, deliveries: dict[int, tuple[str, DeliveryState]], oracle: Oracle
) -> None:
    issue = store.issues.get("daily/2026-11-23")
    assert issue is not None
    assert sum(store.events.counts(issue.id).values()) == len(oracle.ids)
    ended = {row.addr_spec: row.state for row in store.ledger.deliveries(issue.id)}
    states = {row.email: State(row.state) for row in store.subscribers.list("daily")}
    for number, (name, before) in deliveries.items():
        reasons = [str(one.reason) for one in store.subscribers.suppressions(name)]
        assert reasons == [one for one in [oracle.suppressed(number)] if one], name
        assert ended[name] is oracle.state(number, before), name
        left = bool(oracle.kinds[number] & {K.COMPLAINED, K.UNSUBSCRIBED})
        assert states[name] is (State.UNSUBSCRIBED if left else State.ACTIVE), name
