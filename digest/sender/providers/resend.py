"""Resend: whole mails, up to 100 a call, with idempotency keys that hold for 24 hours.

https://resend.com/docs/api-reference/emails/send-batch-emails, /dashboard/emails/idempotency-keys
and /api-reference/errors, read 2026-11. In permissive mode one bad mail does not refuse the others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from digest.extension.secret import Secret
from digest.log import mask
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    RefusalKind,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import filled, headers_of, sender
from digest.sender.declaration import Opening

_TOKEN = "DIGEST_RESEND_TOKEN"  # noqa: S105 - the name of a variable
_LIMITS = CallLimits(recipients=100, idempotent_seconds=24 * 3600.0)
# 429 is a speed limit, but also a quota of the day or month, which no waiting in a run mends.
_BY_NAME = {
    "daily_quota_exceeded": RefusalKind.OURS,
    "monthly_quota_exceeded": RefusalKind.OURS,
    "rate_limit_exceeded": RefusalKind.WAIT,
    "concurrent_idempotent_requests": RefusalKind.WAIT,
    "invalid_from_address": RefusalKind.OURS,
    "restricted_api_key": RefusalKind.OURS,
}


class ResendSettings(ApiSettings):
    """The table [resend]."""

    url: str = "https://api.resend.com"


@dataclass(frozen=True, slots=True)
class Resend:
    """Writes Resend's requests and reads its responses."""

    url: str
    token: str = field(repr=False)
    name: str = "resend"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /emails/batch with a whole mail for each recipient."""
        content = call.content
        mails = []
        for share in call.shares:
            html, text = filled(content, share)
            mail: dict[str, object] = {
                "from": sender(content),
                "to": [share.addr_spec],
                "subject": content.subject,
                "html": html,
                "text": text,
                "headers": headers_of(call, share),
                "tags": [{"name": "delivery", "value": share.reference}],
            }
            mails.append(mail | ({"reply_to": content.reply_to} if content.reply_to else {}))
        more = {"Idempotency-Key": call.key, "x-batch-validation": "permissive"}
        return self._request("POST", "/emails/batch", json.dumps(mails).encode(), more)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read ids for the mails that were taken, and errors by the index of the others."""
        body = response.json if isinstance(response.json, dict) else {}
        faults = {
            one["index"]: mask(str(one.get("message", "")))
            for one in body.get("errors") or ()
            if isinstance(one, dict) and isinstance(one.get("index"), int)
        }
        ids = iter(body.get("data") or ())
        receipts = []
        for index, share in enumerate(call.shares):
            number, code = share.delivery_id, response.status
            if index in faults:
                failed = Receipt(number, Outcome.FAILED, code, text=faults[index], phase="api")
                receipts.append(failed)
            elif isinstance(one := next(ids, None), dict):
                given = str(one.get("id", ""))
                receipts.append(
                    Receipt(number, Outcome.ACCEPTED, code, phase="api", provider_id=given)
                )
        return tuple(receipts)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the name of the error; where it is not known, the status decides."""
        found = refusal_by_status(response, "message")
        name = response.json.get("name") if isinstance(response.json, dict) else None
        return Refusal(_BY_NAME.get(str(name), found.kind), found.words)

    def check(self) -> ApiRequest:
        """Return GET /domains, which needs the key and changes nothing."""
        return self._request("GET", "/domains")

    def _request(
        self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> ApiRequest:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return ApiRequest(method, self.url + path, headers | (more or {}), body)


def _make(opening: Opening[ResendSettings]) -> Resend:
    return Resend(opening.settings.url.rstrip("/"), opening.secrets[_TOKEN])


TRANSPORT = provider_kind("resend", ResendSettings, [Secret(_TOKEN, "an API key")], _make)
