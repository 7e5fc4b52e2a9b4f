"""A reverse path of its own for each mail (VERP), so that a bounce names whom it is about.

The number is signed: nobody can make up a bounce for somebody else. Deliveries of issues and mails
outside an issue are numbered apart, and told apart by their separator and their seal.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from digest.errors import ConfigError
from digest.mail.delivery_seal import sealed

_HOLE = "{}"
_PATTERN = re.compile(r"[A-Za-z0-9._+=-]*\{\}[A-Za-z0-9._+=-]*@[A-Za-z0-9.-]+")
_LONGEST_LOCAL = 64  # RFC 5321 section 4.5.3.1.1
_LONGEST_TOKEN = 31  # 20 digits of a number, a dash, 10 letters
_MOST_DIGITS = 20
_DELIVERY, _SINGLE_MAIL = "-", "_"


class ReversePaths:
    """Makes and reads reverse paths of the form `pattern`, as in "bounce+{}@news.example"."""

    def __init__(self, pattern: str, key: str) -> None:
        """Sign with `key`. ConfigError if `pattern` has not one {} in its local part."""
        local = pattern.partition("@")[0]
        fits = len(local) - len(_HOLE) + _LONGEST_TOKEN <= _LONGEST_LOCAL
        if not _PATTERN.fullmatch(pattern) or not fits:
            raise ConfigError(
                f'"{pattern}" is no pattern of a reverse path',
                where="mail.verp",
                fix='Write it as in "bounce+{}@news.example"; {} becomes the delivery.',
            )
        self._before, _, self._after = pattern.partition(_HOLE)
        self._key = hmac.digest(key.encode(), b"digest.verp", hashlib.sha256)

    def of(self, delivery_id: int) -> str:
        """Return the reverse path of one delivery; the same one for every try."""
        return self._path(_DELIVERY, delivery_id)

    def of_single_mail(self, number: int) -> str:
        """Return the reverse path of one mail outside an issue; the same one for every try."""
        return self._path(_SINGLE_MAIL, number)

    def delivery_of(self, address: str) -> int | None:
        """Return the delivery an address was made for; None if it was not made here."""
        return self._number(_DELIVERY, address)

    def single_mail_of(self, address: str) -> int | None:
        """Return the mail outside an issue that an address was made for, or None."""
        return self._number(_SINGLE_MAIL, address)

    def _path(self, kind: str, number: int) -> str:
        return f"{self._before}{number}{kind}{self._seal(kind, number)}{self._after}"

    def _number(self, kind: str, address: str) -> int | None:
        folded = address.casefold()
        before, after = self._before.casefold(), self._after.casefold()
        if not (folded.startswith(before) and folded.endswith(after)):
            return None
        number, _, seal = folded[len(before) : len(folded) - len(after)].partition(kind)
        if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
            return None
        # Some servers change capitals in the local part: the seal has none.
        mine = self._seal(kind, int(number))
        return int(number) if hmac.compare_digest(mine.encode(), seal.encode()) else None

    def _seal(self, kind: str, number: int) -> str:
        said = str(number) if kind == _DELIVERY else f"single:{number}"
        return sealed(self._key, said)
