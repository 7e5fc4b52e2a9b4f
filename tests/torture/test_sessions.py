"""Mail servers that end a session after some mails, and a sender that may open few files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode
from digest.models.deliveries import DeliveryState

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom

READERS = 60
_MOST_ROUNDS = 40


@pytest.mark.parametrize("mails", [1, 5])
def test_a_server_that_ends_each_session_after_some_mails(
    newsroom_of_short_sessions: Callable[[int, int], Newsroom], mails: int
) -> None:
    """All get one mail, but for those whose mail was kept and not answered: they are uncertain."""
    newsroom = newsroom_of_short_sessions(READERS, mails)
    for _ in range(_MOST_ROUNDS):
        newsroom.send(newsroom.senders[0]).wait()
        states = newsroom.states()
        if set(states.values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}:
            break
    else:
        raise AssertionError(newsroom.said()[-3000:])
    copies = newsroom.sink.copies()
    accepted = {name for name, state in states.items() if state is DeliveryState.ACCEPTED}
    assert len(states) == READERS
    assert set(copies.values()) == {1}
    assert accepted <= set(copies)


def test_a_sender_that_may_open_few_files(
    newsroom_on_sqlite: Callable[[int], Newsroom],
) -> None:
    """With `ulimit -n 64` everybody has one mail."""
    newsroom = newsroom_on_sqlite(READERS)
    words = ["--config", newsroom.config, "send", "daily", "--slot", newsroom.slot, "--json"]
    running = newsroom.senders[0].begin(
        arguments=words, files=64, output=newsroom.output, url=newsroom.url
    )
    assert running.wait() == [ExitCode.DONE], newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)
    assert set(newsroom.states().values()) == {DeliveryState.ACCEPTED}
