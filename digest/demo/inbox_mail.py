"""Received bytes → what the inbox shows of them. Reads anything, trusts nothing, never raises."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses

from selectolax.lexbor import LexborHTMLParser

from digest.demo.receiver import ReceivedMail
from digest.web.viewer import HeaderLine

_PADDING = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2007\ufeff\u00a0\\s]+")
_HIDDEN = re.compile(r"display\s*:\s*none|max-height\s*:\s*0|mso-hide\s*:\s*all", re.IGNORECASE)
_SECTION_LENGTH = 40
_PREHEADER_LENGTH = 200


@dataclass(frozen=True, slots=True)
class InboxMail:
    """One mail as the inbox lists and shows it.

    `sections` are the second-level headings of its HTML; `sender` and `reader` are the names, or
    the addresses where there is none.
    """

    received: ReceivedMail
    subject: str
    sender: str
    sender_address: str
    reader: str
    preheader: str
    sections: tuple[str, ...]
    html: str
    text: str
    headers: tuple[HeaderLine, ...]

    @property
    def number(self) -> int:
        """The mail's number in order of arrival."""
        return self.received.number

    @property
    def initial(self) -> str:
        """The sender's first letter, for the round mark beside the name."""
        return next((letter for letter in self.sender if letter.isalnum()), "?").upper()

    @property
    def source(self) -> str:
        """The mail as it arrived; bytes that are not UTF-8 are shown as replacement marks."""
        return self.received.raw.decode("utf-8", "replace").replace("\r\n", "\n")


def read(received: ReceivedMail) -> InboxMail:
    """Read one received mail."""
    message = email.message_from_bytes(received.raw, policy=email.policy.default)
    headers = _headers(message)
    html = _with_embedded_pictures(_part(message, "html"), message)
    tree = LexborHTMLParser(html) if html else None
    sender, sender_address = _mailbox(_value(headers, "from"), received.reverse_path)
    return InboxMail(
        received=received,
        subject=_value(headers, "subject") or "(no subject)",
        sender=sender,
        sender_address=sender_address,
        reader=_mailbox(_value(headers, "to"), ", ".join(received.recipients))[0],
        preheader=_preheader(tree) if tree else "",
        sections=_sections(tree) if tree else (),
        html=html,
        text=_part(message, "plain"),
        headers=headers,
    )


def _headers(message: EmailMessage) -> tuple[HeaderLine, ...]:
    return tuple(
        HeaderLine(_shown(name), _shown(_decoded(message, name, raw)), _shown(str(raw)))
        for name, raw in message.raw_items()
    )


def _shown(text: str) -> str:
    """Make bytes outside ASCII, which the parser keeps as surrogates, fit for a page."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decoded(message: EmailMessage, name: str, raw: str) -> str:
    """Decode RFC 2047 words and unfold; a field that cannot be read is shown raw."""
    try:
        return str(message.policy.header_fetch_parse(name, raw))
    except Exception:  # noqa: BLE001 - the parser has many ways to fail on hostile fields
        return str(raw)


def _value(headers: tuple[HeaderLine, ...], name: str) -> str:
    return next((line.value for line in headers if line.name.lower() == name), "")


def _mailbox(value: str, otherwise: str) -> tuple[str, str]:
    """Return name (or address) and address of the first mailbox of a field."""
    name, address = next(iter(getaddresses([value])), ("", ""))
    return name or address or otherwise, address or otherwise


def _part(message: EmailMessage, kind: str) -> str:
    try:
        body = message.get_body(preferencelist=(kind,))
        return str(body.get_content()).replace("\r\n", "\n") if body else ""
    except Exception:  # noqa: BLE001 - unknown charsets, broken encodings, missing boundaries
        payload = message.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _with_embedded_pictures(html: str, message: EmailMessage) -> str:
    """Put the pictures a mail brought along (RFC 2392 cid: addresses) where it shows them."""
    for part in message.walk():
        content_id = str(part.get("content-id", "")).strip("<> ")
        data = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if content_id and isinstance(data, bytes):
            picture = f"data:{part.get_content_type()};base64,{base64.b64encode(data).decode()}"
            html = html.replace(f"cid:{content_id}", picture)
    return html


def _sections(tree: LexborHTMLParser) -> tuple[str, ...]:
    headings = (" ".join(node.text().split()) for node in tree.css("h2"))
    return tuple(dict.fromkeys(text for text in headings if 0 < len(text) <= _SECTION_LENGTH))


def _preheader(tree: LexborHTMLParser) -> str:
    """Find the line an inbox shows after the subject: hidden text first, else the first words."""
    for node in tree.css("body [style]"):
        if _HIDDEN.search(node.attributes.get("style") or ""):
            text = _PADDING.sub(" ", node.text()).strip()
            if text:
                return text[:_PREHEADER_LENGTH]
    body = tree.body
    return _PADDING.sub(" ", body.text())[:_PREHEADER_LENGTH].strip() if body else ""
