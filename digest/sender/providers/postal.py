"""Postal, the mail server for one's own machines: one whole mail a call.

https://docs.postalserver.io/developer/api; compared with django-anymail's notes, not with the
pages. Recipients of one call would see each other. Every answer is a 200 with a status
in it. There is no metadata: the tag names the delivery.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from digest.errors import ConfigError
from digest.extension.secret import Secret
from digest.extension.table import HttpUrl
from digest.log import mask
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt
from digest.models.events import DeliveryEvent, EventKind
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    posted,
    refused_for,
)
from digest.sender.api.declare import ApiSettings, ConnectionCount, provider_kind
from digest.sender.api.filling import filled, headers_of, sender, without
from digest.sender.api.webhook import (
    TAG,
    Webhook,
    WebhookForged,
    WebhookKind,
    bounce_kind,
    moment,
    rows_of,
    tagged,
)
from digest.sender.declaration import Opening

_KEY = "DIGEST_POSTAL_KEY"
_PROOF = Secret(
    "DIGEST_POSTAL_WEBHOOK", "the server's public key, the middle of its PEM", needed=False
)
_LIMITS = CallLimits(recipients=1)
# What a status other than "success" is about: all but these speak of our account.
_OF_RECIPIENT = frozenset({"NoRecipients", "ValidationError"})


class PostalSettings(ApiSettings):
    """The table [postal]; `url` is your server's. Each call carries one mail."""

    url: HttpUrl
    connections: ConnectionCount = 16


@dataclass(frozen=True, slots=True)
class Postal:
    """Writes Postal's requests and reads its responses."""

    url: str
    key: str = field(repr=False)
    name: str = "postal"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /api/v1/send/message with one mail."""
        content, (share,) = call.content, call.shares
        html, text = filled(content, share)
        mail: dict[str, Any] = {
            "from": sender(content),
            "to": [share.addr_spec],
            "subject": content.subject,
            "html_body": html,
            "plain_body": text,
            "headers": without(headers_of(call, share), "date"),
            "tag": f"{TAG}{share.reference}",
        }
        mail |= {"reply_to": content.reply_to} if content.reply_to else {}
        return posted(f"{self.url}/api/v1/send/message", self._login, mail)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the status in the answer."""
        body = response.json if isinstance(response.json, dict) else {}
        found = body.get("data")
        data: dict[str, Any] = found if isinstance(found, dict) else {}
        return tuple(_receipt(share.delivery_id, body, data, response) for share in call.shares)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the code; of a call, a refusal of Postal's own is a 200 and has a receipt."""
        data = response.json.get("data") if isinstance(response.json, dict) else None
        code = data.get("code") if isinstance(data, dict) else None
        return refused_for(response.status, mask(str(code)) if code else response.words())

    def check(self) -> ApiRequest:
        """Return POST /api/v1/messages/message, which needs the key; no message has that number."""
        request = posted(f"{self.url}/api/v1/messages/message", self._login, {"id": 0})
        return replace(request, proves=_is_known)

    @property
    def _login(self) -> dict[str, str]:
        return {"X-Server-API-Key": self.key}


def _is_known(response: ApiResponse) -> bool:
    body = response.json if isinstance(response.json, dict) else {}
    data = body.get("data")
    return isinstance(data, dict) and data.get("code") == "MessageNotFound"


def _receipt(
    number: int, body: dict[str, Any], data: dict[str, Any], response: ApiResponse
) -> Receipt:
    if body.get("status") == "success":
        messages = data.get("messages")
        rows = list(messages.values()) if isinstance(messages, dict) else []
        given = str(rows[0].get("id", "")) if rows and isinstance(rows[0], dict) else ""
        return Receipt(number, Outcome.ACCEPTED, response.status, phase="api", provider_id=given)
    code, said = str(data.get("code") or ""), str(data.get("message") or "")
    if body.get("status") not in {"error", "parameter-error"}:
        return Receipt(number, Outcome.UNCERTAIN, response.status, phase="api")
    outcome = Outcome.FAILED if code in _OF_RECIPIENT else Outcome.UNSENT
    text = mask(f"{code} {said}".strip())
    return Receipt(number, outcome, response.status, text=text, phase="api")


def _make(opening: Opening[PostalSettings]) -> Postal:
    return Postal(opening.settings.url.rstrip("/"), opening.secrets[_KEY])


TRANSPORT = provider_kind(
    "postal", PostalSettings, [Secret(_KEY, "an API credential of the mail server"), _PROOF], _make
)


_STATES = {
    "Sent": EventKind.DELIVERED,
    "SoftFail": EventKind.DEFERRED,
    "Held": EventKind.ACCEPTED,
}


def _verify(webhook: Webhook, secret: str) -> None:
    """Check RSA with SHA-1 over the body. ConfigError without a library."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError:
        raise ConfigError(
            "Postal's signatures cannot be checked without cryptography",
            where="DIGEST_POSTAL_WEBHOOK",
            fix='Install it: pip install "digest[dkim]".',
        ) from None
    try:
        signature = b64decode(webhook.headers.get("x-postal-signature", ""), validate=True)
        key = load_der_public_key(b64decode(secret, validate=True))
        if not isinstance(key, rsa.RSAPublicKey):
            raise WebhookForged("the key is no RSA key")
        key.verify(signature, webhook.body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    except (InvalidSignature, ValueError):
        raise WebhookForged("no valid signature") from None


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    found = row.get("payload")
    payload: dict[str, Any] = found if isinstance(found, dict) else {}
    mail = payload.get("message") or payload.get("original_message")
    message: dict[str, Any] = mail if isinstance(mail, dict) else {}
    words = str(payload.get("output") or payload.get("details") or "")
    return DeliveryEvent(
        provider="postal",
        event_id=str(row.get("uuid", "")),
        kind=_kind(payload, words),
        at=moment(row.get("timestamp"), datetime.fromtimestamp(0, UTC)),
        delivery_id=tagged(message.get("tag")),
        provider_id=str(message.get("id") or ""),
        detail=words,
        raw=json.dumps(row),
    )


def _kind(payload: dict[str, Any], words: str) -> EventKind:
    status = payload.get("status")
    if status == "HardFail":
        return bounce_kind(None, words)
    if status is not None:
        return _STATES.get(str(status), EventKind.UNKNOWN)
    if "bounce" in payload:
        # The bounce came back later as a mail, of which Postal tells no reason.
        return EventKind.BOUNCED_SOFT
    return EventKind.CLICKED if "url" in payload else EventKind.UNKNOWN


WEBHOOK = WebhookKind("postal", _PROOF, _verify, _events)
