"""Amazon SES, API v2: one content, up to 50 recipients a call, values by an inline template.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendBulkEmail.html and
/ses/latest/dg/send-personalized-email-api.html (values are not escaped there), read in part
2026-11. SES writes Message-ID and Date itself. Each entry of the answer has a status of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field

from digest.aws_signature import AwsCredentials, AwsRequest, AwsSigner
from digest.extension.secret import Secret
from digest.extension.table import OptionalHttpUrl
from digest.log import mask
from digest.models.calls import Call, CallLimits, Share
from digest.models.deliveries import Outcome, Receipt
from digest.models.events import DeliveryEvent, EventKind
from digest.sender.api import sns
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    RefusalKind,
    refusal_by_status,
    rows_at,
    speaks_of_sender,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import (
    headers_of,
    neutral,
    sender,
    variables,
    with_variables,
    without,
)
from digest.sender.api.json_body import encoded, json_of, written
from digest.sender.api.webhook import WebhookKind, bounce_kind, delivery_of, moment, rows_of
from digest.sender.declaration import Opening

_KEY, _SECRET = "DIGEST_SES_KEY_ID", "DIGEST_SES_SECRET"
_SESSION = "DIGEST_SES_SESSION"
_PROOF = Secret("DIGEST_SES_WEBHOOK", "the ARN of the SNS topic that reports", needed=False)
_LIMITS = CallLimits(recipients=50, bytes=10_000_000)
_BULK, _ACCOUNT = "/v2/email/outbound-bulk-emails", "/v2/email/account"
_LONGEST_HEADER = 870  # characters of a value, MessageHeader's limit
_WRITTEN_BY_SES = ("message-id", "date")

# Status of an entry: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_BulkEmailEntryResult.html
_OUTCOMES = {
    "SUCCESS": Outcome.ACCEPTED,
    "MESSAGE_REJECTED": Outcome.FAILED,
    "INVALID_PARAMETER": Outcome.FAILED,
    "FAILED": Outcome.DEFERRED,
    "TRANSIENT_FAILURE": Outcome.DEFERRED,
    "ACCOUNT_THROTTLED": Outcome.UNSENT,
    "ACCOUNT_SUSPENDED": Outcome.UNSENT,
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": Outcome.UNSENT,
    "ACCOUNT_SENDING_PAUSED": Outcome.UNSENT,
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": Outcome.UNSENT,
    "CONFIGURATION_SET_NOT_FOUND": Outcome.UNSENT,
    "CONFIGURATION_SET_SENDING_PAUSED": Outcome.UNSENT,
    "TEMPLATE_NOT_FOUND": Outcome.UNSENT,
    "INVALID_SENDING_POOL_NAME": Outcome.UNSENT,
}
_ERRORS = {
    "AccountSuspendedException": RefusalKind.OURS,
    "LimitExceededException": RefusalKind.OURS,
    "MailFromDomainNotVerifiedException": RefusalKind.OURS,
    "SendingPausedException": RefusalKind.OURS,
    "ThrottlingException": RefusalKind.WAIT,
    "TooManyRequestsException": RefusalKind.WAIT,
}


class SesSettings(ApiSettings):
    """The table [ses]; `url` is "https://email.<region>.amazonaws.com" if left out."""

    url: OptionalHttpUrl = ""
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]{4,30}$")]
    configuration_set: str = ""


@dataclass(frozen=True, slots=True)
class Ses:
    """Writes SES' requests and reads its responses."""

    url: str
    signer: AwsSigner = field(repr=False)
    configuration_set: str = ""
    name: str = "ses"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /v2/email/outbound-bulk-emails with an entry for each recipient."""
        content = neutral(call.content, "{{", "&#123;&#123;", "{ {")
        html, text = with_variables(content, _tag)
        template = {"Subject": content.subject, "Html": encoded(html), "Text": encoded(text)}
        value: dict[str, object] = {
            "FromEmailAddress": sender(content),
            "DefaultContent": {"Template": {"TemplateContent": template, "TemplateData": "{}"}},
            "BulkEmailEntries": [_entry(call, share) for share in call.shares],
        }
        if content.reply_to:
            value["ReplyToAddresses"] = [content.reply_to]
        if self.configuration_set:
            value["ConfigurationSetName"] = self.configuration_set
        return self._request("POST", _BULK, json_of(value))

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Read the entries' results, in the order of the entries."""
        results = rows_at(response.json, "BulkEmailEntryResults")
        return tuple(
            _receipt(share.delivery_id, result, response.status)
            for share, result in zip(call.shares, results, strict=False)
        )

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the error's type; the words tell a quota and an identity from a bad request."""
        found = refusal_by_status(response, "message", "Message")
        kind = response.headers.get("x-amzn-errortype", "").partition(":")[0]
        if speaks_of_sender(found.words):  # "Daily message quota exceeded" is a 429
            return Refusal(RefusalKind.OURS, found.words)
        return Refusal(_ERRORS.get(kind, found.kind), found.words)

    def check(self) -> ApiRequest:
        """Return GET /v2/email/account, which needs the key and changes nothing."""
        return self._request("GET", _ACCOUNT)

    def _request(self, method: str, path: str, body: bytes = b"") -> ApiRequest:
        url = self.url + path
        headers = {"Content-Type": "application/json"}
        parts = urlsplit(url)
        request = AwsRequest(method, parts.netloc, parts.path, body)
        return ApiRequest(method, url, headers, body, partial(self.signer.signed, request))


