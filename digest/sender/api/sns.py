"""Amazon SNS' reports: signed by a certificate of Amazon's, for one topic that the operator names.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html, read in November
2026. The certificate stands at an address in the report. It is fetched over TLS, and only from a
host of SNS in the topic's region; it must be SNS' own and valid now. A report of any other topic is
refused. A subscription is confirmed only for the topic that the operator named.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

from digest.errors import ConfigError
from digest.sender.api.webhook import (
    Webhook,
    WebhookForged,
    WebhookUnreadable,
    require_recent,
    rows_of,
    same,
)

_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]{4,30}):\d{12}:[\w.-]{1,256}")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-f]{8,64}\.pem")
_SUBJECT = re.compile(r"sns(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


def verify(webhook: Webhook, topic: str) -> None:
    """Require a report of that topic, signed by SNS within five minutes of now."""
    report = _report(webhook.body)
    if not _TOPIC.fullmatch(topic):
        raise ConfigError("it is no ARN of an SNS topic", where="DIGEST_SES_WEBHOOK")
    if not same(str(report.get("TopicArn", "")), topic):
        raise WebhookForged("another topic")
    at = _moment(report.get("Timestamp"))
    require_recent(str(int(at.timestamp())), webhook.at)
    address = str(report.get("SigningCertURL", ""))
    parts = urlsplit(address)
    if not _is_of_sns(address, topic) or not _CERTIFICATE.fullmatch(parts.path) or parts.query:
        raise WebhookForged("its certificate is not Amazon's")
    if webhook.fetch is None:
        raise WebhookForged("its certificate cannot be fetched")
    _require_signature(report, webhook.fetch(address), webhook.at)


def confirmation(body: bytes) -> str:
    """Return the address that confirms the subscription to a proved topic; "" if none is asked."""
    report = _report(body)
    if report.get("Type") != "SubscriptionConfirmation":
        return ""
    address, topic = str(report.get("SubscribeURL", "")), str(report.get("TopicArn", ""))
    asked = parse_qs(urlsplit(address).query)
    right = asked.get("Action") == ["ConfirmSubscription"] and asked.get("TopicArn") == [topic]
    return address if right and _is_of_sns(address, topic) else ""


def message_of(report: dict[str, Any]) -> dict[str, Any] | None:
    """Return the message of a notification; None for other reports, and for a test of the topic."""
    if report.get("Type") != "Notification":
        return None
    try:
        found = json.loads(str(report.get("Message", "")))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _report(body: bytes) -> dict[str, Any]:
    try:
        (report,) = rows_of(body)
    except (WebhookUnreadable, ValueError):
        raise WebhookForged("no report of SNS") from None
    return report


def _moment(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise WebhookForged("no time") from None
    if at.tzinfo is None:
        raise WebhookForged("no time")
    return at


def _is_of_sns(address: str, topic: str) -> bool:
    """Whether an address is https and of SNS' host in the topic's region."""
    named = _TOPIC.fullmatch(topic)
    parts = urlsplit(address)
    if named is None or parts.scheme != "https":
        return False
    host = f"sns.{named.group(1)}.amazonaws.com"
    return parts.netloc in {host, f"{host}.cn"}


def _require_signature(report: dict[str, Any], pem: bytes, at: datetime) -> None:
    try:
        from cryptography import x509
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
    except ImportError:
        raise ConfigError(
            "SNS' signatures cannot be checked without cryptography",
            where="DIGEST_SES_WEBHOOK",
            fix='Install it: pip install "digest[dkim]".',
        ) from None
    names = _SIGNED.get(str(report.get("Type")))
    version = {"1": hashes.SHA1, "2": hashes.SHA256}.get(str(report.get("SignatureVersion")))
    if names is None or version is None:
        raise WebhookForged("no report that is known")
    text = "".join(f"{name}\n{report[name]}\n" for name in names if report.get(name) is not None)
    try:
        chain = x509.load_pem_x509_certificates(pem)
        _require_own(chain, at)
        key = chain[0].public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise WebhookForged("its certificate is not Amazon's")
        signature = b64decode(str(report.get("Signature", "")), validate=True)
        key.verify(signature, text.encode(), padding.PKCS1v15(), version())
    except (InvalidSignature, ValueError, TypeError):
        raise WebhookForged("no valid signature") from None


def _require_own(chain: list[Any], at: datetime) -> None:
    """Require SNS' certificate, valid now, and each one signed by the next where there are more."""
    from cryptography.x509.oid import NameOID

    first = chain[0]
    subjects = [one.value for one in first.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if not any(_SUBJECT.fullmatch(str(one)) for one in subjects):
        raise WebhookForged("its certificate is not Amazon's")
    if not all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in chain):
        raise WebhookForged("its certificate is not valid now")
    for one, issuer in pairwise(chain):
        one.verify_directly_issued_by(issuer)
