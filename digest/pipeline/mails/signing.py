"""From the configuration to what is added to a mail on its way out: signatures, reverse path."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr

from digest.config import Settings
from digest.config.environment import DKIM_KEY
from digest.errors import ConfigError
from digest.mail.delivery_seal import LEAVING, DeliverySeals
from digest.mail.dkim import Signer
from digest.mail.splice import UNSUBSCRIBE_MAILTO
from digest.mail.verp import ReversePaths
from digest.models.mails import Recipient

Seal = Callable[[bytes], bytes]
"""Gives a mail with its signatures in front."""


def signers_of(settings: Settings, domain: str) -> tuple[Signer, ...]:
    """Return every configured signer; `domain` is that of From. ConfigError names what is wrong."""
    return tuple(
        Signer(
            one.domain or domain,
            one.selector,
            _pem(settings, one.key),
            where=_place(settings, one.key),
        )
        for one in settings.dkim
    )


def seal_of(settings: Settings, domain: str, at: datetime) -> Seal:
    """Return what signs the mails of one issue; without a key it leaves them as they are."""
    signers, seconds = signers_of(settings, domain), int(at.timestamp())

    def seal(data: bytes) -> bytes:
        return b"".join([*(signer.sign(data, seconds) for signer in signers), data])

    return seal


def reverse_path_of(settings: Settings) -> Callable[[Recipient], str]:
    """Return each recipient's reverse path: its own with mail.verp, else the address of From."""
    if not settings.mail.verp:
        return lambda _recipient: settings.mail.addr_spec
    paths = ReversePaths(settings.mail.verp, settings.secret_key)
    return lambda recipient: paths.of(recipient.delivery_id)


def single_reverse_path_of(settings: Settings) -> Callable[[int], str]:
    """Return the reverse path of each mail outside an issue, by its number; as for deliveries."""
    if not settings.mail.verp:
        return lambda _number: settings.mail.addr_spec
    return ReversePaths(settings.mail.verp, settings.secret_key).of_single_mail


def leaving_by_mail(settings: Settings) -> Callable[[int], dict[str, str]]:
    """Return what writes a delivery's mailto of List-Unsubscribe; without an address, nothing.

    The subject is sealed, so that nobody can end somebody else's subscription by mail.
    """
    if not settings.feedback.address:
        return lambda _delivery: {}
    before = f"mailto:{parseaddr(settings.feedback.address)[1]}?subject=unsubscribe%20"
    seals = DeliverySeals(settings.secret_key, LEAVING)
    return lambda delivery: {UNSUBSCRIBE_MAILTO: before + seals.of(delivery)}


def _pem(settings: Settings, key: str) -> bytes:
    secret = settings.secrets.value(DKIM_KEY)
    if not key and not secret:
        raise ConfigError(
            "there is no key to sign with",
            where=f"{settings.path} [[dkim]]",
            fix='Name its file, as in key = "dkim.pem", or set DIGEST_DKIM_KEY.',
        )
    if not key:
        return secret.replace("\\n", "\n").encode()
    try:
        return (settings.folder / key).read_bytes()
    except OSError as error:
        raise ConfigError(
            f"the key cannot be read ({error.strerror})",
            where=str(settings.folder / key),
            fix="Check [[dkim]] key and the file's permissions.",
        ) from None


def _place(settings: Settings, key: str) -> str:
    return str(settings.folder / key) if key else "DIGEST_DKIM_KEY"
