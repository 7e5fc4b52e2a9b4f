"""The parts that all workers of one dispatch share; each has one job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from digest.sender.dispatch.claim_window import ClaimWindow
from digest.sender.dispatch.group_commit import GroupCommit
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.progress import DispatchProgress
from digest.sender.dispatch.rate import RateLimiter
from digest.sender.dispatch.server_load import ServerLoad
from digest.sender.dispatch.stop import StopSignal


@dataclass(frozen=True, slots=True)
class SharedParts:
    """The queue of claims, the writer of outcomes, the limits, the counts and the stop signal."""

    clock: Callable[[], datetime]
    options: DispatchOptions
    claims: ClaimWindow
    commits: GroupCommit
    rate: RateLimiter
    load: ServerLoad
    progress: DispatchProgress
    stop: StopSignal
