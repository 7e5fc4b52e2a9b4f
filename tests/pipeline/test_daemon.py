"""The daemon: the same as runs by cron, one a store, and it says how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from digest.pipeline.watching.daemon import Daemon
from digest.web.health import make_health
from digest.web.server.serving import serving

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return the newsroom with its source behind a proxy that is not there."""
    newsroom.toml += '[collector]\nproxy = "http://127.0.0.1:1"\n'
    return newsroom


def daemon_of(room: Newsroom, worker: str = "one") -> Daemon:
    made = Daemon(room.settings, room.store, lambda: room.now, every_seconds=0.02)
    made.worker = worker
    return made


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - a look at what another task does
            await asyncio.sleep(0.01)


def test_two_start_and_one_sends(room: Newsroom) -> None:
    """The second stands by while the first works, takes over when it stops, and sends nothing."""

    async def scene() -> None:
        async with room.mailbox.serving():
            first, second = daemon_of(room, "one"), daemon_of(room, "two")
            stops = asyncio.Event(), asyncio.Event()
            tasks = [asyncio.create_task(first.run(stops[0]))]
            await until(lambda: len(room.mailbox.kept) == 3)
            tasks.append(asyncio.create_task(second.run(stops[1])))
            await until(lambda: second.signs.state == "standing by")
            assert first.signs.state == "working"
            stops[0].set()
            await until(lambda: second.signs.state == "working" and second.signs.last_round)
            stops[1].set()
            await asyncio.gather(*tasks)

    asyncio.run(scene())
    assert len(room.mailbox.kept) == 3


def test_a_lease_whose_worker_died_is_over_after_three_minutes(room: Newsroom) -> None:
    """On another machine nobody can look; the lease decides."""
    assert room.store.leases.take("daemon", "elsewhere", room.now, 180) == ""
    assert room.store.leases.take("daemon", "here", room.now, 180) == "elsewhere"
    later = room.now + timedelta(minutes=3, seconds=1)
    assert room.store.leases.take("daemon", "here", later, 180) == ""
    assert room.store.leases.take("daemon", "elsewhere", later, 180) == "here"


def test_a_worker_that_is_certainly_gone_is_followed_at_once(room: Newsroom) -> None:
    """On the same machine one can look."""
    room.store.leases.take("daemon", "dead", room.now, 180)
    taken = room.store.leases.take("daemon", "next", room.now, 180, gone=lambda one: one == "dead")
    assert taken == ""


def test_a_round_that_fails_does_not_end_it(room: Newsroom) -> None:
    """A mail server that is away: the next round after it is back sends to everybody."""

    async def scene() -> None:
        working, stop = daemon_of(room), asyncio.Event()
        async with room.mailbox.serving():
            pass  # the port is known from now on, and nobody listens
        working.settings = room.settings
        task = asyncio.create_task(working.run(stop))
        await until(lambda: working.signs.last_round)
        assert room.mailbox.kept == []
        async with room.mailbox.serving():
            await until(lambda: len(room.mailbox.kept) == 3)
            stop.set()
            await task

    asyncio.run(scene())
    assert set(room.states.values()) == {"accepted"}


def test_the_health_page_says_whether_it_is_well(room: Newsroom) -> None:
    """200 while rounds come, 503 once the last is too long ago; every answer says when."""
    daemon = daemon_of(room)
    with serving(make_health(lambda: daemon.signs.as_json(room.now))) as address:
        assert address.startswith("http://127.0.0.1:")
        well = httpx.get(f"{address}/health", trust_env=False)
        assert (well.status_code, well.json()["state"]) == (200, "starting")
        room.now += timedelta(minutes=11)
        ill = httpx.get(f"{address}/health", trust_env=False)
        assert (ill.status_code, ill.json()["ok"]) == (503, False)
