"""SendGrid: one content, up to 1,000 recipients a call, values put into it by SendGrid.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send, as in sendgrid-oai
(spec/paths/mail_send), read 2026-11: 1,000 personalizations, 10,000 bytes of substitutions
each. A 202 speaks of the whole call; the event webhook tells the outcome of each recipient.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from digest.errors import ConfigError
from digest.extension.secret import Secret
from digest.log import mask
from digest.models.calls import Call, CallLimits, Share
from digest.models.deliveries import Outcome, Receipt
from digest.models.events import DeliveryEvent, EventKind
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    all_of,
    refused_for,
    rows_at,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import variables, with_variables
from digest.sender.api.json_body import encoded, json_of
from digest.sender.api.webhook import (
    Webhook,
    WebhookForged,
    WebhookKind,
    bounce_kind,
    delivery_of,
    moment,
    require_recent,
    rows_of,
)
from digest.sender.declaration import Opening

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_KEY = "DIGEST_SENDGRID_KEY"
_PROOF = Secret(
    "DIGEST_SENDGRID_WEBHOOK", "the verification key of signed event webhooks", needed=False
)
_LIMITS = CallLimits(recipients=1000, bytes=30_000_000)
_OFF = {"enable": False}


class SendgridSettings(ApiSettings):
    """The table [sendgrid]; the EU's base is https://api.eu.sendgrid.com."""

    url: str = "https://api.sendgrid.com"


@dataclass(frozen=True, slots=True)
class Sendgrid:
    """Writes SendGrid's requests and reads its responses."""

    url: str
    key: str = field(repr=False)
    name: str = "sendgrid"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /v3/mail/send: a personalization for each recipient, so none sees another."""
        content = call.content
        html, text = with_variables(content, _tag)
        mail: dict[str, Any] = {
            "from": {"email": content.from_addr_spec, "name": content.from_name},
            "subject": content.subject,
            "content": [
                {"type": "text/plain", "value": encoded(text)},
                {"type": "text/html", "value": encoded(html)},
            ],
            "personalizations": [_personalization(call, share) for share in call.shares],
            "headers": dict(content.headers),
            "tracking_settings": {
                "click_tracking": _OFF,
                "open_tracking": _OFF,
                "subscription_tracking": _OFF,
            },
        }
        if content.reply_to:
            mail["reply_to"] = {"email": content.reply_to}
        return self._request("POST", "/v3/mail/send", json_of(mail))

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Return that all are accepted: the answer names no recipient."""
        return all_of(call, Outcome.ACCEPTED, response)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the first error's words; status and words decide."""
        first = next(iter(rows_at(response.json, "errors")), {})
        words = mask(str(first.get("message") or "")) or response.words()
        return refused_for(response.status, words)

    def check(self) -> ApiRequest:
        """Return GET /v3/scopes, which needs the key and changes nothing."""
        return self._request("GET", "/v3/scopes")

    def _request(self, method: str, path: str, body: bytes = b"") -> ApiRequest:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        return ApiRequest(method, self.url + path, headers, body)


def _tag(name: str) -> str:
    return f"-{name}-digest-"


def _personalization(call: Call, share: Share) -> dict[str, Any]:
    values = variables(call.content, share)
    return {
        "to": [{"email": share.addr_spec}],
        "substitutions": {_tag(name): value for name, value in values.items()},
        "headers": dict(share.headers),
        "custom_args": {"delivery": share.reference},
    }


def _make(opening: Opening[SendgridSettings]) -> Sendgrid:
    return Sendgrid(opening.settings.url.rstrip("/"), opening.secrets[_KEY])


TRANSPORT = provider_kind("sendgrid", SendgridSettings, [Secret(_KEY, "an API key"), _PROOF], _make)


# https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event; as django-anymail
# notes it.
_EVENTS = {
    "processed": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "deferred": EventKind.DEFERRED,
    "dropped": EventKind.REFUSED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}
# Why a mail was not tried at all: SendGrid's own lists.
_DROPPED = {
    "Bounced Address": EventKind.BOUNCED_HARD,
    "Invalid": EventKind.BOUNCED_HARD,
    "Spam Reporting Address": EventKind.COMPLAINED,
    "Unsubscribed Address": EventKind.UNSUBSCRIBED,
}
_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIME = "x-twilio-email-event-webhook-timestamp"


def _verify(webhook: Webhook, secret: str) -> None:
    """Check ECDSA over time and body with SendGrid's public key. ConfigError without a library."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError:
        raise ConfigError(
            "SendGrid's signatures cannot be checked without cryptography",
            where="DIGEST_SENDGRID_WEBHOOK",
            fix='Install it: pip install "digest[dkim]".',
        ) from None
    time = webhook.headers.get(_TIME, "")
    require_recent(time, webhook.at)
    try:
        signature = b64decode(webhook.headers.get(_SIGNATURE, ""), validate=True)
        _public_key(secret).verify(
            signature, time.encode() + webhook.body, ec.ECDSA(hashes.SHA256())
        )
    except (InvalidSignature, ValueError):
        raise WebhookForged("no valid signature") from None


@lru_cache(maxsize=4)
def _public_key(secret: str) -> EllipticCurvePublicKey:
    """Return the key, read once: to read it costs as much as to check a signature."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(b64decode(secret, validate=True))
    if not isinstance(key, EllipticCurvePublicKey):
        raise WebhookForged("the key is no ECDSA key")
    return key


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    words = f"{row.get('status') or ''} {row.get('reason') or row.get('response') or ''}".strip()
    return DeliveryEvent(
        provider="sendgrid",
        event_id=str(row.get("sg_event_id", "")),
        kind=_kind(row, words),
        at=moment(row.get("timestamp"), datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(row.get("delivery")),
        detail=words,
        raw=json.dumps(row),
    )


def _kind(row: dict[str, Any], words: str) -> EventKind:
    if row.get("event") == "dropped":
        return _DROPPED.get(str(row.get("reason")), EventKind.REFUSED)
    if row.get("event") != "bounce":
        return _EVENTS.get(str(row.get("event")), EventKind.UNKNOWN)
    # "blocked" is SendGrid's word for a refusal that says nothing of the address.
    return EventKind.REFUSED if row.get("type") == "blocked" else bounce_kind(None, words)


WEBHOOK = WebhookKind(
    "sendgrid",
    _PROOF,
    _verify,
    _events,
)
