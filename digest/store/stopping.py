"""Stopping a run from elsewhere, where its ledger is pushed and so nobody else may change it.

    `digest issues pause` → a request beside the state → read before each window → the issue is held

Every other store is shared while it is in use: there an issue is held in the ledger itself.
"""

from __future__ import annotations

from datetime import datetime

from digest.models.issues import IssueState
from digest.store.issues.issues import IssueStore
from digest.store.remote.replica import Replica
from digest.store.remote.stop_requests import StopRequest

_OVER = frozenset({IssueState.FINISHED, IssueState.CANCELLED})


class Stopping:
    """Requests to stop, as the operator leaves them and as the run that sends obeys them."""

    def __init__(self, issues: IssueStore, replica: Replica) -> None:
        self._issues = issues
        self._replica = replica

    def ask(self, key: str, why: str, now: datetime) -> None:
        """Leave a request that the issue is held. LedgerRefused if the place cannot be written."""
        self._replica.stop_requests.add(StopRequest(key, why, now))

    def take_back(self, key: str) -> bool:
        """Take the request away; say whether one was waiting. LedgerRefused."""
        return self._replica.stop_requests.withdraw({key})

    def obey(self, now: datetime) -> frozenset[int]:
        """Hold each issue that somebody wants stopped, and return their numbers.

        The requests are taken away by the push after this. One whose issue is not planned yet
        waits. LedgerRefused if it cannot be known what is asked.
        """
        held = set()
        for one in self._replica.stop_requests.waiting():
            issue = self._issues.get(one.issue)
            if issue is None:
                continue
            self._replica.obeyed(one.issue)
            if issue.state in _OVER:
                continue
            if issue.state is not IssueState.HELD:
                self._issues.set_state(issue.id, IssueState.HELD, now, one.why)
            held.add(issue.id)
        return frozenset(held)

    def is_stopped(self, issue_id: int, now: datetime) -> bool:
        """Obey what is asked, and say whether this issue is to be sent no further."""
        return issue_id in self.obey(now)
