"""What an e-mail address is here: checked, written one way, and comparable.

The domain is kept in its ASCII form (RFC 5890), so that a server without SMTPUTF8 (RFC 6531) can
be handed it. Nothing here asks the network whether the domain exists.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from subscribers.errors import AddressInvalid

_SHOWN = 80
_LONGEST = 320  # RFC 3696 section 3: 64 for the local part, one @, 255 for the domain


@dataclass(frozen=True, slots=True)
class Address:
    """`addr_spec` is what mail is sent to; `key` is what two addresses are compared by.

    Two spellings that differ only in case, or in how the domain is written, are one person.
    """

    addr_spec: str
    key: str


def normalise(text: str) -> Address:
    """Read an address; AddressInvalid says what is wrong with it."""
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        raise _invalid(stripped, f"It has {len(stripped)} characters, {_LONGEST} is the most.")
    try:
        found = validate_email(stripped, check_deliverability=False)
    except EmailNotValidError as error:
        raise _invalid(stripped, str(error)) from None
    except (ValueError, UnicodeError) as error:
        raise _invalid(stripped, str(error)) from None
    domain = (found.ascii_domain or found.domain).lower()
    return Address(
        addr_spec=f"{found.local_part}@{domain}",
        key=f"{found.local_part.casefold()}@{domain}",
    )


def fingerprint(key: str) -> str:
    """Return the form in which an erased address is remembered: enough to keep it off the list."""
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def _invalid(text: str, reason: str) -> AddressInvalid:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    if not text:
        return AddressInvalid("there is no address", fix="Write it as in jane@news.example.")
    return AddressInvalid(f'"{shown}" is not an e-mail address', fix=reason)
