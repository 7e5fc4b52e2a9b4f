"""Mailtrap: whole mails, up to 500 a call, over its stream for bulk mail.

https://docs.mailtrap.io/developers, "Batch send"; compared with django-anymail's notes, not with
the pages. What all mails have in common stands once, in the base. Each mail has its own answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
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
    posted,
    refused_for,
    rows_at,
    speaks_of_sender,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import filled, headers_of, without
from digest.sender.api.webhook import (
    WebhookKind,
    bounce_kind,
    delivery_of,
    moment,
    require_basic,
    rows_of,
)
from digest.sender.declaration import Opening

_TOKEN = "DIGEST_MAILTRAP_TOKEN"  # noqa: S105 - the name of a variable
_PROOF = Secret(
    "DIGEST_MAILTRAP_WEBHOOK", 'the "user:password" in the address that reports', needed=False
)
_LIMITS = CallLimits(recipients=500, bytes=50_000_000)
_TOKEN_IS_RIGHT = frozenset({200, 400, 422})


class MailtrapSettings(ApiSettings):
    """The table [mailtrap]; the base is that of its bulk stream."""

    url: str = "https://bulk.api.mailtrap.io"


@dataclass(frozen=True, slots=True)
class Mailtrap:
    """Writes Mailtrap's requests and reads its responses."""

    url: str
    token: str = field(repr=False)
    name: str = "mailtrap"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /api/batch with a whole mail for each recipient."""
        content = call.content
        base: dict[str, Any] = {
            "from": {"email": content.from_addr_spec, "name": content.from_name},
            "subject": content.subject,
        }
        if content.reply_to:
            base["reply_to"] = {"email": content.reply_to}
        requests = [_mail(call, share) for share in call.shares]
        value = {"base": base, "requests": requests}
        return posted(f"{self.url}/api/batch", self._login, value)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the answers, in the order of the mails."""
        answers = rows_at(response.json, "responses")
        return tuple(
            _receipt(share.delivery_id, answer, response.status)
            for share, answer in zip(call.shares, answers, strict=False)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the errors; status and words decide."""
        body = response.json if isinstance(response.json, dict) else {}
        errors = body.get("errors")
        told = errors if isinstance(errors, list) else [errors or body.get("error")]
        words = mask("; ".join(str(one) for one in told if one))
        return refused_for(response.status, words or response.words())

    def check(self) -> ApiRequest:
        """Return POST /api/batch without a mail: a wrong token is told before the lack of one."""
        request = posted(f"{self.url}/api/batch", self._login, {"base": {}, "requests": []})
        return replace(request, proves=lambda response: response.status in _TOKEN_IS_RIGHT)

    @property
    def _login(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _mail(call: Call, share: Share) -> dict[str, Any]:
    html, text = filled(call.content, share)
    return {
        "to": [{"email": share.addr_spec}],
        "html": html,
        "text": text,
        "headers": without(headers_of(call, share), "date"),
        "custom_variables": {"delivery": share.reference},
    }


def _receipt(number: int, answer: dict[str, Any], status: int) -> Receipt:
    if answer.get("success") is True:
        ids = answer.get("message_ids")
        given = str(ids[0]) if isinstance(ids, list) and ids else ""
        return Receipt(number, Outcome.ACCEPTED, status, phase="api", provider_id=given)
    errors = answer.get("errors")
    words = "; ".join(str(one) for one in errors) if isinstance(errors, list) else str(errors)
    outcome = Outcome.UNSENT if speaks_of_sender(words) else Outcome.FAILED
    return Receipt(number, outcome, status, text=mask(words), phase="api")


def _make(opening: Opening[MailtrapSettings]) -> Mailtrap:
    return Mailtrap(opening.settings.url.rstrip("/"), opening.secrets[_TOKEN])


TRANSPORT = provider_kind(
    "mailtrap",
    MailtrapSettings,
    [Secret(_TOKEN, "an API token for the bulk stream"), _PROOF],
    _make,
    "it keeps our headers, and tracks unless that is switched off for the domain",
)


_EVENTS = {
    "delivery": EventKind.DELIVERED,
    "soft bounce": EventKind.DEFERRED,
    "suspension": EventKind.DEFERRED,
    "reject": EventKind.REFUSED,
    "spam": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body, "events"))


def _event(row: dict[str, Any]) -> DeliveryEvent:
    word, own = str(row.get("event", "")), row.get("custom_variables")
    words = str(row.get("response") or row.get("reason") or "")
    bounced = word == "bounce"
    return DeliveryEvent(
        provider="mailtrap",
        event_id=str(row.get("event_id", "")),
        kind=bounce_kind(row.get("response_code"), words)
        if bounced
        else _EVENTS.get(word, EventKind.UNKNOWN),
        at=moment(row.get("timestamp"), datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(own.get("delivery")) if isinstance(own, dict) else None,
        provider_id=str(row.get("message_id") or ""),
        detail=words,
        raw=json.dumps(row),
    )


WEBHOOK = WebhookKind("mailtrap", _PROOF, require_basic, _events)
