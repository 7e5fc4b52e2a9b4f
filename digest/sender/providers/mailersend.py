"""MailerSend: whole mails, up to 500 a call, over its endpoint for bulk mail.

https://developers.mailersend.com/api/v1/email.html; compared with mailersend-python and with
django-anymail's notes, not with the pages. The endpoint for one mail shows all recipients to each
other, so it is not used. A 202 speaks of the whole call. Own headers are for its larger plans; its
parameter list_unsubscribe is not. There is no metadata: a tag names the delivery.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from digest.extension.secret import Secret
from digest.models.calls import Call, CallLimits, Share
from digest.models.deliveries import Outcome, Receipt
from digest.models.events import DeliveryEvent, EventKind
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    all_of,
    posted,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import filled, headers_of, without
from digest.sender.api.webhook import (
    TAG,
    Webhook,
    WebhookForged,
    WebhookKind,
    moment,
    rows_of,
    same,
    tagged,
)
from digest.sender.declaration import Opening

_TOKEN = "DIGEST_MAILERSEND_TOKEN"  # noqa: S105 - the name of a variable
_PROOF = Secret("DIGEST_MAILERSEND_WEBHOOK", "the webhook's signing secret", needed=False)
_LIMITS = CallLimits(recipients=500, bytes=50_000_000)


class MailersendSettings(ApiSettings):
    """The table [mailersend]; with `headers` the plan of the account takes headers of ours."""

    url: str = "https://api.mailersend.com"
    headers: bool = False


@dataclass(frozen=True, slots=True)
class Mailersend:
    """Writes MailerSend's requests and reads its responses."""

    url: str
    token: str = field(repr=False)
    headers: bool = False
    name: str = "mailersend"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /v1/bulk-email with a whole mail for each recipient."""
        mails = [self._mail(call, share) for share in call.shares]
        return posted(f"{self.url}/v1/bulk-email", self._login, mails)

    def _mail(self, call: Call, share: Share) -> dict[str, Any]:
        content, headers = call.content, headers_of(call, share)
        html, text = filled(content, share)
        mail: dict[str, Any] = {
            "from": {"email": content.from_addr_spec, "name": content.from_name},
            "to": [{"email": share.addr_spec}],
            "subject": content.subject,
            "html": html,
            "text": text,
            "tags": [f"{TAG}{share.reference}"],
            "settings": {"track_clicks": False, "track_opens": False, "track_content": False},
        }
        if link := headers.get("List-Unsubscribe"):
            mail["list_unsubscribe"] = link.strip("<>")
        if content.reply_to:
            mail["reply_to"] = {"email": content.reply_to}
        if self.headers:
            kept = without(headers, "date", "list-unsubscribe", "list-unsubscribe-post")
            mail["headers"] = [{"name": one, "value": value} for one, value in kept.items()]
        return mail

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Return that all are accepted: the answer names the call, and no recipient."""
        return all_of(call, Outcome.ACCEPTED, response)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the message; status and words decide."""
        return refusal_by_status(response, "message")

    def check(self) -> ApiRequest:
        """Return GET /v1/api-quota, which needs the token and changes nothing."""
        return ApiRequest("GET", f"{self.url}/v1/api-quota", self._login)

    @property
    def _login(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _make(opening: Opening[MailersendSettings]) -> Mailersend:
    table = opening.settings
    return Mailersend(table.url.rstrip("/"), opening.secrets[_TOKEN], table.headers)


TRANSPORT = provider_kind(
    "mailersend",
    MailersendSettings,
    [Secret(_TOKEN, "an API token that may send"), _PROOF],
    _make,
    "it takes each reader's List-Unsubscribe, and other headers of ours only with headers = true"
    " and a plan that allows them",
)


# https://developers.mailersend.com/api/v1/webhooks.html; names as django-anymail notes them.
_EVENTS = {
    "sent": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "deferred": EventKind.DEFERRED,
    "hard_bounced": EventKind.BOUNCED_HARD,
    "soft_bounced": EventKind.BOUNCED_SOFT,
    "spam_complaint": EventKind.COMPLAINED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
    "opened": EventKind.OPENED,
    "opened_unique": EventKind.OPENED,
    "clicked": EventKind.CLICKED,
    "clicked_unique": EventKind.CLICKED,
}


def _verify(webhook: Webhook, secret: str) -> None:
    """Compare HMAC-SHA256 over the body, in hexadecimal, under the signing secret."""
    expected = hmac.new(secret.encode(), webhook.body, sha256).hexdigest()
    if not same(webhook.headers.get("signature", ""), expected):
        raise WebhookForged("no valid signature")


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body, "data"))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    mail, why = _object(row, "email"), _object(row, "morph")
    return DeliveryEvent(
        provider="mailersend",
        event_id=str(row.get("id", "")),
        kind=_EVENTS.get(str(row.get("type")).removeprefix("activity."), EventKind.UNKNOWN),
        at=moment(row.get("created_at"), datetime.fromtimestamp(0, UTC)),
        delivery_id=tagged(mail.get("tags")),
        provider_id=str(_object(mail, "message").get("id") or ""),
        detail=str(why.get("readable_reason") or why.get("reason") or ""),
        raw=json.dumps(row),
    )


def _object(row: dict[str, Any], name: str) -> dict[str, Any]:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


WEBHOOK = WebhookKind("mailersend", _PROOF, _verify, _events)
