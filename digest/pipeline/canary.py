"""A few readers first: if too many of their mails are refused, nobody else gets any."""

from __future__ import annotations

from digest.config import Settings
from digest.errors import ConfigError, GateHeld
from digest.sender import Budget, Report
from digest.store import StoredIssue
from subscribers.address import normalise
from subscribers.errors import AddressInvalid

OUT = "the canary is out"
_BAD_SHARE = 0.1


def canary_budget(number: int, begun: int) -> Budget | None:
    """Give what is left of the first `number`; None if they are all on their way already."""
    return Budget(number - begun, OUT) if begun < number else None


def fault_of(issue: StoredIssue, run: Report) -> GateHeld | None:
    """Give why the issue must be held after its canary; None if all is well.

    Deferred readers are no fault: servers put strangers off.
    """
    tried = run.accepted + run.deferred + run.failed + run.uncertain
    bad = run.failed + run.uncertain
    if bad <= _BAD_SHARE * tried:
        return None
    return GateHeld(
        f"{bad} of the first {tried} mails were refused or are uncertain; nobody else got one",
        where=issue.key,
        fix=f"See `digest issues show {issue.key}`; then `digest issues resume` or `cancel`.",
    )


def seeds_of(settings: Settings) -> tuple[str, ...]:
    """Give the keys of the seed addresses. ConfigError names one that is none."""
    try:
        return tuple(normalise(address).key for address in settings.mail.seeds)
    except AddressInvalid as error:
        raise ConfigError(str(error), where=f"{settings.path} [mail] seeds") from None
