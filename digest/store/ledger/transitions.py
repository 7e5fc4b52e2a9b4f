"""The transitions of deliveries and issues, and who may make them. One table, no IO.

    pending → claimed → inflight → accepted | deferred | failed | uncertain
    deferred → claimed again when its time has come, or expired when the issue's time is over
    before a claim: skipped (the reader left), held (the operator waits), expired (too late)

A state that is left by nobody is final.
"""

from __future__ import annotations

from enum import StrEnum

from digest.models.deliveries import DeliveryState, Outcome
from digest.models.deliveries import DeliveryState as D
from digest.models.issues import IssueState
from digest.models.issues import IssueState as I


class Actor(StrEnum):
    """The party that moves a delivery."""

    CLAIM = "claim"
    WORKER = "worker"
    RECOVERY = "recovery"
    DEADLINE = "deadline"
    OPERATOR = "operator"
    PROVIDER = "provider"


TRANSITIONS: dict[tuple[DeliveryState, DeliveryState], frozenset[Actor]] = {
    (D.PENDING, D.CLAIMED): frozenset({Actor.CLAIM}),
    (D.PENDING, D.SKIPPED): frozenset({Actor.CLAIM, Actor.OPERATOR}),
    (D.PENDING, D.EXPIRED): frozenset({Actor.DEADLINE}),
    (D.PENDING, D.HELD): frozenset({Actor.OPERATOR}),
    (D.DEFERRED, D.CLAIMED): frozenset({Actor.CLAIM}),
    (D.DEFERRED, D.PENDING): frozenset({Actor.OPERATOR}),
    (D.DEFERRED, D.SKIPPED): frozenset({Actor.CLAIM, Actor.OPERATOR}),
    (D.DEFERRED, D.EXPIRED): frozenset({Actor.DEADLINE}),
    (D.DEFERRED, D.HELD): frozenset({Actor.OPERATOR}),
    (D.CLAIMED, D.INFLIGHT): frozenset({Actor.WORKER}),
    # By another's claim when its lease ran out before anything was begun.
    (D.CLAIMED, D.PENDING): frozenset({Actor.WORKER, Actor.RECOVERY, Actor.CLAIM}),
    # Refused before the transaction began: too long, or an address that cannot be written.
    (D.CLAIMED, D.FAILED): frozenset({Actor.WORKER}),
    (D.CLAIMED, D.DEFERRED): frozenset({Actor.WORKER}),
    (D.INFLIGHT, D.PENDING): frozenset({Actor.WORKER}),
    (D.INFLIGHT, D.ACCEPTED): frozenset({Actor.WORKER}),
    (D.INFLIGHT, D.DEFERRED): frozenset({Actor.WORKER}),
    (D.INFLIGHT, D.FAILED): frozenset({Actor.WORKER}),
    (D.INFLIGHT, D.UNCERTAIN): frozenset({Actor.WORKER, Actor.RECOVERY}),
    (D.UNCERTAIN, D.PENDING): frozenset({Actor.OPERATOR}),
    (D.UNCERTAIN, D.HELD): frozenset({Actor.OPERATOR}),
    (D.UNCERTAIN, D.SKIPPED): frozenset({Actor.OPERATOR}),
    (D.UNCERTAIN, D.ACCEPTED): frozenset({Actor.PROVIDER}),
    (D.UNCERTAIN, D.FAILED): frozenset({Actor.PROVIDER}),
    (D.HELD, D.PENDING): frozenset({Actor.OPERATOR}),
    (D.HELD, D.SKIPPED): frozenset({Actor.OPERATOR}),
    (D.FAILED, D.PENDING): frozenset({Actor.OPERATOR}),
}

# While one of these is left, an issue is not finished.
OPEN = frozenset({D.PENDING, D.CLAIMED, D.INFLIGHT, D.DEFERRED, D.UNCERTAIN})

# With a worker, under its lease.
LEASED = frozenset({D.CLAIMED, D.INFLIGHT})

SETTLES: dict[Outcome, DeliveryState] = {
    Outcome.ACCEPTED: D.ACCEPTED,
    Outcome.DEFERRED: D.DEFERRED,
    Outcome.FAILED: D.FAILED,
    Outcome.UNCERTAIN: D.UNCERTAIN,
    Outcome.UNSENT: D.PENDING,
}

ISSUE_TRANSITIONS: dict[IssueState, frozenset[IssueState]] = {
    I.DRAFT: frozenset({I.WAITING, I.APPROVED, I.SENDING, I.HELD, I.CANCELLED}),
    # Frozen for an editor's word; no reader is planned yet.
    I.WAITING: frozenset({I.DRAFT, I.SENDING, I.HELD, I.CANCELLED}),
    I.APPROVED: frozenset({I.DRAFT, I.SENDING, I.HELD, I.CANCELLED}),
    I.SENDING: frozenset({I.FINISHED, I.HELD, I.CANCELLED}),
    I.HELD: frozenset({I.DRAFT, I.APPROVED, I.SENDING, I.CANCELLED}),
    # Failed deliveries that are tried again open it once more.
    I.FINISHED: frozenset({I.SENDING}),
    I.CANCELLED: frozenset(),
}

# An issue in one of these says to its edition's later issues: I carried these articles.
CARRIES = frozenset({I.APPROVED, I.SENDING, I.FINISHED})


def may(actor: Actor, before: DeliveryState, after: DeliveryState) -> bool:
    """Say whether this actor may move a delivery that way."""
    return actor in TRANSITIONS.get((before, after), frozenset())


def sources_of(actor: Actor, after: DeliveryState) -> tuple[DeliveryState, ...]:
    """Return the states that this actor may move to `after`."""
    return tuple(
        before for (before, to), actors in TRANSITIONS.items() if to is after and actor in actors
    )
