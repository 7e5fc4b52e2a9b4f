"""The envelope of a mail as SMTP commands, with the parameters that this server offers.

SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531) and DSN (RFC 3461). A bounce is asked to
bring back only the header, with the envelope's id and the address as it was given, so that it names
its delivery without a look at the text.
"""

from __future__ import annotations

import re
from typing import Literal

from digest.errors import MessageError, TransportRejected
from digest.models.mails import Message

Bounces = Literal["failure", "delay", "off"]
_NOTIFY: dict[Bounces, str] = {"failure": "FAILURE", "delay": "FAILURE,DELAY"}

_PATH = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>@]{1,64}@[^\s\x00-\x20\x7f-\x9f<>@]{1,255}")
# RFC 3461 section 4: what stands for itself in xtext; section 4.4: an ENVID's most characters.
_PLAIN = re.compile(r"[!-*,-<>-~]*")
_LONGEST_ENVID = 100
# RFC 6533 section 3: what stands for itself in an address outside ASCII.
_UTF8_PLAIN = re.compile(r"[!-*,-<>-\[\]-~]")


class EnvelopeWriter:
    """Writes MAIL, RCPT and DATA for one server."""

    def __init__(self, capabilities: dict[str, str], bounces: Bounces, where: str) -> None:
        """Keep what the server offers (EHLO keyword to parameters); `where` names it in errors."""
        self._capabilities = capabilities
        self._most_bytes = int(size) if (size := capabilities.get("SIZE", "")).isdigit() else 0
        self._notify = _NOTIFY.get(bounces, "") if "DSN" in capabilities else ""
        self._where = where

    @property
    def takes_8bit(self) -> bool:
        """Whether the server announced 8BITMIME."""
        return "8BITMIME" in self._capabilities

    def takes_addresses_of(self, message: Message) -> bool:
        """Whether both addresses may be written: outside ASCII only with SMTPUTF8."""
        return is_ascii(message) or "SMTPUTF8" in self._capabilities

    def commands(self, message: Message) -> tuple[bytes, bytes, bytes]:
        """Return MAIL, RCPT and DATA.

        Raises MessageError for an address that is no SMTP path, TransportRejected for a mail that
        the server would not take from anybody.
        """
        for path in (message.reverse_path, message.recipient):
            if path and not _PATH.fullmatch(path):
                raise MessageError(
                    "an address cannot stand in an SMTP command",
                    where=f"delivery {message.delivery_id}",
                    fix="Correct or remove it; addresses are plain, without quotes or spaces.",
                )
        wanted = recipient_parameters(message, self._notify) if self._notify else ""
        return (
            f"MAIL FROM:<{message.reverse_path}>{self._mail_parameters(message)}\r\n".encode(),
            f"RCPT TO:<{message.recipient}>{wanted}\r\n".encode(),
            b"DATA\r\n",
        )

    def _mail_parameters(self, message: Message) -> str:
        parameters = ""
        size = len(message.data)
        if "SIZE" in self._capabilities:
            if 0 < self._most_bytes < size:
                raise TransportRejected(
                    f"the server takes mails of at most {self._most_bytes} bytes; this one has"
                    f" {size}",
                    where=self._where,
                    fix="Show fewer stories, or raise the server's limit (message_size_limit).",
                )
            parameters += f" SIZE={size}"
        if not message.data.isascii():
            if not self.takes_8bit:
                raise no_8bit(self._where)
            parameters += " BODY=8BITMIME"
        if "SMTPUTF8" in self._capabilities and not is_ascii(message):
            parameters += " SMTPUTF8"
        if self._notify:
            parameters += mail_parameters(message)
        return parameters


def is_ascii(message: Message) -> bool:
    """Whether both addresses are ASCII."""
    return message.recipient.isascii() and message.reverse_path.isascii()


def no_8bit(where: str) -> TransportRejected:
    """Return the error for a server that the issue's 8bit mails cannot be handed to."""
    return TransportRejected(
        "the server does not take 8BITMIME, and the issue's mails are 8bit",
        where=where,
        fix="Send through one that does; for issues to come take eight_bit out of [smtp].",
    )


def mail_parameters(message: Message) -> str:
    """Return DSN's parameters of MAIL: headers only, and the Message-ID as the envelope's id."""
    name = xtext(message.message_id.strip("<>"))
    named = f" ENVID={name}" if 0 < len(name) <= _LONGEST_ENVID else ""
    return f" RET=HDRS{named}"


def recipient_parameters(message: Message, notify: str) -> str:
    """Return DSN's parameters of RCPT: when to notify, and the address as it was given."""
    address = message.recipient
    kind = f"rfc822;{xtext(address)}" if address.isascii() else f"utf-8;{_utf8_xtext(address)}"
    return f" NOTIFY={notify} ORCPT={kind}"


def xtext(text: str) -> str:
    """Return ASCII text as xtext: "+", "=" and unprintable characters become +XX."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(one if _PLAIN.fullmatch(one) else f"+{ord(one):02X}" for one in text)


def _utf8_xtext(address: str) -> str:
    return "".join(one if _UTF8_PLAIN.fullmatch(one) else f"\\x{{{ord(one):X}}}" for one in address)
