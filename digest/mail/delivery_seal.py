"""A delivery's number with a signature, short enough for a subject."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode

LEAVING = b"digest.leaving"  # the purpose of seals in the subject of a mailto-unsubscribe
_LETTERS = 10  # 50 bits
_SEALED = re.compile(r"([0-9]{1,20})-([a-z2-7]{10})")


class DeliverySeals:
    """Makes and reads texts of the form "7-abcdefghij"; a seal for one purpose is none for another.

    Some servers change capitals: a seal has none.
    """

    def __init__(self, key: str, purpose: bytes) -> None:
        self._key = hmac.digest(key.encode(), purpose, hashlib.sha256)

    def of(self, delivery_id: int) -> str:
        """Return the sealed number of a delivery; the same one every time."""
        return f"{delivery_id}-{self._seal(delivery_id)}"

    def delivery_of(self, text: str) -> int | None:
        """Return the delivery that a text was made for; None if it was not made here."""
        found = _SEALED.fullmatch(text)
        if found is None:
            return None
        number = int(found[1])
        return number if hmac.compare_digest(self._seal(number), found[2]) else None

    def delivery_in(self, text: str) -> int | None:
        """Return the delivery of the first sealed number in a text; None if there is none."""
        numbers = (self.delivery_of(match[0]) for match in _SEALED.finditer(text.casefold()))
        return next((number for number in numbers if number is not None), None)

    def _seal(self, delivery_id: int) -> str:
        return sealed(self._key, str(delivery_id))


def sealed(key: bytes, said: str) -> str:
    """Return the seal of a text: ten letters without capitals, which some servers change."""
    mac = hmac.digest(key, said.encode(), hashlib.sha256)
    return b32encode(mac).decode().lower()[:_LETTERS]
