"""SendGrid: one content, up to 1,000 recipients a call, values put into it by SendGrid.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send, read 2026-11. A 202 speaks
of the whole call; what becomes of one recipient is told by the event webhook.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from digest.extension.secret import Secret
from digest.models.calls import Call, CallLimits, Share
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    all_of,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import variables, with_variables
from digest.sender.declaration import Opening

_KEY = "DIGEST_SENDGRID_KEY"
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
                {"type": "text/plain", "value": text},
                {"type": "text/html", "value": html},
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
        return self._request("POST", "/v3/mail/send", json.dumps(mail).encode())

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Return that all are accepted: the answer names no recipient."""
        return all_of(call, Outcome.ACCEPTED, response)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the first error's words; the status decides."""
        found = refusal_by_status(response)
        errors = response.json.get("errors") if isinstance(response.json, dict) else None
        first = errors[0] if isinstance(errors, list) and errors else {}
        words = ApiResponse(response.status, {}, json.dumps(first).encode()).words("message")
        return Refusal(found.kind, words)

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


TRANSPORT = provider_kind("sendgrid", SendgridSettings, [Secret(_KEY, "an API key")], _make)
