"""Reports of providers: forged ones are refused, good ones are read into events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

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
from tests.sender.providers.signing import (
    CERTIFICATE,
    TOPIC,
    sns_certificate,
    sns_report,
    sns_webhook,
    vendor,
)

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

_SPARKPOST = {"type": "delivery", "event_id": "e", "rcpt_meta": {"delivery": "7"}}
DELIVERED: dict[str, Any] = {
    "postmark": {"RecordType": "Delivery", "MessageID": "m", "Metadata": {"delivery": "7"}},
    "resend": {"type": "email.delivered", "data": {"email_id": "m", "tags": {"delivery": "7"}}},
    "mailgun": {"event": "delivered", "id": "e", "user-variables": {"delivery": "7"}},
    "sendgrid": [{"event": "delivered", "sg_event_id": "e", "delivery": "7"}],
    "ses": {"eventType": "Delivery", "mail": {"messageId": "m", "tags": {"delivery": ["7"]}}},
    "brevo": {"event": "delivered", "message-id": "<m>", "X-Mailin-custom": "7", "ts_epoch": 1000},
    "mailjet": [{"event": "sent", "MessageID": 5, "Payload": "7", "time": 1000}],
    "sparkpost": [{"msys": {"message_event": _SPARKPOST}}, {"msys": {}}],
    "mailersend": {"type": "delivered", "id": "e", "email": {"tags": ["x", "delivery-7"]}},
    "mailtrap": {
        "events": [{"event": "delivery", "event_id": "e", "custom_variables": {"delivery": "7"}}]
    },
    "mandrill": [{"event": "send", "_id": "m", "ts": 1, "msg": {"metadata": {"delivery": "7"}}}],
    "postal": {"uuid": "e", "payload": {"status": "Sent", "message": {"tag": "delivery-7"}}},
}
NAMES = sorted(DELIVERED)


def test_every_provider_with_webhooks_is_tried_here() -> None:
    """A new one brings its proof and its payload."""
    assert sorted(WEBHOOKS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_report_with_a_proof_is_read(name: str) -> None:
    """It names our delivery, and the same report has the same event id."""
    kind, theirs = WEBHOOKS[name], vendor(name)
    webhook = theirs.sign(json.dumps(DELIVERED[name]).encode(), AT)
    kind.verify(webhook, theirs.secret)
    (event,) = kind.events(webhook.body)
    assert (event.provider, event.kind, event.delivery_id) == (name, K.DELIVERED, 7)
    assert event.event_id
    assert kind.events(webhook.body) == (event,)


REASONS = {
    "no valid login",
    "no valid signature",
    "no signature",
    "no time",
    "from another time",
    "another topic",
    "no report of SNS",
}
FORGERIES = ["secret", "no headers", "empty", "body", "late", "early", "not JSON", "a list"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_report_is_refused(name: str, forgery: str) -> None:
    """Another secret, no proof, another body, or a time that is not now."""
    kind, theirs = WEBHOOKS[name], vendor(name)
    secret, webhook = theirs.secret, theirs.sign(json.dumps(DELIVERED[name]).encode(), AT)
    away = {"late": timedelta(seconds=301), "early": timedelta(seconds=-301)}
    if forgery in away and not theirs.covers_time:
        pytest.skip("its proof has no time")
    if forgery == "body" and not theirs.covers_body:
        pytest.skip("its proof does not cover the bytes of the body")
    match forgery:
        case "secret":
            secret = theirs.wrong
        case "no headers":
            webhook = Webhook({}, b"{}", AT)
        case "empty":
            webhook = replace(webhook, headers=dict.fromkeys(webhook.headers, ""), body=b"")
        case "body":
            webhook = replace(webhook, body=webhook.body + b"&x=1 ")
        case "not JSON":
            webhook = Webhook({}, b"\xff\x00<xml>", AT)
        case "a list":
            webhook = Webhook({}, b"[[], 7, null]", AT)
        case _:
            webhook = replace(webhook, at=AT + away[forgery])
    with pytest.raises(WebhookForged) as refused:
        kind.verify(webhook, secret)
    assert str(refused.value) in REASONS
    if forgery in away:
        assert str(refused.value) == "from another time"


SNS_FORGERIES: dict[str, dict[str, str]] = {
    "another host": {"SigningCertURL": CERTIFICATE.replace("amazonaws.com", "evil.example")},
    "another region": {"SigningCertURL": CERTIFICATE.replace("eu-west-1", "us-east-1")},
    "a host before it": {"SigningCertURL": CERTIFICATE.replace("sns.", "evil.example/sns.")},
    "a login in it": {"SigningCertURL": CERTIFICATE.replace("https://", "https://sns@evil@")},
    "plain http": {"SigningCertURL": CERTIFICATE.replace("https", "http")},
    "another path": {"SigningCertURL": CERTIFICATE.replace("Simple", "Evil")},
    "a query": {"SigningCertURL": CERTIFICATE + "?x=1"},
    "another topic": {"TopicArn": TOPIC + "2"},
    "another version": {"SignatureVersion": "3"},
    "another type": {"Type": "Novelty"},
    "no time": {"Timestamp": "yesterday"},
    "a time of nowhere": {"Timestamp": AT.replace(tzinfo=None).isoformat()},
}
SNS_REASONS = {
    "another topic": "another topic",
    "another version": "no report that is known",
    "another type": "no report that is known",
    "no time": "no time",
    "a time of nowhere": "no time",
}


@pytest.mark.parametrize("forgery", list(SNS_FORGERIES))
def test_sns_is_pinned(forgery: str) -> None:
    """Signed well, and yet not by Amazon's certificate for our topic."""
    webhook = sns_webhook(sns_report(AT, Message="{}", **SNS_FORGERIES[forgery]), AT)
    with pytest.raises(WebhookForged) as refused:
        WEBHOOKS["ses"].verify(webhook, TOPIC)
    reason = SNS_REASONS.get(forgery, "its certificate is not Amazon's")
    assert str(refused.value) == reason


