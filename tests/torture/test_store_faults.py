"""The disk fills, the store turns read-only, fsync fails, the clock is moved: nobody is lost.

It happens in the middle of a real send, in a process of its own. Then the fault is mended and
`digest send` runs again. The judge is the mail server's log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from digest.errors import ExitCode, StoreError
from digest.models.deliveries import DeliveryState

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom, Sender

READERS = 300


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("fsync fails", "the disk failed"),
        ("fsync fails afterwards", "the disk failed"),
        ("disk full", "the disk"),
        ("read-only", "may only be read"),
    ],
)
def test_store_fails_in_the_middle(
    newsroom_on_sqlite: Callable[[int], Newsroom], fault: str, said: str
) -> None:
    """The send ends with a clear word; the next one goes on where the ledger was last written."""
    newsroom = newsroom_on_sqlite(READERS)
    assert newsroom.send_with(newsroom.senders[0], fault).wait() == [StoreError.exit_code]
    assert said in newsroom.said()
    assert 0 < newsroom.sink.mails < READERS
    ended = newsroom.send(newsroom.senders[0]).wait()
    assert set(ended) <= {ExitCode.DONE, ExitCode.RECIPIENTS}, newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)


@pytest.mark.parametrize("jump", [3 * 3600, -3 * 3600], ids=["forwards", "backwards"])
def test_clock_is_moved_in_the_middle(
    newsroom_on_sqlite: Callable[[int], Newsroom], jump: int
) -> None:
    """Hours forwards or backwards: one copy each, nothing uncertain."""
    newsroom = newsroom_on_sqlite(READERS)
    assert newsroom.send_with(newsroom.senders[0], "honest", jump=jump).wait() == [ExitCode.DONE]
    newsroom.assert_nobody_is_lost(READERS)
    assert set(newsroom.states().values()) == {DeliveryState.ACCEPTED}


@pytest.mark.postgres
def test_postgres_ends_our_connections(
    newsroom_in: Callable[[str, int, tuple[Sender, ...]], Newsroom], postgres_url: str
) -> None:
    """As when it restarts: what servers answered is written after all, and nobody is uncertain."""
    newsroom = newsroom_in(postgres_url, READERS, ())
    for _ in range(4):
        running = newsroom.send(newsroom.senders[0])
        newsroom.wait_for(min(READERS, newsroom.sink.mails + 20))
        newsroom.break_connections()
        # Between two transactions nobody notices.
        assert set(running.wait()) <= {ExitCode.DONE, StoreError.exit_code}
    assert newsroom.send(newsroom.senders[0]).wait() == [ExitCode.DONE], newsroom.said()[-2000:]
    newsroom.assert_nobody_is_lost(READERS)
    assert set(newsroom.states().values()) == {DeliveryState.ACCEPTED}
