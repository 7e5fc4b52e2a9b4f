"""Floods of the form: one victim, one network, many machines. Over real HTTP, to a real store.

The short form asks some hundred times; DIGEST_TORTURE=long ten thousand times, as issued.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from digest.pipeline.readers.signup import Signups, SignUpWish, Taken
from digest.web.public_pages import PublicOptions, public_pages
from digest.web.server.limits import ConnectionLimits
from digest.web.server.serving import serving

from .conftest import TOML, Pressroom

NORA = "nora@reader.example"
_MANY = 10_000 if os.environ.get("DIGEST_TORTURE") == "long" else 240
_AT_ONCE = 60
_DAILY = {"daily": frozenset[str]()}
_OPEN = TOML + '\n[readers]\nover_all = 100000\n[serve]\ntrusted_proxies = ["127.0.0.1"]\n'
_PATIENCE = 300.0  # seconds: what is counted here must not depend on how fast the machine is
# The proxy counts its own connections: here all of them come from one machine.
_LIMITS = ConnectionLimits(
    per_network=512, head_seconds=_PATIENCE, body_seconds=_PATIENCE, answer_seconds=_PATIENCE
)
Ask = Callable[[int], tuple[str, str]]


def _flood(room: Pressroom, ask: Ask) -> Counter[int]:
    """Post `_MANY` forms, many at once; `ask` names address and network of each. Count statuses."""
    room.toml = _OPEN
    app = public_pages(room.settings, room.store, room.clock, PublicOptions(beat=room.beat))
    with serving(app, limits=_LIMITS) as url:
        return room.run(_posted(url, ask))


async def _posted(url: str, ask: Ask) -> Counter[int]:
    statuses: Counter[int] = Counter()
    numbers = iter(range(_MANY))
    limits = httpx.Limits(max_connections=_AT_ONCE)

    async def lane(client: httpx.AsyncClient) -> None:
        for number in numbers:
            email, network = ask(number)
            answer = await client.post(
                "/subscribe",
                data={"email": email, "edition": "daily", "section": str(number)},
                # A connection that is kept may be closed while the next request is on its way.
                headers={"X-Forwarded-For": network, "Connection": "close"},
            )
            statuses[answer.status_code] += 1

    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=_PATIENCE) as client:
        await asyncio.gather(*(lane(client) for _ in range(_AT_ONCE)))
    return statuses


def _network(number: int) -> str:
    return f"10.{number // 250}.{number % 250}.1"


@pytest.mark.parametrize(
    "victim",
    [
        lambda _number: NORA,
        lambda number: f"nora+{number}@reader.example",
        lambda number: f"NORA{'+' * (number % 2)}@reader.example",
    ],
    ids=["address", "tags", "case"],
)
def test_many_sign_ups_for_one_victim_are_at_most_three_mails(
    room: Pressroom, victim: Callable[[int], str]
) -> None:
    """From as many networks, at one moment, with as many tags: and every answer is the same."""
    statuses = _flood(room, lambda number: (victim(number), _network(number)))
    assert statuses == {303: _MANY}
    assert 1 <= len(room.mails("reader.example")) <= 3
    room.later(minutes=11)
    assert len(room.mails("reader.example")) <= 3


def test_many_addresses_from_one_network_are_its_allowance(room: Pressroom) -> None:
    """It gets no mail more than it may ask for, and is told so; its neighbour is not."""
    most = room.settings.readers.per_network
    statuses = _flood(room, lambda number: (f"a{number}@reader.example", f"192.0.2.{number % 200}"))
    assert statuses == {303: most, 429: _MANY - most}
    assert len(room.mails()) == most
    signups = Signups(room.settings, room.store, room.clock)
    assert signups.ask(SignUpWish("b@reader.example", _DAILY, "192.0.3.7")) is Taken.TAKEN
    room.later(hours=1)
    assert signups.ask(SignUpWish("c@reader.example", _DAILY, "192.0.2.7")) is Taken.TAKEN


def test_a_change_of_address_is_no_way_round(room: Pressroom) -> None:
    """Readers of ours name one victim as their new address: it has three mails, and no more."""
    for number in range(8):
        who = room.subscribed(f"reader{number}@reader.example")
        room.ask_for_address(who, "victim@elsewhere.example")
    assert len(room.mails("victim@elsewhere.example")) == 3
