"""Reports on a delivery that come later: a provider's webhook, a bounce, a complaint, a reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """The kind of an event; a word that a provider adds one day is UNKNOWN, never a guess."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED_HARD = "bounced hard"
    BOUNCED_SOFT = "bounced soft"
    REFUSED = "refused"
    COMPLAINED = "complained"
    OPENED = "opened"
    CLICKED = "clicked"
    UNSUBSCRIBED = "unsubscribed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One event; `event_id` is unique with the provider, so that hearing it twice is harmless.

    It names its delivery by our own id (`delivery_id`), or by the id that the provider gave the
    mail (`provider_id`). A mail outside an issue is named by `single_mail_id`. REFUSED is a refusal
    for content or policy: it says nothing of the reader. `detail` is the other side's words; `raw`
    the whole payload. Addresses in both are masked before they are kept.
    """

    provider: str
    event_id: str
    kind: EventKind
    at: datetime
    delivery_id: int | None = None
    provider_id: str = ""
    detail: str = ""
    raw: str = ""
    single_mail_id: int | None = None
