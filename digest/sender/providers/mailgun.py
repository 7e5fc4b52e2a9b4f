"""Mailgun: one content, up to 1,000 recipients a call, values by recipient-variables.

https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/batch-sending as
django-anymail notes it (2025). Without recipient-variables every recipient would see all the others
in To.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from digest.extension.secret import Secret
from digest.models.calls import Call, CallLimits, Content, Share
from digest.models.deliveries import Outcome, Receipt
from digest.models.events import DeliveryEvent, EventKind
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    all_of,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import Bodies, sender, variables, with_variables
from digest.sender.api.json_body import written
from digest.sender.api.webhook import (
    Webhook,
    WebhookForged,
    WebhookKind,
    WebhookUnreadable,
    bounce_kind,
    delivery_of,
    moment,
    require_recent,
    rows_of,
    same,
)
from digest.sender.declaration import Opening

_KEY = "DIGEST_MAILGUN_KEY"
_PROOF = Secret("DIGEST_MAILGUN_WEBHOOK", "the HTTP webhook signing key", needed=False)
_LIMITS = CallLimits(recipients=1000, bytes=25_000_000)
_MARK = "%recipient"


class MailgunSettings(ApiSettings):
    """The table [mailgun]; the EU's base is https://api.eu.mailgun.net."""

    url: str = "https://api.mailgun.net"
    domain: str


@dataclass(frozen=True, slots=True)
class Mailgun:
    """Writes Mailgun's requests and reads its responses."""

    url: str
    domain: str
    key: str = field(repr=False)
    name: str = "mailgun"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /v3/{domain}/messages with variables for each recipient."""
        content = _inert(call.content)
        html, text = with_variables(content, _tag)
        values = {share.addr_spec: _values(call, share) for share in call.shares}
        own = {name for share in call.shares for name, _ in share.headers}
        form = [
            ("from", sender(content)),
            *(("to", share.addr_spec) for share in call.shares),
            ("subject", content.subject),
            ("html", html),
            ("text", text),
            ("recipient-variables", written(values)),
            ("v:delivery", _tag("delivery")),
            ("o:tracking", "no"),
            *((f"h:{name}", value) for name, value in content.headers),
            *((f"h:{name}", _tag(_variable(name))) for name in sorted(own)),
        ]
        if content.reply_to:
            form.append(("h:Reply-To", content.reply_to))
        body = urlencode(form).encode()
        return self._request("POST", f"/v3/{self.domain}/messages", body)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Return that all are accepted: the answer names no recipient."""
        return all_of(call, Outcome.ACCEPTED, response)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the message; the status decides."""
        return refusal_by_status(response, "message")

    def check(self) -> ApiRequest:
        """Return GET /v4/domains/{domain}, which needs the key and changes nothing."""
        return self._request("GET", f"/v4/domains/{self.domain}")

    def _request(self, method: str, path: str, body: bytes = b"") -> ApiRequest:
        login = b64encode(f"api:{self.key}".encode()).decode()
        headers = {
            "Authorization": f"Basic {login}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return ApiRequest(method, self.url + path, headers, body)


def _tag(name: str) -> str:
    return f"{_MARK}.{name}%"


def _variable(header: str) -> str:
    return f"header_{header.lower().replace('-', '_')}"


def _values(call: Call, share: Share) -> dict[str, str]:
    own = {_variable(name): value for name, value in share.headers}
    return variables(call.content, share) | own | {"delivery": share.reference}


def _inert(content: Content) -> Content:
    """Return the content with every "%recipient" of a story made inert: it is no variable."""
    bodies = Bodies(
        content.html.replace(_MARK, "&#37;recipient"), content.text.replace(_MARK, "% recipient")
    )
    subject = content.subject.replace(_MARK, "% recipient")
    return replace(content, html=bodies.html, text=bodies.text, subject=subject)


def _make(opening: Opening[MailgunSettings]) -> Mailgun:
    table = opening.settings
    return Mailgun(table.url.rstrip("/"), table.domain, opening.secrets[_KEY])


TRANSPORT = provider_kind(
    "mailgun", MailgunSettings, [Secret(_KEY, "a sending key"), _PROOF], _make
)


# https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks, as django-anymail
# notes it.
_EVENTS = {
    "accepted": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "rejected": EventKind.REFUSED,
    "complained": EventKind.COMPLAINED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
    "opened": EventKind.OPENED,
    "clicked": EventKind.CLICKED,
}
_SUPPRESSED_THERE = {
    "suppress-bounce": EventKind.BOUNCED_HARD,
    "suppress-complaint": EventKind.COMPLAINED,
    "suppress-unsubscribe": EventKind.UNSUBSCRIBED,
}


def _verify(webhook: Webhook, secret: str) -> None:
    """Compare HMAC-SHA256 over time and token, which stand in the body, under the signing key."""
    try:
        (signature,) = rows_of(webhook.body, "signature")
    except (WebhookUnreadable, ValueError):
        raise WebhookForged("no signature") from None
    time, token = str(signature.get("timestamp", "")), str(signature.get("token", ""))
    require_recent(time, webhook.at)
    expected = hmac.new(secret.encode(), f"{time}{token}".encode(), sha256).hexdigest()
    if not same(str(signature.get("signature", "")), expected):
        raise WebhookForged("no valid signature")


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body, "event-data"))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    found, own = row.get("delivery-status"), row.get("user-variables")
    status: dict[str, Any] = found if isinstance(found, dict) else {}
    words = f"{status.get('enhanced-code') or ''} {status.get('message') or ''}".strip()
    return DeliveryEvent(
        provider="mailgun",
        event_id=str(row.get("id", "")),
        kind=_kind(row, status.get("code"), words),
        at=moment(row.get("timestamp"), datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(own.get("delivery")) if isinstance(own, dict) else None,
        detail=f"{status.get('code') or ''} {words}".strip(),
        raw=json.dumps(row),
    )


def _kind(row: dict[str, Any], code: object, words: str) -> EventKind:
    if row.get("event") != "failed":
        return _EVENTS.get(str(row.get("event")), EventKind.UNKNOWN)
    if row.get("severity") == "temporary":
        return EventKind.DEFERRED
    reason = str(row.get("reason"))
    return _SUPPRESSED_THERE.get(reason) or bounce_kind(code, words)


WEBHOOK = WebhookKind(
    "mailgun",
    _PROOF,
    _verify,
    _events,
)
