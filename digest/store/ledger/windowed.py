"""The ledger of a run whose machine may be gone at any moment: it is pushed window by window.

    claim → does somebody want it stopped? → mark all of them inflight → push → hand out
          → settle in the file → claim …

So a window is inflight where others can see it before its first mail leaves, and a run that is
killed with its disk leaves at most one window uncertain. What was settled since is in the next
push.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from digest.models.deliveries import (
    Advanced,
    Claim,
    ClaimRequest,
    Outcome,
    Receipt,
    Settlement,
    Start,
)
from digest.store.ledger.ledger import Ledger
from digest.store.values import Cap


def _never(_issue_id: int, _now: datetime) -> bool:
    return False


class WindowedLedger:
    """Satisfies the sender's protocol; recipients that it hands out are inflight already."""

    def __init__(
        self,
        ledger: Ledger,
        push: Callable[[datetime], None],
        window: int,
        is_stopped: Callable[[int, datetime], bool] = _never,
    ) -> None:
        """Call `push` after each claim; what it raises ends the run.

        Never more than `window` recipients are handed out and not settled. Before each push
        `is_stopped` is asked about the issue: then nobody more is handed out.
        """
        self._ledger = ledger
        self._push = push
        self._window = window
        self._is_stopped = is_stopped
        self._begun: dict[int, int] = {}
        self._was_full = False

    def may_go_on(self) -> bool:
        """Whether a claim since the last question found the window full: others may be due.

        A sender of large calls takes them as they are then, and comes back.
        """
        found, self._was_full = self._was_full, False
        return found

    def claim(
        self, issue_id: int, request: ClaimRequest, now: datetime, caps: tuple[Cap, ...] = ()
    ) -> tuple[Claim, ...]:
        """Return recipients that are due, inflight and pushed; () if none is, without a push."""
        room = self._window - len(self._begun)
        if room <= 0:
            self._was_full = True
            return ()
        wanted = replace(request, limit=min(request.limit, room))
        claims = self._ledger.claim(issue_id, wanted, now, caps)
        if not claims:
            return ()
        if self._is_stopped(issue_id, now):
            self.release(claims, now)
            return ()
        starting = [Start(one.recipient.delivery_id, one.fence) for one in claims]
        begun = self._ledger.advance(settled=(), starting=starting, now=now).inflight
        self._push(now)
        self._begun.update((one.delivery_id, one.fence) for one in starting)
        return tuple(one for one in claims if one.recipient.delivery_id in begun)

    def advance(
        self, *, settled: Sequence[Settlement], starting: Sequence[Start], now: datetime
    ) -> Advanced:
        """Settle outcomes in the file; `starting` may be sent if they are of our window."""
        calls = [one for one in starting if one.call and self._is_ours(one)]
        done = self._ledger.advance(settled=settled, starting=(), now=now)
        if calls:
            self._ledger.name_calls(calls)
        for one in settled:
            self._begun.pop(one.delivery_id, None)
        ours = frozenset(one.delivery_id for one in starting if self._is_ours(one))
        return Advanced(ours, done.settled)

    def release(self, claims: Sequence[Claim], now: datetime) -> None:
        """Make recipients pending again that nothing was tried for; they use up no attempt."""
        self.advance(settled=[_unsent(one) for one in claims], starting=(), now=now)

    def _is_ours(self, start: Start) -> bool:
        return self._begun.get(start.delivery_id) == start.fence


def _unsent(claim: Claim) -> Settlement:
    number = claim.recipient.delivery_id
    return Settlement(number, claim.fence, Receipt(number, Outcome.UNSENT))
