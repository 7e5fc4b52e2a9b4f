"""An e-mail address: checked, written one way, and comparable.

The domain is kept in its ASCII form (RFC 5890), so that a server without SMTPUTF8 (RFC 6531) can
be handed it. Nothing here asks the network whether the domain exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from subscribers.errors import AddressInvalid

_SHOWN = 80
_LONGEST = 320  # RFC 3696 section 3: 64 for the local part, one @, 255 for the domain
# Addresses of the plain kind, nearly all there are. email-validator takes every one of them as it
# stands, which a test proves; its general way costs fifty times as much. No hyphen at a label's
# third and fourth place (a punycode label, or a reserved one), a top-level domain of letters, and
# lengths below every limit.
_PLAIN = re.compile(
    r"(?=.{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?=.{4,200}\Z)"
    r"(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,20}",
    re.IGNORECASE | re.ASCII,
)
# Domains that are never on the Internet (RFC 6761, RFC 7686): the general way says so, in words.
_SPECIAL = (".arpa", ".invalid", ".local", ".localhost", ".onion", ".test")


@dataclass(frozen=True, slots=True)
class Address:
    """`addr_spec` is what mail is sent to; `key` is what two addresses are compared by.

    Two addresses are the same if their domains are by IDNA, and their local parts differ in case
    only: `Straße@` is `STRAßE@`, and not `Strasse@`, which is another mailbox.
    """

    addr_spec: str
    key: str

    @property
    def folded_key(self) -> str:
        """The key as it was written before version 0012: ß was folded to ss."""
        local, _, domain = self.addr_spec.rpartition("@")
        return f"{local.casefold()}@{domain}"


def normalise(text: str) -> Address:
    """Read an address; AddressInvalid says what is wrong with it."""
    stripped = text.strip()
    if _PLAIN.fullmatch(stripped) and not stripped.lower().endswith(_SPECIAL):
        local, _, domain = stripped.partition("@")
        domain = domain.lower()
        return Address(f"{local}@{domain}", f"{local.lower()}@{domain}")
    return _in_general(stripped)


def masked(addr_spec: str) -> str:
    """Return an address as it may be shown to whoever holds a link: "a…@reader.example"."""
    local, _, domain = addr_spec.rpartition("@")
    return f"{local[:1]}…@{domain}"


def same_by_case(local: str) -> str:
    """Fold a local part so that equal results are equal but for case, in NFC.

    This is Unicode's simple case folding: letter by letter, never one into two (ß stays ß).
    """
    folded = "".join(map(_folded, normalize("NFC", local)))
    return normalize("NFC", folded)


def _folded(letter: str) -> str:
    for form in (letter.casefold(), letter.lower()):
        if len(form) == 1:
            return form
    return letter


def _in_general(stripped: str) -> Address:
    if len(stripped) > _LONGEST:
        raise _invalid(stripped, f"It has {len(stripped)} characters, {_LONGEST} is the most.")
    from email_validator import EmailNotValidError, validate_email  # 2 % of a send's start

    try:
        found = validate_email(stripped, check_deliverability=False)
    except EmailNotValidError as error:
        raise _invalid(stripped, str(error)) from None
    except (ValueError, UnicodeError) as error:
        raise _invalid(stripped, str(error)) from None
    domain = (found.ascii_domain or found.domain).lower()
    return Address(f"{found.local_part}@{domain}", f"{same_by_case(found.local_part)}@{domain}")


def _invalid(text: str, reason: str) -> AddressInvalid:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    if not text:
        return AddressInvalid("there is no address", fix="Write it as in jane@news.example.")
    return AddressInvalid(f'"{shown}" is not an e-mail address', fix=reason)
