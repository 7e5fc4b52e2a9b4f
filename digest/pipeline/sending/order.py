"""The order for a send, and the caller's control while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from digest.config import Settings
from digest.pipeline.mails.rendering import CompiledVariants
from digest.pipeline.sending.report import SendProgress
from digest.store import Store, StoredIssue


@dataclass(frozen=True, slots=True)
class SendOrder:
    """An edition, perhaps a slot by name, and how to send its issue.

    With `dry_run` nothing is changed. With `wait` the run stays until nobody is left to be tried;
    `alone` joins no other run. The first `canary` readers get the mail `canary_seconds` before all
    others. `anyway` sends an issue that is unlike the last ones, and `early` one whose named slot
    has not come. `approved_only` asks for an editor's approval whatever the edition says, and
    `freeze` shows an issue to its editors before its slot comes, and sends nothing.
    `ephemeral` lets a ledger begin on a CI runner.
    """

    edition: str
    slot: str | None = None
    dry_run: bool = False
    wait: bool = False
    alone: bool = False
    canary: int = 0
    canary_seconds: float = 600.0
    anyway: bool = False
    early: bool = False
    approved_only: bool = False
    freeze: bool = False
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class RunControl:
    """The clock, the signal to stop, and where progress goes.

    How far the issue is, is remembered outside the store every `remember_seconds`.
    """

    clock: Callable[[], datetime]
    stop: asyncio.Event
    progress: Callable[[SendProgress], None] | None = None
    remember_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class SendJob:
    """One run's work: a planned issue, the order, and the parts it needs.

    `mails` are those that planning compiled a moment ago, if it was this run that planned.
    """

    settings: Settings
    store: Store
    issue: StoredIssue
    order: SendOrder
    control: RunControl
    mails: CompiledVariants = field(default_factory=CompiledVariants)

    @property
    def now(self) -> datetime:
        """Return the time by the run's clock."""
        return self.control.clock()

    def reread(self) -> StoredIssue:
        """Return the issue as it is in the store now: an operator may have held it meanwhile."""
        return self.store.issues.again(self.issue)
