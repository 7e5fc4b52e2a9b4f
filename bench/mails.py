"""The mails that the sending benches send: one variant with holes, joined for each reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from digest.mail import CompiledMessage, ListHeaders, compile_message, name_message
from digest.mail.dkim import Signer
from digest.models.compositions import Rendered
from digest.models.mails import Message, Recipient

Compose = Callable[[Recipient], Message]


def issue(size: int) -> Rendered:
    """Return a variant whose mails weigh `size` bytes on the wire, within one story."""
    stories = 1
    while (missing := size - _weight(stories)) > 0:
        stories += max(1, missing // _weight_of_a_story())
    return _variant(stories)


def _weight(stories: int) -> int:
    compiled = compile_message(_variant(stories), list_headers())
    return len(composer(compiled)(recipient(1)).data)


def _weight_of_a_story() -> int:
    return _weight(101) // 100


def _variant(number: int) -> Rendered:
    card = (
        '<tr><td style="padding:12px 24px;font:16px/24px Georgia,serif;color:#222222">'
        '<a href="https://news.example/story/{0}" style="color:#0b3d91">Headline number {0}</a>'
        "<br>A sentence or two that say what happened, where, and why it matters.</td></tr>\n"
    )
    stories = "".join(card.format(1000 + one) for one in range(number))
    html = (
        '<!doctype html><html lang="en"><head><title>Issue</title></head><body><table>\n'
        f'{stories}</table><p><a href="holeunsubscribe">Unsubscribe</a> '
        '<a href="holepreferences">Preferences</a> <a href="holeview">View</a></p></body></html>\n'
    )
    text = "Headlines\n\n" + "* A headline\n" * 40 + "\nUnsubscribe: holeunsubscribe\n"
    holes = {
        "holeunsubscribe": "unsubscribe_url",
        "holepreferences": "preferences_url",
        "holeview": "view_url",
    }
    return Rendered("all", "en", "The morning's news, and what it means", html, text, holes)


def list_headers() -> ListHeaders:
    """Return the headers that any list mail carries."""
    return ListHeaders(
        "Example News <digest@news.example>",
        datetime(2026, 11, 23, 7, tzinfo=UTC),
        "daily.news.example",
        list_title="Daily briefing",
        feedback_id="20261123:daily:digest:news",
    )


def recipient(number: int) -> Recipient:
    """Return the n-th reader."""
    name = f"Reader {number}"
    return Recipient(number, number, f"p{number:08d}", f"reader{number}@inbox.example", name, "all")


def values(public_id: str) -> dict[str, str]:
    """Return a reader's links, as long as signed ones are."""
    token = f"{public_id}.{'s' * 60}"
    base = "https://digest.news.example"
    return {
        "unsubscribe_url": f"{base}/u/{token}?issue=daily",
        "preferences_url": f"{base}/p/{token}",
        "view_url": f"{base}/v/{token}?i=1&v=all",
    }


def composer(compiled: CompiledMessage, signer: Signer | None = None) -> Compose:
    """Return what joins a reader's mail, and signs it if there is a signer."""

    def compose(who: Recipient) -> Message:
        message_id = name_message("daily/2026-11-23", who.public_id, "news.example")
        data = compiled.join(values(who.public_id), who.addr_spec, who.name, message_id)
        if signer is not None:
            data = signer.sign(data, 1_795_417_200) + data
        return Message(
            who.delivery_id, "bounce@news.example", who.addr_spec, message_id, data, dotless=True
        )

    return compose


def email_message(rendered: Rendered, who: Recipient) -> bytes:
    """Return a reader's mail as most Python senders make it: an EmailMessage, anew for each."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Example News <digest@news.example>"
    mail["To"] = f"{who.name} <{who.addr_spec}>"
    mail["Subject"] = rendered.subject
    own = values(who.public_id)
    text, html = rendered.text, rendered.html
    for token, name in rendered.holes.items():
        text, html = text.replace(token, own[name]), html.replace(token, own[name])
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def signers() -> dict[str, Signer]:
    """Return a signer of each kind, with a key made now."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    keys: dict[str, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey] = {
        "RSA-2048": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    return {
        name: Signer(
            "news.example",
            "bench",
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            where="bench",
        )
        for name, key in keys.items()
    }
