"""Ctrl-C and SIGTERM in the middle of a send: what is under way is finished, nothing is open."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode
from digest.models.deliveries import DeliveryState

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_stopped_send_leaves_a_clean_ledger(
    newsroom_on_sqlite: Callable[[int], Newsroom], how: signal.Signals
) -> None:
    """Accepted are those whom the server kept a mail of; all others are pending, none doubtful."""
    newsroom = newsroom_on_sqlite(200)
    path = Path(newsroom.config)
    quickly = path.read_text()
    newsroom.slow_down(60)
    running = newsroom.begin(newsroom.senders[0], "send", "daily", "--slot", newsroom.slot)
    newsroom.wait_for(10)
    running.kill(how)
    assert running.wait() == [ExitCode.RECIPIENTS]
    assert "Stopping: what is under way is finished" in newsroom.said()
    states, copies = newsroom.states(), newsroom.sink.copies()
    accepted = {name for name, state in states.items() if state is DeliveryState.ACCEPTED}
    assert set(copies) == accepted
    assert set(states.values()) == {DeliveryState.ACCEPTED, DeliveryState.PENDING}
    path.write_text(quickly)
    assert newsroom.send(newsroom.senders[0]).wait() == [ExitCode.DONE]
    assert set(newsroom.sink.copies().values()) == {1}
    assert len(newsroom.sink.copies()) == 200
