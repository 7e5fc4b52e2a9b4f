"""Brevo: one content, up to 500 versions a call, values by params, with a key for 15 minutes.

https://developers.brevo.com/docs/batch-send-transactional-emails and
/docs/heterogenous-versions-batch-emails, read 2026-11. 1,000 versions are allowed, but all their
params together only 1,000 kB. The page on keys says 30 minutes and the changelog 15; a key that it
knows is a duplicate_parameter. Headers are sent as raw UTF-8, so only ASCII goes into them
(django-anymail, 2024).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from digest.extension.secret import Secret
from digest.models.calls import Call, CallLimits, Share
from digest.models.deliveries import Outcome, Receipt
from digest.models.events import DeliveryEvent, EventKind
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    RefusalKind,
    posted,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import headers_of, neutral, variables, with_variables, without
from digest.sender.api.json_body import encoded
from digest.sender.api.webhook import WebhookKind, delivery_of, moment, require_basic, rows_of
from digest.sender.declaration import Opening

_KEY = "DIGEST_BREVO_KEY"
_PROOF = Secret(
    "DIGEST_BREVO_WEBHOOK", 'the "user:password" that the webhook logs in with', needed=False
)
_LIMITS = CallLimits(recipients=500, bytes=15_000_000, idempotent_seconds=15 * 60.0)
_METADATA = "X-Mailin-custom"
_BY_CODE = {
    "account_under_validation": RefusalKind.OURS,
    "duplicate_parameter": RefusalKind.DONE,
    "duplicate_request": RefusalKind.DONE,
    "not_enough_credits": RefusalKind.OURS,
    "permission_denied": RefusalKind.OURS,
    "unauthorized": RefusalKind.OURS,
}


class BrevoSettings(ApiSettings):
    """The table [brevo]."""

    url: str = "https://api.brevo.com"


@dataclass(frozen=True, slots=True)
class Brevo:
    """Writes Brevo's requests and reads its responses."""

    url: str
    key: str = field(repr=False)
    name: str = "brevo"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /v3/smtp/email with a version for each recipient."""
        content = neutral(call.content, "{{", "&#123;&#123;", "{ {")
        content = neutral(content, "{%", "&#123;%", "{ %")
        html, text = with_variables(content, _tag)
        mail: dict[str, Any] = {
            "sender": {"name": content.from_name, "email": content.from_addr_spec},
            "subject": content.subject,
            "htmlContent": encoded(html),
            "textContent": encoded(text),
            "headers": {"idempotencyKey": str(uuid5(NAMESPACE_URL, call.key))},
            "messageVersions": [_version(call, share) for share in call.shares],
        }
        if content.reply_to:
            mail["replyTo"] = {"email": content.reply_to}
        return posted(f"{self.url}/v3/smtp/email", {"api-key": self.key}, mail)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the ids, in the order of the versions."""
        body = response.json if isinstance(response.json, dict) else {}
        ids = body.get("messageIds") or ([body["messageId"]] if body.get("messageId") else [])
        return tuple(
            Receipt(
                share.delivery_id,
                Outcome.ACCEPTED,
                code=response.status,
                phase="api",
                provider_id=str(given),
            )
            for share, given in zip(call.shares, ids, strict=False)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the error's code; where it is not known, status and words decide."""
        found = refusal_by_status(response, "message")
        code = response.json.get("code") if isinstance(response.json, dict) else None
        return Refusal(_BY_CODE.get(str(code), found.kind), found.words)

    def check(self) -> ApiRequest:
        """Return GET /v3/account, which needs the key and changes nothing."""
        return ApiRequest("GET", f"{self.url}/v3/account", {"api-key": self.key})


def _tag(name: str) -> str:
    return f"{{{{params.{name}}}}}"


def _version(call: Call, share: Share) -> dict[str, Any]:
    headers = without(headers_of(call, share), "message-id", "date")
    return {
        "to": [{"email": share.addr_spec}],
        "params": variables(call.content, share),
        "headers": {
            **{name: value.encode("ascii", "ignore").decode() for name, value in headers.items()},
            _METADATA: share.reference,
        },
    }


def _make(opening: Opening[BrevoSettings]) -> Brevo:
    return Brevo(opening.settings.url.rstrip("/"), opening.secrets[_KEY])


TRANSPORT = provider_kind(
    "brevo",
    BrevoSettings,
    [Secret(_KEY, "an API key"), _PROOF],
    _make,
    "it writes Message-ID and Date itself, and tracks unless that is switched off in the account",
)


# https://developers.brevo.com/docs/transactional-webhooks; names as django-anymail notes them.
_EVENTS = {
    "request": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "deferred": EventKind.DEFERRED,
    "hard_bounce": EventKind.BOUNCED_HARD,
    "invalid_email": EventKind.BOUNCED_HARD,
    "soft_bounce": EventKind.BOUNCED_SOFT,
    "blocked": EventKind.REFUSED,
    "error": EventKind.REFUSED,
    "spam": EventKind.COMPLAINED,
    "complaint": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
    "opened": EventKind.OPENED,
    "unique_opened": EventKind.OPENED,
    "proxy_open": EventKind.OPENED,
    "unique_proxy_open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    word, mail, at = str(row.get("event", "")), str(row.get("message-id", "")), row.get("ts_epoch")
    seconds = at / 1000 if isinstance(at, int | float) else None
    return DeliveryEvent(
        provider="brevo",
        # It has no id of its own.
        event_id=f"{word}/{mail}/{at}",
        kind=_EVENTS.get(word, EventKind.UNKNOWN),
        at=moment(seconds, datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(row.get(_METADATA)),
        provider_id=mail,
        detail=str(row.get("reason") or ""),
        raw=json.dumps(row),
    )


WEBHOOK = WebhookKind("brevo", _PROOF, require_basic, _events)
