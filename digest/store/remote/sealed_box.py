"""Sealing bytes with the newsroom's secret key: AES-256-GCM, the key derived by HKDF.

    "DGS1" · nonce (12 bytes) · ciphertext and tag

The name of what is sealed is authenticated with it, so that no part can stand for another. Nonces
are random: one key may seal 2^32 parts (NIST SP 800-38D section 8.3), which is a million years of
windows. HKDF: RFC 5869.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from digest.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"DGS1"
_NONCE_BYTES = 12
_PURPOSE = b"digest: the state of a ledger, sealed"


class NotOurs(Exception):
    """These bytes were not sealed with any of our keys under that name, or were changed since."""


class SealedBox:
    """Seals with the first key and opens with any."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the newsroom's secret keys, the present one first. ConfigError if there is none."""
        if not keys:
            raise ConfigError(
                "a state that others can see is sealed, and there is no secret key",
                fix="Put DIGEST_SECRET_KEY into .env or the environment.",
            )
        self._keys = tuple(keys)

    def seal(self, name: str, plain: bytes) -> bytes:
        """Return the bytes, sealed under this name."""
        nonce = os.urandom(_NONCE_BYTES)
        return _MAGIC + nonce + self._ciphers[0].encrypt(nonce, plain, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        """Return what was sealed under this name. NotOurs if it is anything else."""
        from cryptography.exceptions import InvalidTag

        head = len(_MAGIC)
        nonce, rest = sealed[head : head + _NONCE_BYTES], sealed[head + _NONCE_BYTES :]
        if not sealed.startswith(_MAGIC) or len(nonce) < _NONCE_BYTES:
            raise NotOurs
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, rest, name.encode())
            except InvalidTag:
                continue
        raise NotOurs

    @cached_property
    def _ciphers(self) -> tuple[AESGCM, ...]:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF
        except ModuleNotFoundError:
            raise ConfigError(
                "a sealed state needs the package cryptography, which is not installed",
                fix='Install it: pip install "digest[state]"',
            ) from None
        return tuple(
            AESGCM(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(key.encode()))
            for key in self._keys
        )
