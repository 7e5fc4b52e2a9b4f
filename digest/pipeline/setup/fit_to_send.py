"""What breaks a send to real readers, or a law: a sender nobody can answer, a link that fails.

Mails into a folder (`transport = "outbox"`) reach nobody, so nothing of this counts there.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from digest.config import Settings
from digest.config.site import PLACEHOLDER_ADDRESS
from digest.errors import ConfigError

# RFC 2606 and RFC 6761: nobody can own these, so no mail from them can be answered or verified.
_RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")
_LEAST = 8  # characters of a postal address: shorter is none
_OUTBOX, _SMTP = "outbox", "smtp"


def faults_of_sender(settings: Settings) -> Iterator[tuple[str, ConfigError]]:
    """Yield each fault with the name of what was looked at."""
    yield from _address(settings)
    if settings.mail.transport == _OUTBOX:
        return
    yield from _domain(settings)
    yield from _pages(settings)
    yield from _signature(settings)


def is_reserved(host: str) -> bool:
    """Tell whether a domain is for examples and tests only."""
    name = host.lower().rstrip(".")
    return any(name == one or name.endswith(f".{one}") for one in _RESERVED)


def is_here(host: str) -> bool:
    """Tell whether a host is this machine, or an address that readers cannot reach."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _address(settings: Settings) -> Iterator[tuple[str, ConfigError]]:
    said = settings.site.postal_address.strip()
    if said == PLACEHOLDER_ADDRESS:
        was = "still the one that `digest init` wrote"
    elif len(said) < _LEAST:
        was = f'"{said}" is none'
    else:
        return
    fix = "Set [site] postal_address to your own: the law wants it in every newsletter"
    yield "postal address", ConfigError(was, fix=fix)


def _domain(settings: Settings) -> Iterator[tuple[str, ConfigError]]:
    domain = settings.mail.domain
    if is_reserved(domain) or is_here(domain):
        yield (
            "sender",
            ConfigError(
                f"[mail] from is at {domain}, which no mail server believes",
                fix="Write an address of your own domain: every large mailbox provider checks it",
            ),
        )


def _pages(settings: Settings) -> Iterator[tuple[str, ConfigError]]:
    url = settings.site.public_url
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_here(host):
        yield (
            "public_url",
            ConfigError(
                f"{url} is this machine: no reader could leave, and the law wants that they can",
                fix="Set [site] public_url to where `digest serve` is reached from outside",
            ),
        )
    elif parts.scheme != "https":
        yield (
            "public_url",
            ConfigError(
                f"{url} is not https: one-click unsubscribing wants it (RFC 8058 section 3.1)",
                fix="Put `digest serve` behind a web server with a certificate, and write https://",
            ),
        )


def _signature(settings: Settings) -> Iterator[tuple[str, ConfigError]]:
    """Look at who signs: an e-mail API does, a mail server does if somebody says so."""
    if settings.mail.transport == _SMTP and not (settings.dkim or settings.mail.relay_signs):
        fault = ConfigError(
            "no mail would be signed: Gmail, Yahoo and Outlook.com want DKIM of bulk senders",
            fix="Add a [[dkim]] table; or say that your server signs: [mail] relay_signs = true",
        )
        yield "signing", fault
