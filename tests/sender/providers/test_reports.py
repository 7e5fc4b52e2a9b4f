"""Every field of an event: what a provider's report says, and where the report says nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from digest.models.events import DeliveryEvent
from digest.models.events import EventKind as K
from digest.sender.api.webhook import WebhookUnreadable
from digest.sender.registry import WEBHOOKS
from tests.sender.providers.test_webhooks import NAMES, as_sent

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())
ISO = "2026-11-23T08:00:00+01:00"
EPOCH = datetime.fromtimestamp(0, UTC)
TAG = {"delivery": "7"}

# A row, and of its event: id, kind, the provider's id of the mail, the words.
FULL: list[tuple[str, dict[str, Any], tuple[str, K, str, str]]] = [
    ("postmark", {"RecordType": "Delivery", "MessageID": "m", "DeliveredAt": ISO, "Details": "Ok",
                  "Metadata": TAG}, (f"Delivery/m/{ISO}", K.DELIVERED, "m", "Ok")),
    ("postmark", {"RecordType": "Bounce", "MessageID": "m", "ID": 5, "Type": "HardBounce",
                  "BouncedAt": ISO, "Description": "gone", "Metadata": TAG},
     (f"Bounce/5/{ISO}", K.BOUNCED_HARD, "m", "gone")),
    ("postmark", {"RecordType": "Open", "MessageID": "m", "ReceivedAt": ISO, "Metadata": TAG},
     (f"Open/m/{ISO}", K.OPENED, "m", "")),
    ("postmark", {"RecordType": "SubscriptionChange", "MessageID": "m", "ChangedAt": ISO,
                  "SuppressSending": True, "SuppressionReason": "SpamComplaint", "Metadata": TAG},
     (f"SubscriptionChange/m/{ISO}", K.COMPLAINED, "m", "")),
    ("resend", {"type": "email.bounced", "created_at": ISO,
                "data": {"email_id": "m", "tags": TAG,
                         "bounce": {"type": "Permanent", "subType": "NoEmail",
                                    "message": "gone"}}},
     (f"email.bounced/m/{ISO}", K.BOUNCED_HARD, "m", "gone")),
    ("resend", {"type": "email.opened", "created_at": ISO,
                "data": {"email_id": "m", "tags": [{"name": "delivery", "value": "7"}]}},
     (f"email.opened/m/{ISO}", K.OPENED, "m", "")),
    ("mailgun", {"event": "failed", "id": "e", "severity": "permanent", "timestamp": SECONDS,
                 "user-variables": TAG, "delivery-status":
                 {"code": 550, "enhanced-code": "5.1.1", "message": "gone"}},
     ("e", K.BOUNCED_HARD, "", "550 5.1.1 gone")),
    ("mailgun", {"event": "failed", "id": "e", "severity": "permanent", "timestamp": SECONDS,
                 "user-variables": TAG, "reason": "suppress-unsubscribe"},
     ("e", K.UNSUBSCRIBED, "", "")),
    ("sendgrid", {"event": "bounce", "sg_event_id": "e", "timestamp": SECONDS, "status": "5.1.1",
                  "reason": "gone", "response": "other", "delivery": "7"},
     ("e", K.BOUNCED_HARD, "", "5.1.1 gone")),
    ("sendgrid", {"event": "delivered", "sg_event_id": "e", "timestamp": SECONDS,
                  "response": "250 Ok", "delivery": "7"}, ("e", K.DELIVERED, "", "250 Ok")),
    ("brevo", {"event": "soft_bounce", "message-id": "<m>", "ts_epoch": SECONDS * 1000,
               "reason": "full", "X-Mailin-custom": "7"},
     (f"soft_bounce/<m>/{SECONDS * 1000}", K.BOUNCED_SOFT, "<m>", "full")),
    ("mailjet", {"event": "bounce", "MessageID": 5, "time": SECONDS, "Payload": "7",
                 "error": "user unknown", "hard_bounce": True, "comment": "gone"},
     (f"bounce/5/{SECONDS}", K.BOUNCED_HARD, "5", "gone")),
    ("mailjet", {"event": "bounce", "MessageID": 5, "time": SECONDS, "Payload": "7",
                 "error": "quota exceeded"},
     (f"bounce/5/{SECONDS}", K.BOUNCED_SOFT, "5", "quota exceeded")),
    ("mailjet", {"event": "sent", "MessageID": 5, "time": SECONDS, "Payload": "7",
                 "smtp_reply": "250 Ok", "comment": "other"},
     (f"sent/5/{SECONDS}", K.DELIVERED, "5", "250 Ok")),
    ("sparkpost", {"type": "bounce", "event_id": "e", "timestamp": str(SECONDS),
                   "bounce_class": "10", "raw_reason": "550 gone", "reason": "gone",
                   "rcpt_meta": TAG}, ("e", K.BOUNCED_HARD, "", "550 gone")),
    ("sparkpost", {"type": "delay", "event_id": "e", "timestamp": ISO, "reason": "later",
                   "rcpt_meta": TAG}, ("e", K.DEFERRED, "", "later")),
    ("mailersend", {"type": "activity.soft_bounced", "id": "e", "created_at": ISO,
                    "email": {"tags": ["x", "delivery-7"], "message": {"id": "m"}},
                    "morph": {"readable_reason": "The mailbox is full", "reason": "full"}},
     ("e", K.BOUNCED_SOFT, "m", "The mailbox is full")),
    ("mailersend", {"type": "hard_bounced", "id": "e", "created_at": ISO,
                    "email": {"tags": "delivery-7"}, "morph": {"reason": "gone"}},
     ("e", K.BOUNCED_HARD, "", "gone")),
    ("mailtrap", {"event": "bounce", "event_id": "e", "timestamp": SECONDS, "message_id": "m",
                  "response_code": 550, "response": "5.1.1 gone", "reason": "other",
                  "custom_variables": TAG}, ("e", K.BOUNCED_HARD, "m", "5.1.1 gone")),
    ("mailtrap", {"event": "suspension", "event_id": "e", "timestamp": SECONDS,
                  "message_id": "m", "reason": "later", "custom_variables": TAG},
     ("e", K.DEFERRED, "m", "later")),
    ("mandrill", {"event": "hard_bounce", "_id": "m", "ts": SECONDS,
                  "msg": {"metadata": TAG, "diag": "550 gone", "bounce_description": "gone"}},
     (f"hard_bounce/m/{SECONDS}", K.BOUNCED_HARD, "m", "550 gone")),
    ("mandrill", {"event": "soft_bounce", "ts": SECONDS,
                  "msg": {"_id": "m", "metadata": TAG, "bounce_description": "full"}},
     (f"soft_bounce/m/{SECONDS}", K.BOUNCED_SOFT, "m", "full")),
    ("postal", {"uuid": "e", "timestamp": SECONDS, "payload":
                {"status": "HardFail", "output": "550 5.1.1 gone", "details": "other",
                 "message": {"id": 5, "tag": "delivery-7"}}},
     ("e", K.BOUNCED_HARD, "5", "550 5.1.1 gone")),
    ("postal", {"uuid": "e", "timestamp": SECONDS, "payload":
                {"status": "Held", "details": "held", "message": {"tag": "delivery-7"}}},
     ("e", K.ACCEPTED, "", "held")),
    ("postal", {"uuid": "e", "timestamp": SECONDS, "payload":
                {"bounce": {"id": 6}, "original_message": {"id": 5, "tag": "delivery-7"}}},
     ("e", K.BOUNCED_SOFT, "5", "")),
    ("postal", {"uuid": "e", "timestamp": SECONDS, "payload":
                {"url": "https://news.example", "message": {"id": 5, "tag": "delivery-7"}}},
     ("e", K.CLICKED, "5", "")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "row", "said"), FULL)
def test_a_report_is_read_in_full(
    name: str, row: dict[str, Any], said: tuple[str, K, str, str]
) -> None:
    """Each field from where the vendor puts it, of two texts the one that says more."""
    event_id, kind, provider_id, detail = said
    assert WEBHOOKS[name].events(as_sent(name, row)) == (
        DeliveryEvent(
            provider=name,
            event_id=event_id,
            kind=kind,
            at=AT,
            delivery_id=7,
            provider_id=provider_id,
            detail=detail,
            raw=json.dumps(row),
        ),
    )


_SES_MAIL = {"messageId": "m", "tags": {"delivery": ["7", "8"]}}
SES: list[tuple[dict[str, Any], K, str]] = [
    ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients":
      [{"diagnosticCode": "smtp; 550 5.1.1 gone"}]}}, K.BOUNCED_HARD, "smtp; 550 5.1.1 gone"),
    ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General",
      "bouncedRecipients": [{"status": "5.0.0"}]}}, K.BOUNCED_HARD, ""),
    ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General",
      "bouncedRecipients": [{"status": "5.3.0"}]}}, K.REFUSED, ""),
    ({"notificationType": "Delivery", "delivery": {"smtpResponse": "250 Ok"}}, K.DELIVERED,
     "250 Ok"),
    ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}}, K.COMPLAINED,
     "abuse"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "kind", "detail"), SES)
def test_a_report_of_ses_is_read_in_full(message: dict[str, Any], kind: K, detail: str) -> None:
    """Id and time are those of the envelope, everything else is in the message."""
    message = {**message, "mail": _SES_MAIL}
    envelope = {
        "Type": "Notification",
        "MessageId": "e",
        "Timestamp": "2026-11-23T07:00:00.000Z",
        "Message": json.dumps(message),
    }
    (event,) = WEBHOOKS["ses"].events(json.dumps(envelope).encode())
    assert event == DeliveryEvent(
        provider="ses",
        event_id="e",
        kind=kind,
        at=AT,
        delivery_id=7,
        provider_id="m",
        detail=detail,
        raw=json.dumps(message),
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_report_that_says_nothing_is_an_unknown_event(name: str) -> None:
    """Of nobody, at the beginning of 1970, without words: nothing is made up."""
    (event,) = WEBHOOKS[name].events(as_sent(name, {"x": 1}))
    assert event.kind is K.UNKNOWN
    assert event.at == EPOCH
    assert (event.delivery_id, event.provider_id, event.detail) == (None, "", "")
    assert event.single_mail_id is None
    ids = {"postmark": "//", "resend": "//", "brevo": "//None", "mailjet": "//None",
           "mandrill": "//None", "ses": "m"}  # fmt: skip
    assert event.event_id == ids.get(name, "")


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("sparkpost", b'[{"msys": {"message_event": 7}}]', "an event is no object"),
        ("sparkpost", b'[{"msys": [7]}]', "an event is no object"),
        ("postal", b"[7]", "an event is no object"),
        ("mandrill", b"other=1", "no field of events"),
        ("mailtrap", b"{}", "no JSON of the form that is documented"),
        ("postal", b"{", "no JSON of the form that is documented"),
    ],
)
def test_a_report_that_cannot_be_read_says_why(name: str, body: bytes, why: str) -> None:
    """The newsroom finds it in its log, with the vendor's name."""
    with pytest.raises(WebhookUnreadable) as refused:
        WEBHOOKS[name].events(body)
    assert str(refused.value) == why
