"""A few readers first: if too many of their mails are refused, nobody else gets any."""

from __future__ import annotations

from digest.config import Settings
from digest.errors import ConfigError, GateHeld
from digest.log import log
from digest.models.issues import IssueState
from digest.pipeline.operator.orders import ways_on
from digest.pipeline.sending.order import SendJob
from digest.store import CanaryCount, StoredIssue
from subscribers.address import normalise
from subscribers.errors import AddressInvalid

_BAD_SHARE = 0.1
# One line that broke is an accident; two are a sign.
_ACCIDENTS = 1


class CanaryWatch:
    """Watches the canary of a run's issue, if it has one."""

    def __init__(self, job: SendJob) -> None:
        """Watch the issue of this job."""
        self._job = job

    def is_on(self) -> bool:
        """Whether all readers but the first still wait."""
        canary = self._job.reread().canary
        return canary is not None and canary.is_on(self._job.now)

    def check(self) -> None:
        """Once the first readers were all tried, begin the pause for the others.

        GateHeld, and the issue is held, if too many of the first mails failed.
        """
        issue, store = self._job.reread(), self._job.store
        canary = issue.canary
        if canary is None or canary.over_at is not None or issue.state is not IssueState.SENDING:
            return
        first = store.canaries.count(issue.id)
        if first.waiting:
            return
        now = self._job.now
        fault = fault_of(issue, first)
        if fault is not None:
            log.error("issue held", why=fault.what)
            store.issues.set_state(issue.id, IssueState.HELD, now, fault.what)
            raise fault
        log.info("canary is well", tried=first.tried, refused=first.refused, gone=first.gone)
        store.canaries.end(issue.id, now)


def fault_of(issue: StoredIssue, first: CanaryCount) -> GateHeld | None:
    """Return why the issue must be held after its canary; None if all is well.

    Too many are more than one in ten: refused, or, if there are two at least, refused or uncertain.
    Deferred readers are no fault: servers put strangers off. Addresses that do not exist say
    nothing of the mail, unless there was nobody else: then nothing is known of it.
    """
    words = _words(first)
    if not words:
        return None
    return GateHeld(f"{words}; nobody else got one", where=issue.key, fix=ways_on(issue.key))


def _words(first: CanaryCount) -> str:
    most, bad = _BAD_SHARE * first.tried, first.refused + first.uncertain
    if first.gone and not first.tried:
        return f"none of the first {first.gone} addresses takes mail, so nothing is known of this"
    if first.refused > most or bad > max(_ACCIDENTS, most):
        were = "was refused or is" if bad == 1 else "were refused or are"
        return f"{bad} of the first {first.tried} mails {were} uncertain"
    return ""


def seeds_of(settings: Settings) -> tuple[str, ...]:
    """Return the keys of the seed addresses. ConfigError names one that is none."""
    try:
        return tuple(normalise(address).key for address in settings.mail.seeds)
    except AddressInvalid as error:
        raise ConfigError(str(error), where=f"{settings.path} [mail] seeds") from None
