"""Each vendor's own way to prove a report, with keys that are made here."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlencode

import pytest

from digest.sender.api.webhook import Webhook, WebhookForged

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LOGIN = "digest:canary-password"
SVIX = "whsec_" + b64encode(b"canary-secret-of-svix").decode()
HOOK = "https://news.example/hooks/mandrill"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:digest-events"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c3d4e5f.pem"
Sign = Callable[[bytes, datetime], Webhook]


@dataclass(frozen=True)
class Vendor:
    """A secret that proves a vendor's reports, another one, and how it signs.

    `covers_body` and `covers_time` say what its proof is about.
    """

    secret: str
    wrong: str
    sign: Sign
    covers_body: bool = True
    covers_time: bool = True


def vendor(name: str) -> Vendor:
    """Return how this vendor proves its reports."""
    if name in {"postmark", "brevo", "mailjet", "sparkpost", "mailtrap"}:
        return Vendor(LOGIN, LOGIN[:-4] + "aaaa", _basic, covers_body=False, covers_time=False)
    return _VENDORS[name]()


def _basic(body: bytes, at: datetime) -> Webhook:
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


def _mailersend(body: bytes, at: datetime) -> Webhook:
    said = json.dumps({"type": "activity", "data": json.loads(body)}).encode()
    signature = hmac.new(b"canary-key", said, sha256).hexdigest()
    return Webhook({"signature": signature}, said, at)


def _mandrill(body: bytes, at: datetime) -> Webhook:
    events = body.decode()
    said = urlencode({"mandrill_events": events}).encode()
    signed = f"{HOOK}mandrill_events{events}".encode()
    signature = b64encode(hmac.new(b"canary-key", signed, sha1).digest()).decode()
    return Webhook({"x-mandrill-signature": signature}, said, at, HOOK)


def _sendgrid() -> Vendor:
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    def public(key: Any) -> str:  # noqa: ANN401 - a key of any kind
        der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(der).decode()

    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def sign(body: bytes, at: datetime) -> Webhook:
        time = str(int(at.timestamp()))
        signature = key.sign(time.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
            "x-twilio-email-event-webhook-timestamp": time,
        }
        return Webhook(headers, body, at)

    return Vendor(public(key), public(other), sign)


class _Rsa(Protocol):
    def generate_private_key(self, public_exponent: int, key_size: int) -> RSAPrivateKey: ...


@lru_cache(maxsize=4)
def rsa_key(number: int) -> RSAPrivateKey:
    """Return one of a few keys; making one takes a tenth of a second."""
    del number
    rsa = cast("_Rsa", pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa"))
    return rsa.generate_private_key(65537, 2048)


def _postal() -> Vendor:
    key, other = rsa_key(1), rsa_key(2)
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    def public(one: RSAPrivateKey) -> str:
        der = one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(der).decode()

    def sign(body: bytes, at: datetime) -> Webhook:
        signature = key.sign(body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - Postal's
        return Webhook({"x-postal-signature": b64encode(signature).decode()}, body, at)

    return Vendor(public(key), public(other), sign, covers_time=False)


def sns_certificate(
    at: datetime, *, name: str = "sns.amazonaws.com", key: int = 1, days: int = 300
) -> bytes:
    """Return a certificate in PEM, valid from a day before `at`."""
    private = rsa_key(key)
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=days))
        .sign(private, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def sns_report(at: datetime, **more: str) -> dict[str, str]:
    """Return a signed report of SNS; `more` are its fields."""
    private = rsa_key(1)
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    report = {
        "Type": "Notification",
        "MessageId": "b7a3c0de",
        "TopicArn": TOPIC,
        "Timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
    } | more
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token"]
    names += ["TopicArn", "Type"]
    text = "".join(f"{one}\n{report[one]}\n" for one in names if one in report)
    digest = {"1": hashes.SHA1}.get(report["SignatureVersion"], hashes.SHA256)()
    signature = private.sign(text.encode(), padding.PKCS1v15(), digest)
    return report | {"Signature": b64encode(signature).decode()}


def sns_webhook(report: dict[str, str], at: datetime, pem: bytes | None = None) -> Webhook:
    """Return a report as it comes; the certificate stands at its address alone."""
    stands = sns_certificate(at) if pem is None else pem

    def fetch(address: str) -> bytes:
        if address != CERTIFICATE:
            raise WebhookForged(f"fetched {address}")
        return stands

    return Webhook({}, json.dumps(report).encode(), at, fetch=fetch)


def _ses(body: bytes, at: datetime) -> Webhook:
    return sns_webhook(sns_report(at, Message=body.decode()), at)


_VENDORS: dict[str, Callable[[], Vendor]] = {
    "resend": lambda: Vendor(SVIX, SVIX[:-4] + "aaaa", _resend),
    "mailgun": lambda: Vendor("canary-key", "canary-kez", _mailgun, covers_body=False),
    "mailersend": lambda: Vendor("canary-key", "canary-kez", _mailersend, covers_time=False),
    "mandrill": lambda: Vendor("canary-key", "canary-kez", _mandrill, covers_time=False),
    "sendgrid": _sendgrid,
    "postal": _postal,
    "ses": lambda: Vendor(TOPIC, TOPIC[:-1] + "z", _ses, covers_body=False),
}
