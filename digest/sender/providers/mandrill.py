"""Mandrill (Mailchimp Transactional): one whole mail a call.

https://mailchimp.com/developer/transactional/api/messages/; compared with django-anymail's notes,
not with the pages. A call could carry 1,000 recipients, but headers are the same for all of them,
and List-Unsubscribe has to be each reader's own. Every error is a 500 with a name.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qsl

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
    posted,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, ConnectionCount, provider_kind
from digest.sender.api.filling import filled, headers_of, without
from digest.sender.api.webhook import (
    Webhook,
    WebhookForged,
    WebhookKind,
    WebhookUnreadable,
    delivery_of,
    moment,
    rows_of,
    same,
)
from digest.sender.declaration import Opening

_KEY = "DIGEST_MANDRILL_KEY"
_PROOF = Secret("DIGEST_MANDRILL_WEBHOOK", "the webhook's key", needed=False)
_LIMITS = CallLimits(recipients=1)
_TAKEN = frozenset({"sent", "queued", "scheduled"})
_BY_NAME = {
    "Invalid_Key": RefusalKind.OURS,
    "PaymentRequired": RefusalKind.OURS,
    "Unknown_Subaccount": RefusalKind.OURS,
    "ServiceUnavailable": RefusalKind.WAIT,
    "ValidationError": RefusalKind.POISON,
}
# Why a recipient is rejected: of our account, or of the address (its own list of such).
_OURS = frozenset({"invalid-sender", "unsigned", "test-mode-limit", "rule"})
_GONE = frozenset({"hard-bounce", "spam"})


class MandrillSettings(ApiSettings):
    """The table [mandrill]; each call carries one mail, so there are more connections."""

    url: str = "https://mandrillapp.com"
    connections: ConnectionCount = 16


@dataclass(frozen=True, slots=True)
class Mandrill:
    """Writes Mandrill's requests and reads its responses."""

    url: str
    key: str = field(repr=False)
    name: str = "mandrill"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /api/1.0/messages/send.json with one mail."""
        content, (share,) = call.content, call.shares
        html, text = filled(content, share)
        headers = without(headers_of(call, share), "date")
        message: dict[str, Any] = {
            "from_email": content.from_addr_spec,
            "from_name": content.from_name,
            "to": [{"email": share.addr_spec, "type": "to"}],
            "subject": content.subject,
            "html": html,
            "text": text,
            "headers": headers | ({"Reply-To": content.reply_to} if content.reply_to else {}),
            "metadata": {"delivery": share.reference},
            "preserve_recipients": False,
            "merge": False,
            "track_opens": False,
            "track_clicks": False,
            "auto_text": False,
            "inline_css": False,
        }
        return self._posted("messages/send", {"message": message, "async": False})

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the answer of the one recipient."""
        rows = response.json if isinstance(response.json, list) else []
        return tuple(
            _receipt(share.delivery_id, row, response.status)
            for share, row in zip(call.shares, rows, strict=False)
            if isinstance(row, dict)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the error's name; a 500 without one says nothing."""
        found = refusal_by_status(response, "message")
        name = response.json.get("name") if isinstance(response.json, dict) else None
        return Refusal(_BY_NAME.get(str(name), found.kind), found.words)

    def check(self) -> ApiRequest:
        """Return POST /api/1.0/users/ping2.json, which needs the key and changes nothing."""
        return self._posted("users/ping2", {})

    def _posted(self, path: str, value: dict[str, Any]) -> ApiRequest:
        return posted(f"{self.url}/api/1.0/{path}.json", {}, {"key": self.key, **value})


def _receipt(number: int, row: dict[str, Any], status: int) -> Receipt:
    word, reason = str(row.get("status")), str(row.get("reject_reason") or "")
    given = str(row.get("_id") or "")
    if word in _TAKEN:
        return Receipt(number, Outcome.ACCEPTED, status, phase="api", provider_id=given)
    text = mask(f"{word} {reason}".strip())
    if word not in {"rejected", "invalid"}:
        return Receipt(number, Outcome.UNCERTAIN, status, text=text, phase="api")
    outcome = Outcome.UNSENT if reason in _OURS else Outcome.FAILED
    gone = reason in _GONE
    return Receipt(number, outcome, status, text=text, phase="api", suppress=gone)


def _make(opening: Opening[MandrillSettings]) -> Mandrill:
    return Mandrill(opening.settings.url.rstrip("/"), opening.secrets[_KEY])


TRANSPORT = provider_kind("mandrill", MandrillSettings, [Secret(_KEY, "an API key"), _PROOF], _make)


_EVENTS = {
    "send": EventKind.DELIVERED,
    "deferral": EventKind.DEFERRED,
    "hard_bounce": EventKind.BOUNCED_HARD,
    "soft_bounce": EventKind.BOUNCED_SOFT,
    "reject": EventKind.REFUSED,
    "spam": EventKind.COMPLAINED,
    "unsub": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}


def _verify(webhook: Webhook, secret: str) -> None:
    """Compare HMAC-SHA1 over our address and the form's fields, sorted by name."""
    fields = sorted(parse_qsl(webhook.body.decode("utf-8", "replace"), keep_blank_values=True))
    signed = webhook.url + "".join(name + value for name, value in fields)
    expected = b64encode(hmac.new(secret.encode(), signed.encode(), sha1).digest())
    if not same(webhook.headers.get("x-mandrill-signature", ""), expected):
        raise WebhookForged("no valid signature")


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    if "mandrill_events" not in fields:
        raise WebhookUnreadable("no field of events")
    return tuple(_event(row) for row in rows_of(fields["mandrill_events"].encode()))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    word, at = str(row.get("event", "")), row.get("ts")
    found = row.get("msg")
    mail: dict[str, Any] = found if isinstance(found, dict) else {}
    own, given = mail.get("metadata"), str(row.get("_id") or mail.get("_id") or "")
    return DeliveryEvent(
        provider="mandrill",
        event_id=f"{word}/{given}/{at}",
        kind=_EVENTS.get(word, EventKind.UNKNOWN),
        at=moment(at, datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(own.get("delivery")) if isinstance(own, dict) else None,
        provider_id=given,
        detail=str(mail.get("diag") or mail.get("bounce_description") or ""),
        raw=json.dumps(row),
    )


WEBHOOK = WebhookKind("mandrill", _PROOF, _verify, _events)
