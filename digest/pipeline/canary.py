"""A few readers first: if too many of their mails are refused, nobody else gets any."""

from __future__ import annotations

from digest.config import Settings
from digest.errors import ConfigError, GateHeld
from digest.pipeline.operating import ways_on
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
    were = "was refused or is" if first.bad == 1 else "were refused or are"
    return GateHeld(
        f"{first.bad} of the first {first.tried} mails {were} uncertain; nobody else got one",
        where=issue.key,
        fix=ways_on(issue.key),
    )


def seeds_of(settings: Settings) -> tuple[str, ...]:
    """Give the keys of the seed addresses. ConfigError names one that is none."""
    try:
        return tuple(normalise(address).key for address in settings.mail.seeds)
    except AddressInvalid as error:
        raise ConfigError(str(error), where=f"{settings.path} [mail] seeds") from None
