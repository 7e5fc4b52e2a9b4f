"""A few readers first: if too many of their mails are refused, nobody else gets any."""

from __future__ import annotations

from digest.config import Settings
from digest.errors import ConfigError, GateHeld
from digest.store import CanaryCount, StoredIssue
from subscribers.address import normalise
from subscribers.errors import AddressInvalid

_BAD_SHARE = 0.1


def fault_of(issue: StoredIssue, first: CanaryCount) -> GateHeld | None:
    """Give why the issue must be held after its canary; None if all is well.

    Deferred readers are no fault: servers put strangers off.
    """
    if first.bad <= _BAD_SHARE * first.tried:
        return None
    return GateHeld(
        f"{first.bad} of the first {first.tried} mails were refused or are uncertain; nobody else"
        " got one",
        where=issue.key,
        fix=f"See `digest issues show {issue.key}`; then `digest issues resume` or `cancel`.",
    )


def seeds_of(settings: Settings) -> tuple[str, ...]:
    """Give the keys of the seed addresses. ConfigError names one that is none."""
    try:
        return tuple(normalise(address).key for address in settings.mail.seeds)
    except AddressInvalid as error:
        raise ConfigError(str(error), where=f"{settings.path} [mail] seeds") from None
