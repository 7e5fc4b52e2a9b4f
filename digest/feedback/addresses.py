"""Addresses in what others wrote: in fields, in text; lower case, each once, a bounded number."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 50
_LONGEST = 254  # RFC 5321 section 4.5.3.1.3
_ADDRESS = re.compile(
    r"(?<![\w.+=%~/-])[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?",
    re.IGNORECASE,
)


def addresses_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the first fifty different addresses in some texts, in lower case."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _ADDRESS.finditer(text):
            address = match[0].lower()
            if len(address) <= _LONGEST:
                found[address] = None
            if len(found) >= MOST:
                return tuple(found)
    return tuple(found)


def address_of(value: str) -> str:
    """Return the address of a field such as "rfc822; a@b.example"; "" if there is none."""
    return next(iter(addresses_in([value])), "")