def _tag(name: str) -> str:
    return f"{{{{{name}}}}}"


def _entry(call: Call, share: Share) -> dict[str, object]:
    headers = without(headers_of(call, share), *_WRITTEN_BY_SES)
    data = written(variables(call.content, share)).decode()
    return {
        "Destination": {"ToAddresses": [share.addr_spec]},
        "ReplacementTags": [{"Name": "delivery", "Value": share.reference}],
        "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": data}},
        "ReplacementHeaders": [
            {"Name": name, "Value": value}
            for name, value in headers.items()
            if len(value) <= _LONGEST_HEADER
        ],
    }


def _receipt(number: int, result: dict[str, object], status: int) -> Receipt:
    word = str(result.get("Status"))
    outcome = _OUTCOMES.get(word, Outcome.UNCERTAIN)
    return Receipt(
        number,
        outcome,
        code=status,
        text=mask(" ".join(filter(None, (word, str(result.get("Error") or ""))))),
        phase="api",
        throttled=word == "ACCOUNT_THROTTLED",
        provider_id=str(result.get("MessageId") or ""),
    )


def _make(opening: Opening[SesSettings]) -> Ses:
    table, secrets = opening.settings, opening.secrets
    url = table.url or f"https://email.{table.region}.amazonaws.com"
    credentials = AwsCredentials(secrets[_KEY], secrets[_SECRET], secrets.get(_SESSION, ""))
    signer = AwsSigner(credentials, table.region, "ses")
    return Ses(url.rstrip("/"), signer, table.configuration_set)


TRANSPORT = provider_kind(
    "ses",
    SesSettings,
    [
        Secret(_KEY, "an access key's id"),
        Secret(_SECRET, "the access key's secret"),
        Secret(_SESSION, "the session token of temporary credentials", needed=False),
        _PROOF,
    ],
    _make,
    "it writes Message-ID and Date itself and keeps our other headers",
)


# https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html, read in
# part 2026-11. Notifications of an identity have notificationType, those of a configuration set
# eventType; only the latter have our tag.
_EVENTS = {
    "Send": EventKind.ACCEPTED,
    "Delivery": EventKind.DELIVERED,
    "DeliveryDelay": EventKind.DEFERRED,
    "Complaint": EventKind.COMPLAINED,
    "Reject": EventKind.REFUSED,
    "Rendering Failure": EventKind.REFUSED,
    "Open": EventKind.OPENED,
    "Click": EventKind.CLICKED,
    "Subscription": EventKind.UNSUBSCRIBED,
}
# Of permanent bounces these say that there is no mailbox; "Suppressed" is SES' own list of such.
_NO_MAILBOX = frozenset({"General", "NoEmail", "Suppressed", "OnAccountSuppressionList"})


def _events(body: bytes) -> tuple[DeliveryEvent, ...]:
    reports = ((row, sns.message_of(row)) for row in rows_of(body))
    return tuple(_event(row, message) for row, message in reports if message is not None)


def _event(envelope: dict[str, Any], message: dict[str, Any]) -> DeliveryEvent:
    word = str(message.get("eventType") or message.get("notificationType"))
    mail = _object(message, "mail")
    return DeliveryEvent(
        provider="ses",
        event_id=str(envelope.get("MessageId", "")),
        kind=_bounced(_object(message, "bounce")) if word == "Bounce" else _kind(word),
        at=moment(envelope.get("Timestamp"), datetime.fromtimestamp(0, UTC)),
        delivery_id=delivery_of(_first(_object(mail, "tags").get("delivery"))),
        provider_id=str(mail.get("messageId", "")),
        detail=_words(message, word),
        raw=json.dumps(message),
    )


def _kind(word: str) -> EventKind:
    return _EVENTS.get(word, EventKind.UNKNOWN)


def _bounced(bounce: dict[str, Any]) -> EventKind:
    told = _first(bounce.get("bouncedRecipients"))
    row = told if isinstance(told, dict) else {}
    words = f"{row.get('status') or ''} {row.get('diagnosticCode') or ''}"
    if bounce.get("bounceType") != "Permanent":
        return EventKind.BOUNCED_SOFT
    by_words = bounce_kind(None, words)
    if words.strip() and by_words is not EventKind.REFUSED:
        return by_words
    bare = not words.strip() or words.strip().startswith("5.0.0")
    hard = bare and bounce.get("bounceSubType") in _NO_MAILBOX
    return EventKind.BOUNCED_HARD if hard else EventKind.REFUSED


def _words(message: dict[str, Any], word: str) -> str:
    told = _object(message, word.lower())
    rows = told.get("bouncedRecipients")
    first = _first(rows)
    diagnostic = first.get("diagnosticCode") if isinstance(first, dict) else None
    return str(diagnostic or told.get("smtpResponse") or told.get("complaintFeedbackType") or "")


def _object(value: dict[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _first(values: object) -> object:
    return values[0] if isinstance(values, list) and values else None


WEBHOOK = WebhookKind("ses", _PROOF, sns.verify, _events, sns.confirmation)