@pytest.mark.parametrize("field", ["Message", "MessageId", "Timestamp"])
def test_each_signed_field_of_sns_counts(field: str) -> None:
    """Changed after it was signed: refused."""
    report = sns_report(AT, Message="{}")
    report[field] = "2026-11-23T07:00:01.000Z" if field == "Timestamp" else "other"
    with pytest.raises(WebhookForged):
        WEBHOOKS["ses"].verify(sns_webhook(report, AT), TOPIC)


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        (sns_certificate(AT, name="evil.example"), "its certificate is not Amazon's"),
        (sns_certificate(AT, key=2), "no valid signature"),
        (sns_certificate(AT - timedelta(days=9), days=3), "its certificate is not valid now"),
        (sns_certificate(AT) + sns_certificate(AT, key=2), "no valid signature"),
        (b"no certificate", "no valid signature"),
    ],
    ids=["another name", "another key", "expired", "a chain that does not hold", "none"],
)
def test_a_certificate_that_is_not_amazons(certificate: bytes, reason: str) -> None:
    """Its name, its key, its time and its chain have to be right."""
    webhook = sns_webhook(sns_report(AT, Message="{}"), AT, certificate)
    with pytest.raises(WebhookForged) as refused:
        WEBHOOKS["ses"].verify(webhook, TOPIC)
    assert str(refused.value) == reason


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_versions_of_sns_signatures(version: str) -> None:
    """SHA-1 and SHA-256, with a subject or without."""
    for more in ({}, {"Subject": "Amazon SES Email Event Notification"}):
        report = sns_report(AT, Message="{}", SignatureVersion=version, **more)
        WEBHOOKS["ses"].verify(sns_webhook(report, AT), TOPIC)


def _subscription(address: str) -> bytes:
    report = sns_report(
        AT, Type="SubscriptionConfirmation", Message="You chose", Token="t", SubscribeURL=address
    )
    webhook = sns_webhook(report, AT)
    WEBHOOKS["ses"].verify(webhook, TOPIC)
    assert WEBHOOKS["ses"].events(webhook.body) == ()
    return webhook.body


