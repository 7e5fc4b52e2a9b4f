"""The ledger's words: what a worker claims, what a transport answered, what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from digest.models.mails import Recipient


class DeliveryState(StrEnum):
    """The ledger's states; see docs/delivery.md for who may move a row from which to which."""

    PENDING = "pending"
    CLAIMED = "claimed"
    INFLIGHT = "inflight"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    HELD = "held"


class SkipReason(StrEnum):
    """Why a candidate gets no copy: not planned, gone meanwhile, or by an operator's word."""

    PAUSED = "paused"
    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"
    NO_NEWS = "nothing new in the chosen sections"
    NO_SECTION = "chose only sections that the edition no longer has"
    CANCELLED = "the issue was cancelled"
    RESOLVED = "uncertain, and left so by the operator"


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """A worker's request for at most `limit` recipients, under a lease of `lease_seconds`."""

    worker: str
    limit: int
    lease_seconds: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A recipient under one worker's lease; settling must name the fence."""

    recipient: Recipient
    fence: int
    attempt: int


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A worker's request for a call that a dead one began after `since`, under a lease."""

    worker: str
    lease_seconds: float
    since: datetime


@dataclass(frozen=True, slots=True)
class BegunCall:
    """A call that a dead worker had begun, under the lease of the one that took it over.

    `claims` are its recipients in the order of their ids, `began` is when it was first begun. It is
    not `whole` if a reader of it left since: then nobody can make it as it was.
    """

    key: str
    claims: tuple[Claim, ...]
    began: datetime
    whole: bool


class Outcome(StrEnum):
    """The meaning of the transport's answer for one recipient."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The transport's answer for one recipient, given at once.

    `code` is the SMTP reply or HTTP status, `enhanced` the status code of RFC 3463, `text` the
    server's words without these, addresses masked. `phase` is where it was said: "rcpt", "dot" …
    `suppress` says that the address itself is bad for good, `throttled` that the server wants
    less from us. UNSENT means that the reader has nothing and no attempt is used up.
    `provider_id` is the id that the provider gave it.
    """

    delivery_id: int
    outcome: Outcome
    code: int | None = None
    enhanced: str = ""
    text: str = ""
    phase: str = ""
    suppress: bool = False
    throttled: bool = False
    provider_id: str = ""

    @property
    def said(self) -> str:
        """Return the whole answer on one line, each code once."""
        code = str(self.code) if self.code is not None else ""
        return " ".join(filter(None, (code, self.enhanced, self.text)))


@dataclass(frozen=True, slots=True)
class Settlement:
    """A receipt on its way into the ledger; it counts only if `fence` is still the row's.

    A DEFERRED receipt always has a `retry_at`; beyond the issue's time to live it will expire.
    """

    delivery_id: int
    fence: int
    receipt: Receipt
    retry_at: datetime | None = None


class Start(NamedTuple):
    """A delivery that is about to be sent; `call` is the key of the call, where there is one."""

    delivery_id: int
    fence: int
    call: str = ""


class Advanced(NamedTuple):
    """The result of one durable step of the ledger, by delivery id.

    `inflight` are the caller's to send; `settled` are those whose outcome was written down: one
    that came too late, or twice, is not among them.
    """

    inflight: frozenset[int] = frozenset()
    settled: frozenset[int] = frozenset()
