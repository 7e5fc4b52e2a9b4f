"""DKIM signatures (RFC 6376; Ed25519 by RFC 8463), made for each recipient's mail.

Signed are all fields a mailbox looks at, List-Unsubscribe and List-Unsubscribe-Post among them
(RFC 8058 section 4); most are named once more than they are there, so that nobody can add another.
The time is the issue's, not the clock's: a mail that is sent again is the same mail.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from digest.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

# Named twice if they are there, once if not: a second From would make the signature void.
_SEALED = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post"),
)
_ALSO = ("list-help", "list-archive", "feedback-id", "auto-submitted", "content-language")
_LEAST_BITS = 2048  # RFC 8301 section 3.2 asks signers for it
_LABELS = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_SPACES = re.compile(rb"[ \t\r\n]+")
_FOLD = 72


@dataclass(frozen=True, slots=True)
class _SigningKey:
    """A private key, told how to sign; `public` is what the TXT record publishes."""

    algorithm: str
    sign: Callable[[bytes], bytes] = field(repr=False)
    public: bytes


class Signer:
    """Signs for one domain with one key; `record` is the TXT record that makes it count."""

    def __init__(self, domain: str, selector: str, pem: bytes, *, where: str = "DKIM key") -> None:
        """Read the key (PEM, unencrypted). ConfigError, which names `where`, if it is of no use."""
        for name in (domain, selector):
            if not _LABELS.fullmatch(name):
                raise ConfigError(
                    f'"{name}" cannot stand in a DKIM signature',
                    where=where,
                    fix="Domain and selector are plain lower-case DNS names.",
                )
        self.domain = domain
        self.selector = selector
        self._key = _key(pem, where)

    @property
    def algorithm(self) -> str:
        """Name it as the signature does: "rsa-sha256" or "ed25519-sha256"."""
        return self._key.algorithm

    @property
    def record(self) -> tuple[str, str]:
        """Return name and text of the TXT record that publishes the key."""
        kind = self.algorithm.partition("-")[0]
        text = f"v=DKIM1; k={kind}; p={b64encode(self._key.public).decode()}"
        return f"{self.selector}._domainkey.{self.domain}", text

    def sign(self, data: bytes, at: int) -> bytes:
        """Return the DKIM-Signature field to put before `data`; `at` is in seconds since 1970.

        `data` is a mail with CRLF line ends. Headers are relaxed, the body is simple: its
        encodings give no relay a reason to touch it.
        """
        header, _, body = data.partition(b"\r\n\r\n")
        fields = _fields(header)
        names = [*_SEALED, *(name for name in _ALSO if name in fields)]
        listed = [
            name for name in names for _ in range(len(fields.get(name, ())) + (name in _SEALED))
        ]
        unsigned = self._unsigned(listed, b64encode(sha256(_simple(body)).digest()).decode(), at)
        signed = b"".join(
            relaxed + b"\r\n" for name in names for relaxed in reversed(fields.get(name, []))
        )
        signed += _relaxed(unsigned.encode())
        signature = b64encode(self._key.sign(signed)).decode()
        lines = [signature[start : start + _FOLD] for start in range(0, len(signature), _FOLD)]
        return "\r\n ".join([unsigned, *lines]).encode() + b"\r\n"

    def _unsigned(self, names: list[str], body_hash: str, at: int) -> str:
        rows = [
            f"DKIM-Signature: v=1; a={self.algorithm}; c=relaxed/simple; t={at};",
            f"d={self.domain}; s={self.selector};",
            *_folded("h=", names),
            f"bh={body_hash};",
            "b=",
        ]
        return "\r\n ".join(rows)


def _folded(start: str, names: list[str]) -> list[str]:
    rows, row = [], start
    for name in names:
        if len(row) + len(name) >= _FOLD:
            rows.append(row)
            row = ""
        row += f"{name}:"
    return [*rows, f"{row[:-1]};"]


def _fields(header: bytes) -> dict[str, list[bytes]]:
    """Return each field relaxed, by its name in lower case, in the order of the mail."""
    fields: dict[str, list[bytes]] = {}
    for one in _FIELD_END.split(header):
        name = one.partition(b":")[0].strip().lower().decode("ascii", "replace")
        fields.setdefault(name, []).append(_relaxed(one))
    return fields


def _relaxed(text: bytes) -> bytes:
    """Canonicalise a field (RFC 6376 section 3.4.2), without its line end."""
    name, _, value = text.partition(b":")
    return name.strip().lower() + b":" + _SPACES.sub(b" ", value).strip()


def _simple(body: bytes) -> bytes:
    """Canonicalise the body (RFC 6376 section 3.4.3): exactly one line end at its end."""
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    return body[:end] + b"\r\n"


def _key(pem: bytes, where: str) -> _SigningKey:
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise ConfigError(
            "signing mails needs the library cryptography, which is not installed",
            where=where,
            fix='Install it: pip install "digest[dkim]"',
        ) from None
    try:
        return _told_how(load_pem_private_key(pem, None))
    except (ValueError, TypeError) as error:
        raise ConfigError(
            f"not a key to sign with ({_cause(error)})",
            where=where,
            fix="Make one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        ) from None


def _cause(error: Exception) -> str:
    if isinstance(error, _Unfit):
        return str(error)
    return "it has a passphrase" if isinstance(error, TypeError) else "no unencrypted PEM"


class _Unfit(ValueError):
    """A key, but not one for DKIM."""


def _told_how(key: PrivateKeyTypes) -> _SigningKey:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(key, Ed25519PrivateKey):
        # RFC 8463 section 3: what is signed is the hash, and what is published is the bare key.
        public = key.public_key().public_bytes_raw()
        return _SigningKey("ed25519-sha256", lambda data: key.sign(sha256(data).digest()), public)
    if not isinstance(key, RSAPrivateKey):
        raise _Unfit("neither RSA nor Ed25519")
    if key.key_size < _LEAST_BITS:
        raise _Unfit(f"{key.key_size} bits are too few; {_LEAST_BITS} is the least")
    padding, algorithm = PKCS1v15(), hashes.SHA256()
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _SigningKey("rsa-sha256", lambda data: key.sign(data, padding, algorithm), public)