CONFIRM = (
    f"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t"
)


@pytest.mark.parametrize(
    ("address", "confirmed"),
    [
        (CONFIRM, True),
        (CONFIRM.replace("ConfirmSubscription", "Unsubscribe"), False),
        (CONFIRM.replace("amazonaws.com", "evil.example"), False),
        (CONFIRM.replace(TOPIC, TOPIC + "2"), False),
        (CONFIRM.replace("https", "http"), False),
    ],
)
def test_a_subscription_is_confirmed_for_our_topic_alone(address: str, *, confirmed: bool) -> None:
    """The address that is fetched is of SNS, and names our topic."""
    confirmation = WEBHOOKS["ses"].confirmation
    assert confirmation is not None
    assert confirmation(_subscription(address)) == (address if confirmed else "")
    notification = sns_webhook(sns_report(AT, Message="{}", SubscribeURL=CONFIRM), AT)
    assert confirmation(notification.body) == ""


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
                            "Message",
                            "MessageId",
                            "mail",
                            "msys",
                            "email",
                            "morph",
                            "events",
                            "msg",
                            "payload",
                            "message",
                            "tag",
                            "bouncedRecipients",
                            "custom_variables",
                            "rcpt_meta",
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
    ("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": True,
                  "SuppressionReason": "ManualSuppression", "Origin": "Admin"}, K.UNKNOWN),
    ("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": True,
                  "SuppressionReason": "HardBounce"}, K.BOUNCED_HARD),
    ("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": False}, K.UNKNOWN),
    ("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": False,
                  "SuppressionReason": "ManualSuppression", "Origin": "Recipient"}, K.UNKNOWN),
    ("postmark", {"RecordType": "Delivery", "SuppressSending": True}, K.DELIVERED),
    ("resend", {"type": "email.bounced", "data": {"bounce": {"type": "Permanent"}}},
     K.BOUNCED_HARD),
    ("resend", {"type": "email.bounced", "data": {"bounce": {"type": "Transient"}}},
     K.BOUNCED_SOFT),
    ("resend", {"type": "email.bounced",
                "data": {"bounce": {"type": "Permanent", "subType": "ContentRejected"}}},
     K.REFUSED),
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
    ("sendgrid", [{"event": "dropped", "reason": "Bounced Address"}], K.BOUNCED_HARD),
    ("sendgrid", [{"event": "dropped", "reason": "Spam Content"}], K.REFUSED),
    ("ses", {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType":
             "General", "bouncedRecipients": [{"status": "5.1.1"}]}}, K.BOUNCED_HARD),
    ("ses", {"notificationType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType":
             "General", "bouncedRecipients": [{"diagnosticCode": "smtp; 550 5.7.1 spam"}]}},
     K.REFUSED),
    ("ses", {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType":
             "Suppressed"}}, K.BOUNCED_HARD),
    ("ses", {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType":
             "ContentRejected"}}, K.REFUSED),
    ("ses", {"eventType": "Bounce", "bounce": {"bounceType": "Transient"}}, K.BOUNCED_SOFT),
    ("ses", {"eventType": "Complaint", "complaint": {}}, K.COMPLAINED),
    ("ses", {"eventType": "DeliveryDelay"}, K.DEFERRED),
    ("ses", {"eventType": "Tomorrow"}, K.UNKNOWN),
    ("brevo", {"event": "hard_bounce"}, K.BOUNCED_HARD),
    ("brevo", {"event": "soft_bounce"}, K.BOUNCED_SOFT),
    ("brevo", {"event": "blocked"}, K.REFUSED),
    ("brevo", {"event": "unsubscribed"}, K.UNSUBSCRIBED),
    ("mailjet", {"event": "bounce", "hard_bounce": True, "error": "user unknown"}, K.BOUNCED_HARD),
    ("mailjet", {"event": "bounce", "hard_bounce": True, "error": "content blocked"}, K.REFUSED),
    ("mailjet", {"event": "bounce", "hard_bounce": False, "error": "quota exceeded"},
     K.BOUNCED_SOFT),
    *(("mailjet", {"event": "bounce", "hard_bounce": True, "error": error}, K.BOUNCED_HARD)
      for error in ("mailbox inactive", "invalid domain", "no mail host")),
    *(("mailjet", {"event": "bounce", "hard_bounce": hard, "error": error}, K.REFUSED)
      for error in ("sender blocked", "policy issue", "relay/access denied")
      for hard in (True, False)),
    ("mailjet", {"event": "bounce", "hard_bounce": True, "error": "greylisted"}, K.BOUNCED_SOFT),
    ("mailjet", {"event": "blocked", "error": "greylisted"}, K.DEFERRED),
    ("mailjet", {"event": "blocked", "error": "preblocked"}, K.REFUSED),
    ("mailjet", {"event": "unsub"}, K.UNSUBSCRIBED),
    ("sparkpost", {"type": "bounce", "bounce_class": "10"}, K.BOUNCED_HARD),
    ("sparkpost", {"type": "bounce", "bounce_class": "22"}, K.BOUNCED_SOFT),
    ("sparkpost", {"type": "out_of_band", "bounce_class": "51"}, K.REFUSED),
    ("sparkpost", {"type": "bounce", "bounce_class": "60"}, K.UNKNOWN),
    ("sparkpost", {"type": "list_unsubscribe"}, K.UNSUBSCRIBED),
    ("sparkpost", {"type": "spam_complaint"}, K.COMPLAINED),
    ("mailersend", {"type": "hard_bounced"}, K.BOUNCED_HARD),
    ("mailersend", {"type": "activity.spam_complaint"}, K.COMPLAINED),
    ("mailersend", {"type": "unsubscribed"}, K.UNSUBSCRIBED),
    ("mailtrap", {"event": "bounce", "response_code": 550, "response": "5.1.1 who"},
     K.BOUNCED_HARD),
    ("mailtrap", {"event": "bounce", "response_code": 550, "response": "5.7.1 spam"}, K.REFUSED),
    ("mailtrap", {"event": "soft bounce"}, K.DEFERRED),
    ("mailtrap", {"event": "spam"}, K.COMPLAINED),
    ("mandrill", [{"event": "hard_bounce"}], K.BOUNCED_HARD),
    ("mandrill", [{"event": "soft_bounce"}], K.BOUNCED_SOFT),
    ("mandrill", [{"event": "reject"}], K.REFUSED),
    ("mandrill", [{"event": "unsub"}], K.UNSUBSCRIBED),
    ("postal", {"payload": {"status": "HardFail", "output": "550 5.1.1 who"}}, K.BOUNCED_HARD),
    ("postal", {"payload": {"status": "HardFail", "output": "554 5.7.1 spam"}}, K.REFUSED),
    ("postal", {"payload": {"status": "SoftFail"}}, K.DEFERRED),
    ("postal", {"payload": {"bounce": {}, "original_message": {}}}, K.BOUNCED_SOFT),
]  # fmt: skip


def as_sent(name: str, row: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return a row in the envelope that its vendor sends it in."""
    text = json.dumps(row)
    if name == "mandrill":
        return urlencode({"mandrill_events": text}).encode()
    envelopes: dict[str, object] = {
        "mailgun": {"event-data": row},
        "ses": {"Type": "Notification", "MessageId": "m", "Message": text},
        "sparkpost": [{"msys": {"message_event": row}}],
        "mailersend": {"data": row},
        "mailtrap": {"events": [row]},
    }
    return json.dumps(envelopes.get(name, row)).encode()


@pytest.mark.parametrize(("name", "row", "kind"), MEANINGS)
def test_what_a_report_means(name: str, row: Any, kind: K) -> None:  # noqa: ANN401 - JSON
    """A word that is not known is unknown, and never a bounce."""
    (event,) = WEBHOOKS[name].events(as_sent(name, row))
    assert event.kind is kind


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        (550, "5.1.1 user unknown", K.BOUNCED_HARD),
        (550, "5.1.10 null MX", K.BOUNCED_HARD),
        (550, "5.1.8 bad sender", K.REFUSED),
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
