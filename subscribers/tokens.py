"""Readers' links: signed, so that nobody can make one for somebody else. No IO.

A token is `public_id.edition.signature`, HMAC-SHA256 over the first two and the purpose, compared
in constant time. It holds no address and does not expire by itself: an unsubscribe link in a mail
of last year must still work. Every purpose has a key of its own, so that a link that shows the
preferences cannot be turned into one that confirms a subscription.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadSignature, Signer

from subscribers.errors import TokenInvalid

_LONGEST = 512  # no token of ours is near it; a longer one is not worth a hash
_SEPARATOR = "."


class Purpose(StrEnum):
    """What a link does; a token for one purpose is worthless for another."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Link:
    """Who a link speaks for, and which edition it is about."""

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
        # One key a purpose is derived here, once: a token then costs a single HMAC.
        self._signers = {purpose: _signer(purpose, keys) for purpose in Purpose}

    def sign(self, purpose: Purpose, public_id: str, edition: str) -> str:
        """Make the token of one reader, edition and purpose: URL-safe, about 75 characters."""
        return self._signers[purpose].sign(f"{public_id}{_SEPARATOR}{edition}").decode()

    def read(self, purpose: Purpose, token: str) -> Link:
        """Return whom the token speaks for; TokenInvalid if it was not made here for `purpose`."""
        if len(token) > _LONGEST or not token.isascii():
            raise _refused()
        try:
            signed = self._signers[purpose].unsign(token).decode()
        except BadSignature:
            raise _refused() from None
        public_id, separator, edition = signed.partition(_SEPARATOR)
        if not separator or not public_id:
            raise _refused()
        return Link(public_id, edition)


def _signer(purpose: Purpose, keys: Sequence[str]) -> Signer:
    derived = [
        hmac.digest(key.encode(), f"subscribers.link.{purpose}".encode(), hashlib.sha256)
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
