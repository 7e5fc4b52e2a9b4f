"""Reports of providers: forged ones are refused, good ones are read into events."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.models.events import EventKind as K
from digest.sender.api.webhook import (
    Webhook,
    WebhookForged,
    WebhookUnreadable,
    bounce_kind,
    delivery_of,
)
from digest.sender.registry import WEBHOOKS

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LOGIN = "digest:canary-password"
SVIX = "whsec_" + b64encode(b"canary-secret-of-svix").decode()
Sign = Callable[[bytes, datetime], Webhook]


def _postmark(body: bytes, at: datetime) -> Webhook:
    return Webhook({"authorization": f"Basic {b64encode(LOGIN.encode()).decode()}"}, body, at)


def _resend(body: bytes, at: datetime) -> Webhook:
    time = str(int(at.timestamp()))
    key = b"canary-secret-of-svix"
    signature = hmac.new(key, f"msg_1.{time}.".encode() + body, sha256).digest()
    signed = f"v1,bm90IHRoaXM= v1,{b64encode(signature).decode()}"
    headers = {"svix-id": "msg_1", "svix-timestamp": time, "svix-signature": signed}
    return Webhook(headers, body, at)


def _mailgun(body: bytes, at: datetime) -> Webhook:
    time = str(int(at.timestamp()))
    signature = hmac.new(b"canary-key", f"{time}token".encode(), sha256).hexdigest()
    proof = {"timestamp": time, "token": "token", "signature": signature}
    said = {"signature": proof, "event-data": json.loads(body)}
    return Webhook({}, json.dumps(said).encode(), at)


def _sendgrid_keys() -> tuple[str, Sign]:
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(body: bytes, at: datetime) -> Webhook:
        time = str(int(at.timestamp()))
        signature = key.sign(time.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
            "x-twilio-email-event-webhook-timestamp": time,
        }
        return Webhook(headers, body, at)

    return b64encode(public).decode(), sign


def signer(name: str) -> tuple[str, Sign]:
    if name == "sendgrid":
        return _sendgrid_keys()
    return {
        "postmark": (LOGIN, _postmark),
        "resend": (SVIX, _resend),
        "mailgun": ("canary-key", _mailgun),
    }[name]


DELIVERED: dict[str, Any] = {
    "postmark": {"RecordType": "Delivery", "MessageID": "m", "Metadata": {"delivery": "7"}},
    "resend": {"type": "email.delivered", "data": {"email_id": "m", "tags": {"delivery": "7"}}},
    "mailgun": {"event": "delivered", "id": "e", "user-variables": {"delivery": "7"}},
    "sendgrid": [{"event": "delivered", "sg_event_id": "e", "delivery": "7"}],
}
NAMES = sorted(DELIVERED)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_with_a_proof_is_read(name: str) -> None:
    """It names our delivery, and the same report has the same event id."""
    kind, (secret, sign) = WEBHOOKS[name], signer(name)
    webhook = sign(json.dumps(DELIVERED[name]).encode(), AT)
    kind.verify(webhook, secret)
    (event,) = kind.events(webhook.body)
    assert (event.provider, event.kind, event.delivery_id) == (name, K.DELIVERED, 7)
    assert event.event_id
    assert kind.events(webhook.body) == (event,)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("forgery", ["secret", "no headers", "empty", "body", "late", "early"])
def test_a_forged_report_is_refused(name: str, forgery: str) -> None:
    """Another secret, no proof, another body, or a time that is not now."""
    kind, (secret, sign) = WEBHOOKS[name], signer(name)
    webhook = sign(json.dumps(DELIVERED[name]).encode(), AT)
    basic = name == "postmark"
    if forgery == "secret":
        secret = _sendgrid_keys()[0] if name == "sendgrid" else secret[:-4] + "aaaa"
    elif forgery == "no headers":
        webhook = Webhook({}, b"{}", AT)
    elif forgery == "empty":
        webhook = replace(webhook, headers=dict.fromkeys(webhook.headers, ""), body=b"")
    elif forgery == "body":
        if basic or name == "mailgun":
            pytest.skip("its proof does not cover the events")
        webhook = replace(webhook, body=webhook.body + b" ")
    else:
        if basic:
            pytest.skip("its proof has no time")
        away = timedelta(seconds=301 if forgery == "late" else -301)
        webhook = replace(webhook, at=AT + away)
    with pytest.raises(WebhookForged) as refused:
        kind.verify(webhook, secret)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "event",
                            "event-data",
                            "data",
                            "tags",
                            "type",
                            "bounce",
                            "Metadata",
                            "RecordType",
                            "delivery",
                            "delivery-status",
                            "timestamp",
                            "user-variables",
                            "created_at",
                            "Type",
                        ]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_no_payload_crashes_a_reader(name: str, body: bytes) -> None:
    """Whatever holds a proof is read into events, or refused as unreadable."""
    try:
        events = WEBHOOKS[name].events(body)
    except WebhookUnreadable:
        return
    assert all(event.provider == name for event in events)


MEANINGS: list[tuple[str, Any, K]] = [
    ("postmark", {"RecordType": "Bounce", "Type": "HardBounce"}, K.BOUNCED_HARD),
    ("postmark", {"RecordType": "Bounce", "Type": "SoftBounce"}, K.BOUNCED_SOFT),
    ("postmark", {"RecordType": "Bounce", "Type": "DMARCPolicy"}, K.REFUSED),
    ("postmark", {"RecordType": "Bounce", "Type": "Novelty"}, K.UNKNOWN),
    ("postmark", {"RecordType": "SpamComplaint"}, K.COMPLAINED),
    ("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": True,
                  "SuppressionReason": "ManualSuppression", "Origin": "Recipient"}, K.UNSUBSCRIBED),
    ("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": False}, K.UNKNOWN),
    ("resend", {"type": "email.bounced", "data": {"bounce": {"type": "Permanent"}}},
     K.BOUNCED_HARD),
    ("resend", {"type": "email.bounced", "data": {"bounce": {"type": "Transient"}}},
     K.BOUNCED_SOFT),
    ("resend", {"type": "email.complained", "data": {}}, K.COMPLAINED),
    ("resend", {"type": "email.tomorrow", "data": {}}, K.UNKNOWN),
    ("mailgun", {"event": "failed", "severity": "temporary"}, K.DEFERRED),
    ("mailgun", {"event": "failed", "severity": "permanent", "reason": "bounce",
                 "delivery-status": {"code": 550, "message": "5.1.1 nobody"}}, K.BOUNCED_HARD),
    ("mailgun", {"event": "failed", "severity": "permanent", "reason": "bounce",
                 "delivery-status": {"code": 550, "message": "5.7.1 spam"}}, K.REFUSED),
    ("mailgun", {"event": "failed", "severity": "permanent", "reason": "suppress-complaint"},
     K.COMPLAINED),
    ("sendgrid", [{"event": "bounce", "type": "bounce", "status": "5.1.1"}], K.BOUNCED_HARD),
    ("sendgrid", [{"event": "bounce", "type": "blocked", "status": "5.1.1"}], K.REFUSED),
    ("sendgrid", [{"event": "bounce", "type": "bounce", "reason": "552 5.2.2 full"}],
     K.BOUNCED_SOFT),
    ("sendgrid", [{"event": "group_unsubscribe"}], K.UNSUBSCRIBED),
]  # fmt: skip


@pytest.mark.parametrize(("name", "row", "kind"), MEANINGS)
def test_what_a_report_means(name: str, row: Any, kind: K) -> None:  # noqa: ANN401 - JSON
    """A word that is not known is unknown, and never a bounce."""
    body = json.dumps({"event-data": row} if name == "mailgun" else row).encode()
    (event,) = WEBHOOKS[name].events(body)
    assert event.kind is kind


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        (550, "5.1.1 user unknown", K.BOUNCED_HARD),
        (550, "5.1.10 null MX", K.REFUSED),
        (553, "5.1.8 sender's domain", K.REFUSED),
        (552, "5.2.2 full", K.BOUNCED_SOFT),
        (450, "4.1.1 try later", K.BOUNCED_SOFT),
        (550, "5.7.1 blocked by policy", K.REFUSED),
        (550, "no code at all", K.REFUSED),
        (None, "", K.REFUSED),
    ],
)
def test_only_the_mailboxs_name_is_hard(code: object, words: str, kind: K) -> None:
    """Policy and content never say anything of a reader."""
    assert bounce_kind(code, words) is kind


@pytest.mark.parametrize("text", ["single-7", "", "7.0", "-7", "\u0667", None, "9" * 30])
def test_a_reference_that_is_no_delivery(text: object) -> None:
    """A single mail's, or anything that somebody made up."""
    assert delivery_of(text) is None
