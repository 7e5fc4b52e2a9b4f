"""Keyed hashes that stand for what must not be kept: an address that was erased, a network.

A plain hash of an address is no secret: whoever has the database can hash every address there is.
HMAC-SHA256 (RFC 2104) needs the newsroom's key as well, which is not in the database. A mark
names its key (not the key itself), so that marks of a key that is no longer at hand are noticed.

Marks of versions before 0012 are plain SHA-256. A keyed mark is made of the plain one, so that
`tidy` turns those into keyed ones without knowing the address; until then both are looked for.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from subscribers.address import Address
from subscribers.errors import KeyMissing

_PLAIN = "sha256:"
_KEYED = "hmac:"
_IPV4_NETWORK = 24
_IPV6_NETWORK = 48  # what a site gets from its provider (RFC 6177)
_NETWORK_BYTES = 12


class Pseudonyms:
    """Makes and recognises keyed hashes with `keys`: the first makes, every one recognises."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = [_Key(key) for key in keys if key]

    def mark(self, address: Address) -> str:
        """Return the mark an erased address is remembered by. KeyMissing if there is no key."""
        return self._first().mark(_plain_mark(address.key))

    def marks(self, address: Address) -> Iterator[str]:
        """Go through every mark that may stand for `address`: of each key, and the plain ones."""
        for key in {address.key, address.folded_key}:
            plain = _plain_mark(key)
            yield plain
            for one in self._keys:
                yield one.mark(plain)

    def keyed(self, mark: str) -> str:
        """Return the keyed mark for a plain one; another is returned as it is. KeyMissing."""
        return self._first().mark(mark) if mark.startswith(_PLAIN) else mark

    def recognises(self, mark: str) -> bool:
        """Whether the key of this mark is at hand; a plain mark needs none."""
        return mark.startswith(_PLAIN) or any(mark.startswith(key.prefix) for key in self._keys)

    def network(self, address: str) -> str:
        """Return 96 bits that stand for the network of an IP address (/24, or /48 of IPv6).

        "" if it is no IP address, or there is no key: then nothing is kept.
        """
        try:
            found = ip_address(address.strip())
        except ValueError:
            return ""
        if isinstance(found, IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        bits = _IPV6_NETWORK if isinstance(found, IPv6Address) else _IPV4_NETWORK
        network = ip_network((found, bits), strict=False)
        return self._keys[0].network(str(network)) if self._keys else ""

    def _first(self) -> _Key:
        if not self._keys:
            raise KeyMissing(
                "there is no key to make a keyed hash with",
                fix="Set DIGEST_SECRET_KEY: an erased address is remembered by it.",
            )
        return self._keys[0]


def is_mark(text: str) -> bool:
    """Whether a suppression's key is the mark of an erased address, and no address."""
    return text.startswith((_PLAIN, _KEYED)) and "@" not in text


def _plain_mark(key: str) -> str:
    return _PLAIN + hashlib.sha256(key.encode()).hexdigest()


class _Key:
    """One key, with what is derived from it once."""

    def __init__(self, key: str) -> None:
        self._addresses = _derived(key, "address")
        self._networks = _derived(key, "network")
        self.prefix = f"{_KEYED}{_derived(key, 'name').hex()[:8]}:"

    def mark(self, plain: str) -> str:
        return self.prefix + hmac.digest(self._addresses, plain.encode(), hashlib.sha256).hex()

    def network(self, network: str) -> str:
        found = hmac.digest(self._networks, network.encode(), hashlib.sha256)
        return found[:_NETWORK_BYTES].hex()


def _derived(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), f"subscribers.pseudonym.{purpose}".encode(), hashlib.sha256)
