"""Scaleway Transactional Email: one whole mail a call.

https://www.scaleway.com/en/developers/api/transactional-email/; compared with django-anymail's
notes, not with the page. Recipients of one call would see each other. Its reports go to a topic of
its own messaging service and are not taken here: its pages, read in part 2026-11, name no proof
of them (/docs/transactional-email/reference-content/webhook-events-payloads/).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, field_validator

from digest.extension.networks import Networks
from digest.extension.secret import Secret
from digest.extension.table import OptionalHttpUrl
from digest.log import mask
from digest.models.calls import Call, CallLimits
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    posted,
    refusal_by_status,
    rows_at,
)
from digest.sender.api.declare import ApiSettings, ConnectionCount, provider_kind
from digest.sender.api.filling import filled, headers_of, without
from digest.sender.declaration import Opening

_KEY = "DIGEST_SCALEWAY_SECRET_KEY"
_LIMITS = CallLimits(recipients=1)
_TAKEN = frozenset({"new", "sending", "sent", "unknown"})


class ScalewaySettings(ApiSettings):
    """The table [scaleway]; each call carries one mail, so there are more connections."""

    url: OptionalHttpUrl = ""
    connections: ConnectionCount = 16
    region: Annotated[str, Field(pattern=r"^[a-z]{2}-[a-z]{3}$")] = "fr-par"
    project: str

    @field_validator("allow")
    @classmethod
    def _takes_no_reports(cls, value: Networks) -> Networks:
        if value:
            raise ValueError("no reports of Scaleway's are taken: leave this key out")
        return value


@dataclass(frozen=True, slots=True)
class Scaleway:
    """Writes Scaleway's requests and reads its responses; `url` has the region in it."""

    url: str
    project: str
    key: str = field(repr=False)
    name: str = "scaleway"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST …/emails with one mail."""
        content, (share,) = call.content, call.shares
        html, text = filled(content, share)
        headers = without(headers_of(call, share), "date", "message-id")
        headers |= {"Reply-To": content.reply_to} if content.reply_to else {}
        value: dict[str, Any] = {
            "project_id": self.project,
            "from": {"email": content.from_addr_spec, "name": content.from_name},
            "to": [{"email": share.addr_spec}],
            "subject": content.subject,
            "html": html,
            "text": text,
            "additional_headers": [{"key": one, "value": two} for one, two in headers.items()],
        }
        return posted(f"{self.url}/emails", self._login, value)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the answer of the one recipient."""
        return tuple(
            _receipt(share.delivery_id, row, response.status)
            for share, row in zip(call.shares, rows_at(response.json, "emails"), strict=False)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the message; status and words decide."""
        return refusal_by_status(response, "message")

    def check(self) -> ApiRequest:
        """Return GET …/domains, which needs the key and changes nothing."""
        return ApiRequest("GET", f"{self.url}/domains?project_id={self.project}", self._login)

    @property
    def _login(self) -> dict[str, str]:
        return {"X-Auth-Token": self.key}


def _receipt(number: int, row: dict[str, Any], status: int) -> Receipt:
    word, given = str(row.get("status")), str(row.get("id") or "")
    if word in _TAKEN:
        return Receipt(number, Outcome.ACCEPTED, status, phase="api", provider_id=given)
    text = mask(str(row.get("status_details") or word))
    failed = word in {"failed", "canceled"}
    outcome = Outcome.FAILED if failed else Outcome.UNCERTAIN
    return Receipt(number, outcome, status, text=text, phase="api", provider_id=given)


def _make(opening: Opening[ScalewaySettings]) -> Scaleway:
    table = opening.settings
    base = f"https://api.scaleway.com/transactional-email/v1alpha1/regions/{table.region}"
    return Scaleway((table.url or base).rstrip("/"), table.project, opening.secrets[_KEY])


TRANSPORT = provider_kind(
    "scaleway",
    ScalewaySettings,
    [Secret(_KEY, "the secret key of an IAM application")],
    _make,
    "it writes Message-ID and Date itself, keeps our other headers and reports nothing to Digest",
)
