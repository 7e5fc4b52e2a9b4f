"""Requests that are written before a connection is free to send them."""

from __future__ import annotations

from collections import deque

from digest.models.calls import Call
from digest.sender.api.contract import ApiRequest, Provider

_KEPT = 32  # calls; one that is never sent is forgotten in time


class RequestDrafts:
    """The requests of a provider, shared by all connections of a transport."""

    def __init__(self, provider: Provider) -> None:
        """Begin without any."""
        self._provider = provider
        self._kept: deque[tuple[Call, ApiRequest]] = deque(maxlen=_KEPT)

    def write(self, call: Call) -> None:
        """Write the request of a call that is about to be sent."""
        self._kept.append((call, self._provider.request(call)))

    def request(self, call: Call) -> ApiRequest:
        """Return the request of a call: the one that is written, or a new one."""
        for place, (kept, request) in enumerate(self._kept):
            if kept is call:  # a call that lost a recipient since is another one
                del self._kept[place]
                return request
        return self._provider.request(call)
