"""SparkPost: one content, up to 1,000 recipients a call, values by substitution data.

https://developers.sparkpost.com/api/transmissions/ and /api/template-language/, read in part
2026-11. Two braces escape in HTML and three do not, so ours are three. The answer counts recipients
that it rejects without naming them, unless an error's description does. SparkPost ignores our
List-Unsubscribe and writes its own.
"""

from __future__ import annotations

import json
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
    all_of,
    posted,
    refused_for,
    rows_at,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import neutral, variables, with_variables, without
from digest.sender.api.json_body import encoded
from digest.sender.api.webhook import (
    WebhookKind,
    WebhookUnreadable,
    delivery_of,
    moment,
    require_basic,
    rows_of,
)
from digest.sender.declaration import Opening

_KEY = "DIGEST_SPARKPOST_KEY"
_PROOF = Secret(
    "DIGEST_SPARKPOST_WEBHOOK", 'the "user:password" that the webhook logs in with', needed=False
)
_LIMITS = CallLimits(recipients=1000, bytes=20_000_000)
_WRITTEN_BY_SPARKPOST = ("date", "message-id")
_SENDER_DOMAIN = "7001"
_LIMIT_EXCEEDED = 420  # its own status: the day's or month's quota


class SparkpostSettings(ApiSettings):
    """The table [sparkpost]; the EU's base is https://api.eu.sparkpost.com."""

    url: str = "https://api.sparkpost.com"


