"""Mailjet: whole mails, up to 50 a call, each with an answer of its own.

https://dev.mailjet.com/email/guides/send-api-v31/ and /email/guides/webhooks/; compared with
django-anymail's notes of 2025, not with the pages. A 400 may hold mails that were taken. Mailjet
writes List-Unsubscribe, List-Id, Message-ID and Date itself and refuses a mail that sets them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from digest.extension.secret import Secret
from digest.log import mask
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
    rows_at,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import filled, headers_of, without
from digest.sender.api.webhook import WebhookKind, delivery_of, moment, require_basic, rows_of
from digest.sender.declaration import Opening

_KEY, _SECRET = "DIGEST_MAILJET_KEY", "DIGEST_MAILJET_SECRET"
_PROOF = Secret(
    "DIGEST_MAILJET_WEBHOOK", 'the "user:password" in the address that reports', needed=False
)
_LIMITS = CallLimits(recipients=50, bytes=15_000_000)
_WRITTEN_BY_MAILJET = (
    "date", "feedback-id", "list-id", "list-unsubscribe", "list-unsubscribe-post", "message-id",
)  # fmt: skip
_OF_ACCOUNT = frozenset({401, 402, 403, 429})


class MailjetSettings(ApiSettings):
    """The table [mailjet]; accounts in the US have https://api.us.mailjet.com."""

    url: str = "https://api.mailjet.com"


@dataclass(frozen=True, slots=True)
class Mailjet:
    """Writes Mailjet's requests and reads its responses."""

    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    name: str = "mailjet"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /v3.1/send with a message for each recipient."""
        messages = [_message(call, share) for share in call.shares]
        return posted(f"{self.url}/v3.1/send", self._login, {"Messages": messages})

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the messages' answers, in the order of the messages."""
        answers = rows_at(response.json, "Messages")
        return tuple(
            _receipt(share.delivery_id, answer, response.status)
            for share, answer in zip(call.shares, answers, strict=False)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read whether the messages have answers; else the status decides."""
        if rows_at(response.json, "Messages"):
            return Refusal(RefusalKind.ANSWERED, "")
        return refusal_by_status(response, "ErrorMessage")

    def check(self) -> ApiRequest:
        """Return GET /v3/REST/sender, which needs the key and changes nothing."""
        return ApiRequest("GET", f"{self.url}/v3/REST/sender?Limit=1", self._login)

    @property
    def _login(self) -> dict[str, str]:
        login = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {login}"}


def _message(call: Call, share: Share) -> dict[str, Any]:
    content = call.content
    html, text = filled(content, share)
    message: dict[str, Any] = {
        "From": {"Email": content.from_addr_spec, "Name": content.from_name},
        "To": [{"Email": share.addr_spec}],
        "Subject": content.subject,
        "HTMLPart": html,
        "TextPart": text,
        "Headers": without(headers_of(call, share), *_WRITTEN_BY_MAILJET),
        "EventPayload": share.reference,
        "TrackOpens": "disabled",
        "TrackClicks": "disabled",
    }
    return message | ({"ReplyTo": {"Email": content.reply_to}} if content.reply_to else {})


def _receipt(number: int, answer: dict[str, Any], status: int) -> Receipt:
    if answer.get("Status") == "success":
        (given, *_) = rows_at(answer, "To") or [{}]
        named = str(given.get("MessageID") or "")
        return Receipt(number, Outcome.ACCEPTED, status, phase="api", provider_id=named)
    errors = rows_at(answer, "Errors")
    codes = {error.get("StatusCode") for error in errors}
    words = "; ".join(str(error.get("ErrorMessage", "")) for error in errors)
    speaks_of_sender = any("From" in str(error.get("ErrorRelatedTo")) for error in errors)
    ours = bool(codes & _OF_ACCOUNT) or speaks_of_sender
    outcome = Outcome.UNSENT if ours else Outcome.FAILED
    return Receipt(number, outcome, status, text=mask(words), phase="api", throttled=codes == {429})


def _make(opening: Opening[MailjetSettings]) -> Mailjet:
    secrets = opening.secrets
    return Mailjet(opening.settings.url.rstrip("/"), secrets[_KEY], secrets[_SECRET])


TRANSPORT = provider_kind(
    "mailjet",
    MailjetSettings,
    [Secret(_KEY, "an API key"), Secret(_SECRET, "the API key's secret"), _PROOF],
    _make,
    "it writes List-Unsubscribe, List-Id and Message-ID itself: readers who leave by their mail"
    " client's button leave at Mailjet, which must report it to /hooks/mailjet",
)


_EVENTS = {
    "sent": EventKind.DELIVERED,
    "spam": EventKind.COMPLAINED,
    "unsub": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}
_NO_MAILBOX = frozenset({"user unknown", "mailbox inactive", "invalid domain", "no mail host"})


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    word, mail, at = str(row.get("event", "")), str(row.get("MessageID", "")), row.get("time")
    return DeliveryEvent(
        provider="mailjet",
        event_id=f"{word}/{mail}/{at}",
        kind=_kind(word, row),
        at=moment(at, datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(row.get("Payload")),
        provider_id=mail,
        detail=str(row.get("smtp_reply") or row.get("comment") or row.get("error") or ""),
        raw=json.dumps(row),
    )


def _kind(word: str, row: dict[str, Any]) -> EventKind:
    error = str(row.get("error", ""))
    if error == "greylisted" and not row.get("hard_bounce"):
        return EventKind.DEFERRED
    if word == "blocked":
        return EventKind.REFUSED
    if word != "bounce":
        return _EVENTS.get(word, EventKind.UNKNOWN)
    if row.get("hard_bounce") and error in _NO_MAILBOX:
        return EventKind.BOUNCED_HARD
    if error in {"sender blocked", "content blocked", "policy issue", "relay/access denied"}:
        return EventKind.REFUSED
    return EventKind.BOUNCED_SOFT


WEBHOOK = WebhookKind("mailjet", _PROOF, require_basic, _events)
