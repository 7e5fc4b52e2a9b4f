"""Issues that an operator wants stopped while another run has the state: a sealed list beside it.

A run that sends has the state until its end, and nobody else may change it. This list is a file of
its own. Every command may change it, by compare and swap, and the run reads it before each window.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from digest.store.remote.contract import REQUESTS, Remote, RemoteMoved
from digest.store.remote.sealed_box import NotOurs, SealedBox

_TRIES = 5
_MOST = 50


@dataclass(frozen=True, slots=True)
class StopRequest:
    """The wish that an issue is held: by key, in whose words, and since when."""

    issue: str
    why: str
    asked_at: datetime


_Requests = tuple[StopRequest, ...]


class StopRequests:
    """The list of a place."""

    def __init__(self, remote: Remote, box: SealedBox) -> None:
        self._remote = remote
        self._box = box

    def waiting(self) -> _Requests:
        """Return the requests that no run has obeyed yet. RemoteFailed if that is not known."""
        return self._opened(self._remote.requests().content)

    def add(self, request: StopRequest) -> None:
        """Leave a request for the run that has the state. RemoteFailed."""
        self._change(lambda known: (*_without(known, {request.issue}), request)[-_MOST:])

    def withdraw(self, issues: Collection[str]) -> bool:
        """Take away the requests for these issues; say whether there were any. RemoteFailed."""
        return self._change(lambda known: _without(known, issues))

    def _change(self, changed: Callable[[_Requests], _Requests]) -> bool:
        for left in reversed(range(_TRIES)):
            found = self._remote.requests()
            before = self._opened(found.content)
            after = changed(before)
            if after == before:
                return False
            try:
                self._remote.swap_requests(found.version, self._sealed(after))
            except RemoteMoved:
                if not left:
                    raise
            else:
                break
        return True

    def _sealed(self, requests: _Requests) -> bytes:
        rows = [[one.issue, one.why, one.asked_at.isoformat()] for one in requests]
        return self._box.seal(REQUESTS, json.dumps(rows).encode())

    def _opened(self, content: bytes) -> _Requests:
        """Open the list; one that was sealed by others asks for nothing."""
        if not content:
            return ()
        try:
            rows = json.loads(self._box.open(REQUESTS, content))
            return tuple(
                StopRequest(issue, why, datetime.fromisoformat(at)) for issue, why, at in rows
            )
        except (NotOurs, TypeError, ValueError):
            return ()


def _without(known: _Requests, issues: Collection[str]) -> _Requests:
    return tuple(one for one in known if one.issue not in issues)