@dataclass(frozen=True, slots=True)
class Sparkpost:
    """Writes SparkPost's requests and reads its responses."""

    url: str
    key: str = field(repr=False)
    name: str = "sparkpost"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /api/v1/transmissions with substitution data for each recipient."""
        content = neutral(call.content, "{{", "&#123;&#123;", "{ {")
        html, text = with_variables(content, _tag)
        own = {name for share in call.shares for name, _ in share.headers}
        headers = dict(content.headers) | {name: _tag(_variable(name)) for name in sorted(own)}
        mail: dict[str, Any] = {
            "from": {"email": content.from_addr_spec, "name": content.from_name},
            "subject": content.subject,
            "html": encoded(html),
            "text": encoded(text),
            "headers": without(headers, *_WRITTEN_BY_SPARKPOST),
        }
        if content.reply_to:
            mail["reply_to"] = content.reply_to
        value = {
            "options": {"open_tracking": False, "click_tracking": False, "transactional": False},
            "content": mail,
            "recipients": [_recipient(call, share) for share in call.shares],
        }
        url = f"{self.url}/api/v1/transmissions?num_rcpt_errors={len(call.shares)}"
        return posted(url, {"Authorization": self.key}, value)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the counts; where some are rejected, those whom the errors name have failed.

        If the errors do not name as many, nobody knows who they are.
        """
        body = response.json if isinstance(response.json, dict) else {}
        found = body.get("results")
        results: dict[str, Any] = found if isinstance(found, dict) else {}
        given, rejected = str(results.get("id") or ""), results.get("total_rejected_recipients")
        if rejected == 0:
            return all_of(call, Outcome.ACCEPTED, response, provider_id=given)
        if not isinstance(rejected, int):
            return ()
        told = json.dumps(rows_at(results, "rcpt_to_errors"))
        named = {share.delivery_id for share in call.shares if share.addr_spec in told}
        if len(named) != rejected:
            words = f"{rejected} of {len(call.shares)} were rejected, it does not say who"
            return all_of(call, Outcome.UNCERTAIN, response, text=words)
        return tuple(
            Receipt(one, Outcome.FAILED, response.status, text="rejected", phase="api")
            if one in named
            else Receipt(one, Outcome.ACCEPTED, response.status, phase="api", provider_id=given)
            for one in (share.delivery_id for share in call.shares)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the first error; an unconfigured sender domain is ours, and so is a quota."""
        first = next(iter(rows_at(response.json, "errors")), {})
        texts = (first.get("message"), first.get("description"))
        words = mask("; ".join(str(one) for one in texts if one)) or f"HTTP {response.status}"
        if response.status == _LIMIT_EXCEEDED or str(first.get("code")) == _SENDER_DOMAIN:
            return Refusal(RefusalKind.OURS, words)
        return refused_for(response.status, words)

    def check(self) -> ApiRequest:
        """Return GET /api/v1/account, which needs the key and changes nothing."""
        return ApiRequest("GET", f"{self.url}/api/v1/account", {"Authorization": self.key})


def _tag(name: str) -> str:
    return f"{{{{{{{name}}}}}}}"


def _variable(header: str) -> str:
    return f"header_{header.lower().replace('-', '_')}"


def _recipient(call: Call, share: Share) -> dict[str, Any]:
    own = {_variable(name): value for name, value in share.headers}
    return {
        "address": {"email": share.addr_spec},
        "substitution_data": variables(call.content, share) | own,
        "metadata": {"delivery": share.reference},
    }


def _make(opening: Opening[SparkpostSettings]) -> Sparkpost:
    return Sparkpost(opening.settings.url.rstrip("/"), opening.secrets[_KEY])


TRANSPORT = provider_kind(
    "sparkpost",
    SparkpostSettings,
    [Secret(_KEY, "an API key for Transmissions and Account"), _PROOF],
    _make,
    "it writes List-Unsubscribe itself: readers who leave by their mail client's button leave at"
    " SparkPost, which must report it to /hooks/sparkpost",
)


# https://developers.sparkpost.com/api/webhooks/; classes of bounces as django-anymail notes them.
_EVENTS = {
    "injection": EventKind.ACCEPTED,
    "delivery": EventKind.DELIVERED,
    "delay": EventKind.DEFERRED,
    "policy_rejection": EventKind.REFUSED,
    "generation_failure": EventKind.REFUSED,
    "generation_rejection": EventKind.REFUSED,
    "spam_complaint": EventKind.COMPLAINED,
    "list_unsubscribe": EventKind.UNSUBSCRIBED,
    "link_unsubscribe": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "initial_open": EventKind.OPENED,
    "amp_open": EventKind.OPENED,
    "click": EventKind.CLICKED,
    "amp_click": EventKind.CLICKED,
}
_CLASSES = {
    "10": EventKind.BOUNCED_HARD,  # invalid recipient
    "30": EventKind.BOUNCED_HARD,  # no such recipient
    "20": EventKind.BOUNCED_SOFT,
    "21": EventKind.BOUNCED_SOFT,  # DNS
    "22": EventKind.BOUNCED_SOFT,  # mailbox full
    "24": EventKind.BOUNCED_SOFT,
    "40": EventKind.BOUNCED_SOFT,
    "70": EventKind.BOUNCED_SOFT,
    "60": EventKind.UNKNOWN,  # an automatic reply
    "80": EventKind.UNKNOWN,
    "90": EventKind.UNSUBSCRIBED,
    "100": EventKind.UNKNOWN,
}


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    return tuple(_event(row) for row in rows_of(body) if row.get("msys"))


def _event(envelope: dict[str, Any]) -> DeliveryEvent:
    told = envelope["msys"]
    row = next(iter(told.values()), None) if isinstance(told, dict) else None
    if not isinstance(row, dict):
        raise WebhookUnreadable("an event is no object")
    metadata = row.get("rcpt_meta")
    stamp = str(row.get("timestamp", ""))
    return DeliveryEvent(
        provider="sparkpost",
        event_id=str(row.get("event_id", "")),
        kind=_kind(row),
        at=moment(_seconds(stamp), datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(metadata.get("delivery")) if isinstance(metadata, dict) else None,
        detail=str(row.get("raw_reason") or row.get("reason") or ""),
        raw=json.dumps(row),
    )


def _seconds(stamp: str) -> int | str:
    return int(stamp) if stamp.isdecimal() and len(stamp) < 15 else stamp  # noqa: PLR2004


def _kind(row: dict[str, Any]) -> EventKind:
    word = str(row.get("type"))
    if word in {"bounce", "out_of_band"}:
        return _CLASSES.get(str(row.get("bounce_class")), EventKind.REFUSED)
    return _EVENTS.get(word, EventKind.UNKNOWN)


WEBHOOK = WebhookKind("sparkpost", _PROOF, require_basic, _events)
