"""Resend: whole mails, up to 100 a call, with idempotency keys that hold for 24 hours.

https://resend.com/docs/api-reference/emails/send-batch-emails, /dashboard/emails/idempotency-keys
and /api-reference/errors, read in part 2026-11. In permissive mode one bad mail does not refuse the
others.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from digest.extension.secret import Secret
from digest.log import mask
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt
from digest.models.events import DeliveryEvent, EventKind
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    RefusalKind,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import filled, headers_of, sender
from digest.sender.api.json_body import json_of
from digest.sender.api.webhook import (
    Webhook,
    WebhookForged,
    WebhookKind,
    delivery_of,
    moment,
    require_recent,
    rows_of,
    same,
)
from digest.sender.declaration import Opening

_TOKEN = "DIGEST_RESEND_TOKEN"  # noqa: S105 - the name of a variable
_PROOF = Secret("DIGEST_RESEND_WEBHOOK", "the webhook's signing secret, whsec_…", needed=False)
_LIMITS = CallLimits(recipients=100, idempotent_seconds=24 * 3600.0)
# 429 is a speed limit, but also a quota of the day or month, which no waiting in a run mends.
_BY_NAME = {
    "daily_quota_exceeded": RefusalKind.OURS,
    "monthly_quota_exceeded": RefusalKind.OURS,
    "rate_limit_exceeded": RefusalKind.WAIT,
    "concurrent_idempotent_requests": RefusalKind.WAIT,
    "invalid_idempotent_request": RefusalKind.OTHER,
    "invalid_from_address": RefusalKind.OURS,
    "restricted_api_key": RefusalKind.OURS,
}


class ResendSettings(ApiSettings):
    """The table [resend]."""

    url: str = "https://api.resend.com"


@dataclass(frozen=True, slots=True)
class Resend:
    """Writes Resend's requests and reads its responses."""

    url: str
    token: str = field(repr=False)
    name: str = "resend"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /emails/batch with a whole mail for each recipient."""
        content = call.content
        mails = []
        for share in call.shares:
            html, text = filled(content, share)
            mail: dict[str, object] = {
                "from": sender(content),
                "to": [share.addr_spec],
                "subject": content.subject,
                "html": html,
                "text": text,
                "headers": headers_of(call, share),
                "tags": [{"name": "delivery", "value": share.reference}],
            }
            mails.append(mail | ({"reply_to": content.reply_to} if content.reply_to else {}))
        more = {"Idempotency-Key": call.key, "x-batch-validation": "permissive"}
        return self._request("POST", "/emails/batch", json_of(mails), more)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read ids for the mails that were taken, and errors by the index of the others."""
        body = response.json if isinstance(response.json, dict) else {}
        faults = {
            one["index"]: mask(str(one.get("message", "")))
            for one in body.get("errors") or ()
            if isinstance(one, dict) and isinstance(one.get("index"), int)
        }
        ids = iter(body.get("data") or ())
        receipts = []
        for index, share in enumerate(call.shares):
            number, code = share.delivery_id, response.status
            if index in faults:
                failed = Receipt(number, Outcome.FAILED, code, text=faults[index], phase="api")
                receipts.append(failed)
            elif isinstance(one := next(ids, None), dict):
                given = str(one.get("id", ""))
                receipts.append(
                    Receipt(number, Outcome.ACCEPTED, code, phase="api", provider_id=given)
                )
        return tuple(receipts)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the name of the error; where it is not known, the status decides."""
        found = refusal_by_status(response, "message")
        name = response.json.get("name") if isinstance(response.json, dict) else None
        return Refusal(_BY_NAME.get(str(name), found.kind), found.words)

    def check(self) -> ApiRequest:
        """Return GET /domains, which needs the key and changes nothing."""
        return self._request("GET", "/domains")

    def _request(
        self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> ApiRequest:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return ApiRequest(method, self.url + path, headers | (more or {}), body)


def _make(opening: Opening[ResendSettings]) -> Resend:
    return Resend(opening.settings.url.rstrip("/"), opening.secrets[_TOKEN])


TRANSPORT = provider_kind("resend", ResendSettings, [Secret(_TOKEN, "an API key"), _PROOF], _make)


# https://resend.com/docs/dashboard/webhooks/event-types, read in part 2026-11;
# signed as Svix does.
_EVENTS = {
    "email.sent": EventKind.ACCEPTED,
    "email.delivered": EventKind.DELIVERED,
    "email.delivery_delayed": EventKind.DEFERRED,
    "email.failed": EventKind.REFUSED,
    "email.suppressed": EventKind.BOUNCED_HARD,
    "email.complained": EventKind.COMPLAINED,
    "email.opened": EventKind.OPENED,
    "email.clicked": EventKind.CLICKED,
}
_BOUNCES = {"Permanent": EventKind.REFUSED, "Transient": EventKind.BOUNCED_SOFT}
# Of permanent bounces these say that there is no mailbox (the words are Amazon SES').
_NO_MAILBOX = frozenset({"None", "General", "NoEmail", "Suppressed", "OnAccountSuppressionList"})


def _verify(webhook: Webhook, secret: str) -> None:
    """Compare a Svix signature: HMAC-SHA256 over "id.time.body" under the secret's bytes."""
    name, time = (webhook.headers.get(f"svix-{part}", "") for part in ("id", "timestamp"))
    require_recent(time, webhook.at)
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise WebhookForged("the secret is no whsec_…") from None
    signed = f"{name}.{time}.".encode() + webhook.body
    expected = b64encode(hmac.new(key, signed, sha256).digest())
    given = webhook.headers.get("svix-signature", "").split()
    if not any(same(one.partition(",")[2], expected) for one in given if one.startswith("v1,")):
        raise WebhookForged("no valid signature")


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    found = row.get("data")
    data: dict[str, Any] = found if isinstance(found, dict) else {}
    kind, mail = str(row.get("type", "")), str(data.get("email_id", ""))
    bounce = data.get("bounce") if isinstance(data.get("bounce"), dict) else {}
    at = str(row.get("created_at", ""))
    return DeliveryEvent(
        provider="resend",
        event_id=f"{kind}/{mail}/{at}",
        kind=_bounced(bounce) if kind == "email.bounced" else _EVENTS.get(kind, EventKind.UNKNOWN),
        at=moment(at, datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(_tag(data.get("tags"))),
        provider_id=mail,
        detail=str((bounce or {}).get("message", "")),
        raw=json.dumps(row),
    )


def _bounced(bounce: dict[str, Any] | None) -> EventKind:
    told = bounce or {}
    kind = _BOUNCES.get(str(told.get("type")), EventKind.UNKNOWN)
    if kind is EventKind.REFUSED and str(told.get("subType")) in _NO_MAILBOX:
        return EventKind.BOUNCED_HARD
    return kind


def _tag(tags: object) -> object:
    """Return our reference: webhooks have tags as an object, and had them as pairs."""
    if isinstance(tags, dict):
        return tags.get("delivery")
    rows = tags if isinstance(tags, list) else []
    return next((one.get("value") for one in rows if isinstance(one, dict)), None)


WEBHOOK = WebhookKind(
    "resend",
    _PROOF,
    _verify,
    _events,
)
