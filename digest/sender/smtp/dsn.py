"""What a server is asked about bounces, where it offers DSN (RFC 3461).

Only the header of a mail comes back, with the envelope's name and the address as it was given, so
that a bounce names its delivery without a look at the text.
"""

from __future__ import annotations

import re
from typing import Literal

from digest.models.mails import Message

Bounces = Literal["failure", "delay", "off"]
NOTIFY: dict[Bounces, str] = {"failure": "FAILURE", "delay": "FAILURE,DELAY"}

# RFC 3461 section 4: what stands for itself in xtext; section 4.4: an ENVID's most characters.
_PLAIN = re.compile(r"[!-*,-<>-~]*")
_LONGEST_ENVID = 100
# RFC 6533 section 3: what stands for itself in an address outside ASCII.
_UTF8_PLAIN = re.compile(r"[!-*,-<>-\[\]-~]")


def of_the_mail(message: Message) -> str:
    """Return the parameters of MAIL: headers only, and the Message-ID as the envelope's name."""
    name = xtext(message.message_id.strip("<>"))
    named = f" ENVID={name}" if 0 < len(name) <= _LONGEST_ENVID else ""
    return f" RET=HDRS{named}"


def of_the_recipient(message: Message, notify: str) -> str:
    """Return the parameters of RCPT: when to tell, and whom it was first about."""
    address = message.recipient
    kind = f"rfc822;{xtext(address)}" if address.isascii() else f"utf-8;{_utf8_xtext(address)}"
    return f" NOTIFY={notify} ORCPT={kind}"


def xtext(text: str) -> str:
    """Return ASCII text as xtext: "+", "=" and whatever is not printable become +XX."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(one if _PLAIN.fullmatch(one) else f"+{ord(one):02X}" for one in text)


def _utf8_xtext(address: str) -> str:
    return "".join(one if _UTF8_PLAIN.fullmatch(one) else f"\\x{{{ord(one):X}}}" for one in address)
