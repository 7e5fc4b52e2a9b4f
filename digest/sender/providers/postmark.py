"""Postmark: whole mails, up to 500 a call, over a broadcast stream.

https://postmarkapp.com/developer/api/email-api and /overview#error-codes, read in part 2026-11.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
from digest.sender.api.webhook import WebhookKind, delivery_of, moment, require_basic, rows_of
from digest.sender.declaration import Opening

_TOKEN = "DIGEST_POSTMARK_TOKEN"  # noqa: S105 - the name of a variable
_PROOF = Secret(
    "DIGEST_POSTMARK_WEBHOOK",
    'the "user:password" of the address that Postmark is given',
    needed=False,
)
_LIMITS = CallLimits(recipients=500, bytes=50_000_000)
_ACCEPTED = 0
_INACTIVE = 406  # Postmark keeps it on a list of its own: a hard bounce or a complaint before
# Not the recipient: token, signature, quota, approval, stream.
_OURS = frozenset({10, 100, 400, 401, 405, 412, 413, 1235})


class PostmarkSettings(ApiSettings):
    """The table [postmark]; `stream` is a broadcast stream's id."""

    url: str = "https://api.postmarkapp.com"
    stream: str = "broadcast"


@dataclass(frozen=True, slots=True)
class Postmark:
    """Writes Postmark's requests and reads its responses."""

    url: str
    stream: str
    token: str = field(repr=False)
    name: str = "postmark"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /email/batch with a whole mail for each recipient."""
        content = call.content
        mails = []
        for share in call.shares:
            html, text = filled(content, share)
            headers = headers_of(call, share) | {"X-PM-KeepID": "true"}
            mail = {
                "From": sender(content),
                "To": share.addr_spec,
                "Subject": content.subject,
                "HtmlBody": html,
                "TextBody": text,
                "MessageStream": self.stream,
                "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
                "Metadata": {"delivery": share.reference},
                "TrackOpens": False,
                "TrackLinks": "None",
            }
            mails.append(mail | ({"ReplyTo": content.reply_to} if content.reply_to else {}))
        return self._request("POST", "/email/batch", json_of(mails))

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the array of answers, one a mail, in the order of the mails."""
        answers = response.json if isinstance(response.json, list) else []
        return tuple(
            _receipt(share.delivery_id, answer, response.status)
            for share, answer in zip(call.shares, answers, strict=False)
            if isinstance(answer, dict)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the error code of a whole call: most are the account's own."""
        found = refusal_by_status(response, "Message")
        code = response.json.get("ErrorCode") if isinstance(response.json, dict) else None
        return Refusal(RefusalKind.OURS, found.words) if code in _OURS else found

    def check(self) -> ApiRequest:
        """Return GET /server, which needs the token and changes nothing."""
        return self._request("GET", "/server")

    def _request(self, method: str, path: str, body: bytes = b"") -> ApiRequest:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-Postmark-Server-Token": self.token,
        }
        return ApiRequest(method, self.url + path, headers, body)


def _receipt(number: int, answer: dict[str, object], status: int) -> Receipt:
    code = answer.get("ErrorCode")
    if code == _ACCEPTED:
        given = str(answer.get("MessageID", ""))
        return Receipt(number, Outcome.ACCEPTED, code=status, phase="api", provider_id=given)
    text = mask(f"{code}: {answer.get('Message', '')}")
    # What speaks of our account speaks of all mails: this reader is tried again when it is mended.
    outcome = Outcome.UNSENT if code in _OURS else Outcome.FAILED
    return Receipt(number, outcome, code=status, text=text, phase="api", suppress=code == _INACTIVE)


def _make(opening: Opening[PostmarkSettings]) -> Postmark:
    table = opening.settings
    return Postmark(table.url.rstrip("/"), table.stream, opening.secrets[_TOKEN])


TRANSPORT = provider_kind(
    "postmark", PostmarkSettings, [Secret(_TOKEN, "a server's API token"), _PROOF], _make
)


# https://postmarkapp.com/developer/webhooks, read in part 2026-11.
# A bounce's Type is Postmark's own word.
_BOUNCES = {
    "HardBounce": EventKind.BOUNCED_HARD,
    "BadEmailAddress": EventKind.BOUNCED_HARD,
    "SoftBounce": EventKind.BOUNCED_SOFT,
    "Transient": EventKind.BOUNCED_SOFT,
    "DnsError": EventKind.BOUNCED_SOFT,
    "SpamNotification": EventKind.REFUSED,
    "Blocked": EventKind.REFUSED,
    "DMARCPolicy": EventKind.REFUSED,
    "VirusNotification": EventKind.REFUSED,
    "SpamComplaint": EventKind.COMPLAINED,
    "Unsubscribe": EventKind.UNSUBSCRIBED,
}
_RECORDS = {
    "Delivery": EventKind.DELIVERED,
    "SpamComplaint": EventKind.COMPLAINED,
    "Open": EventKind.OPENED,
    "Click": EventKind.CLICKED,
}
_TIMES = ("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    record, mail = str(row.get("RecordType", "")), str(row.get("MessageID", ""))
    at = next((str(row[name]) for name in _TIMES if row.get(name)), "")
    metadata = row.get("Metadata")
    return DeliveryEvent(
        provider="postmark",
        event_id=f"{record}/{row.get('ID', mail)}/{at}",
        kind=_kind(record, row),
        at=moment(at, datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(metadata.get("delivery")) if isinstance(metadata, dict) else None,
        provider_id=mail,
        detail=str(row.get("Details") or row.get("Description") or ""),
        raw=json.dumps(row),
    )


def _kind(record: str, row: dict[str, Any]) -> EventKind:
    if record == "Bounce":
        return _BOUNCES.get(str(row.get("Type")), EventKind.UNKNOWN)
    if record == "SubscriptionChange" and row.get("SuppressSending") is True:
        if row.get("SuppressionReason") == "ManualSuppression":
            left = row.get("Origin") == "Recipient"
            return EventKind.UNSUBSCRIBED if left else EventKind.UNKNOWN
        return _BOUNCES.get(str(row.get("SuppressionReason")), EventKind.UNKNOWN)
    return _RECORDS.get(record, EventKind.UNKNOWN)


WEBHOOK = WebhookKind(
    "postmark",
    _PROOF,
    require_basic,
    _events,
)
