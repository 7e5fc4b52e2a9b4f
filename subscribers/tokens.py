"""Readers' links: signed, so that nobody can make one for somebody else. No IO, no clock.

A token is `public_id.scope.signature`, and `public_id.scope.expiry.signature` where it expires:
HMAC-SHA256 over what stands before it, compared in constant time. It holds no address. Each power
has a key of its own, so that a link that shows an issue cannot be turned into one that confirms a
subscription. Links for leaving and for preferences are one power, and never expire: a link in a
mail of ten years ago must still let its reader leave.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from subscribers.errors import TokenExpired, TokenInvalid

_LONGEST = 512  # no token of ours is near it; a longer one is not worth a hash
_SEPARATOR = "."
# What a token begins with. Whatever a mail program, a person who copies, or a tracker hangs on
# ("=", "/", ">", "&utm_source=…") is none of these signs.
_OWN_SIGNS = re.compile(r"[A-Za-z0-9_.~-]+")


class Purpose(StrEnum):
    """The power of a link; a token for one power is worthless for another."""

    MANAGE = "manage"
    VIEW = "view"
    CONFIRM = "confirm"
    ADDRESS = "address"
    DATA = "data"


# Before there was one power for both, links for leaving and for preferences had a key each.
_FORMER = {Purpose.MANAGE: ("unsubscribe", "preferences")}
_EXPIRES = frozenset({Purpose.CONFIRM, Purpose.ADDRESS, Purpose.DATA})


@dataclass(frozen=True, slots=True)
class Link:
    """The reader whom a link speaks for, and the id of an edition, an issue or a mail."""

    public_id: str
    edition: str


class LinkTokens:
    """Signs and reads readers' links with `keys`: the first signs, every one of them is accepted.

    A key that leaked is replaced by putting a new one in front, and dropping the old one once
    no mail that matters carries its links.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("a key is needed to sign links")
        # The keys of each power are derived here, once: a token then costs a single HMAC.
        self._signers = {purpose: _signer(purpose, keys) for purpose in Purpose}

    def sign(
        self, purpose: Purpose, public_id: str, edition: str, expires_at: datetime | None = None
    ) -> str:
        """Return the token of one reader, scope and power: URL-safe, about 75 characters.

        `expires_at` is required for the powers that expire, and ValueError for the others.
        """
        if (purpose in _EXPIRES) is (expires_at is None):
            raise ValueError(
                f"a {purpose} link {'must' if expires_at is None else 'cannot'} expire"
            )
        parts = [public_id, edition]
        if expires_at is not None:
            parts.append(f"{int(expires_at.timestamp()):x}")
        return self._signers[purpose].sign(_SEPARATOR.join(parts)).decode()

    def read(self, purpose: Purpose, token: str, now: datetime | None = None) -> Link:
        """Return whom the token speaks for; TokenInvalid if it was not made here for `purpose`.

        TokenExpired if its time is over at `now`, which must be given for the powers that expire.
        """
        signed = self._signed(purpose, bare(token))
        public_id, separator, edition = signed.partition(_SEPARATOR)
        if not separator or not public_id:
            raise _refused()
        if purpose in _EXPIRES:
            edition, _, expiry = edition.rpartition(_SEPARATOR)
            _refuse_late(expiry, now)
        return Link(public_id, edition)

    def _signed(self, purpose: Purpose, token: str) -> str:
        """Return what the signature stands for."""
        signature = token.rpartition(_SEPARATOR)[2]
        try:
            # base64 lets the last letter vary by two bits: only one spelling is a signature.
            if base64_encode(base64_decode(signature)).decode() != signature:
                raise _refused()
            return self._signers[purpose].unsign(token).decode()
        except BadData:
            raise _refused() from None


def bare(token: str) -> str:
    """Return a token without what was hung on behind it; TokenInvalid if nothing of one is left."""
    found = _OWN_SIGNS.match(token.strip()) if len(token) <= 2 * _LONGEST else None
    signs = found[0].rstrip(_SEPARATOR) if found else ""
    if not signs or len(signs) > _LONGEST:
        raise _refused()
    return signs


def _refuse_late(expiry: str, now: datetime | None) -> None:
    if now is None:
        raise ValueError("a link that expires is read at a moment")
    if datetime.fromtimestamp(int(expiry, 16), UTC) <= now:
        raise TokenExpired(
            "this link was good for a while only, and its time is over",
            fix="Ask for a new one where you asked for this one.",
        )


def _signer(purpose: Purpose, keys: Sequence[str]) -> Signer:
    derived = [
        hmac.digest(key.encode(), f"subscribers.link.{label}".encode(), hashlib.sha256)
        for label in (purpose, *_FORMER.get(purpose, ()))
        for key in keys
    ]
    # itsdangerous signs with the last key and accepts them all.
    return Signer(
        list(reversed(derived)),
        sep=_SEPARATOR,
        key_derivation="none",
        digest_method=hashlib.sha256,
    )


def _refused() -> TokenInvalid:
    return TokenInvalid(
        "this link was not made here, or lost a part on its way",
        fix="Open the link in the mail again, or copy the whole of it.",
    )
