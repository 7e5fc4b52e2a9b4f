"""Killed at any moment, on either database: nobody is lost, the doubtful are named first.

The whole way is the real one: `digest send` over a planned issue of the demo site. The judge is
the mail server's log. To order a resend of everybody uncertain after each kill is the harshest an
operator can be: only then does a copy too many ever leave.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import ExitCode
from digest.models.deliveries import DeliveryState

if TYPE_CHECKING:
    from tests.torture.conftest import Newsroom, Running, Sender

CONNECTIONS = 8
LANES = 2
_ROUND_SECONDS = 60.0
_ENDED = {ExitCode.DONE, ExitCode.RECIPIENTS}


@dataclass(frozen=True)
class Judgement:
    """What the mail server's log says, set against who was recorded as uncertain."""

    planned: int
    kills: int
    lost: int
    copies_too_many: int
    unrecorded: int
    uncertain: int

    @classmethod
    def of(cls, newsroom: Newsroom, kills: int) -> Judgement:
        copies, states = newsroom.sink.copies(), newsroom.states()
        recorded = newsroom.recorded()
        too_many = Counter({name: number - 1 for name, number in copies.items() if number > 1})
        return cls(
            planned=len(states),
            kills=kills,
            lost=sum(1 for name in states if not copies[name]),
            copies_too_many=too_many.total(),
            unrecorded=(too_many - recorded).total(),
            uncertain=recorded.total(),
        )

    @property
    def holds(self) -> bool:
        return (
            self.lost == 0
            and self.unrecorded == 0
            and self.copies_too_many <= self.kills * CONNECTIONS
        )


def kill_at_random(newsroom: Newsroom, running: Running, chance: random.Random, most: int) -> int:
    """Kill one sender at a random moment of its life; give 1, or 0 if it had ended by itself."""
    if chance.random() < 0.2:  # while it starts, recovers, or claims
        time.sleep(chance.random() * 0.3)
    else:
        _until_grown(newsroom, running, chance.randint(0, most))
        time.sleep(chance.random() * 0.005)
    running.kill()
    return sum(status == -9 for status in running.wait())


def _until_grown(newsroom: Newsroom, running: Running, more: int) -> None:
    goal, deadline = newsroom.sink.bytes + more, time.monotonic() + _ROUND_SECONDS
    while newsroom.sink.bytes < goal and running.alive and time.monotonic() < deadline:
        time.sleep(0.001)


def torture(newsroom: Newsroom, kills: int, readers: int, ledger: str = "honest") -> Judgement:
    """Kill `kills` times in two lanes at once, then send to the end; the judge's word."""
    most = int(2 * 125 * readers / kills / 0.8)  # a line of the log has some 90 to 125 bytes

    def lane(number: int) -> int:
        chance = random.Random(20261123 + number)  # noqa: S311 - moments that can be had again
        sender, killed = newsroom.senders[number], 0
        for _ in range(kills // LANES):
            killed += kill_at_random(newsroom, _begun(newsroom, sender, ledger), chance, most)
            newsroom.resend_uncertain()
        return killed

    with ThreadPoolExecutor(LANES) as lanes:
        killed = sum(lanes.map(lane, range(LANES)))
    for _ in range(5):
        assert _begun(newsroom, newsroom.senders[0], ledger).wait()[0] in _ENDED, newsroom.said()[
            -2000:
        ]
        if not newsroom.resend_uncertain():
            break
    return Judgement.of(newsroom, killed)


def _begun(newsroom: Newsroom, sender: Sender, ledger: str) -> Running:
    if ledger == "honest":
        return newsroom.send(sender)
    return newsroom.send_with(sender, ledger)


def test_killed_again_and_again(
    newsroom_on: Callable[[int], Newsroom], long_form: bool, figure: Callable[[str], None]
) -> None:
    """Lost 0; copies too many at most kills times connections, each recorded as uncertain first."""
    kills, readers = (200, 40_000) if long_form else (8, 1_600)
    newsroom = newsroom_on(readers)
    began = time.monotonic()
    judgement = torture(newsroom, kills, readers)
    figure(f"{newsroom.url.partition(':')[0]}, {time.monotonic() - began:.0f} s: {judgement}")
    assert judgement.planned == readers
    assert judgement.kills >= (kills * 0.7 if long_form else 2)
    assert judgement.holds, judgement
    assert set(newsroom.states().values()) == {DeliveryState.ACCEPTED}


def test_without_the_durable_mark_the_judge_says_no(
    newsroom_on_sqlite: Callable[[int], Newsroom], figure: Callable[[str], None]
) -> None:
    """Negative control: a ledger that does not mark `inflight` doubles readers it cannot name."""
    newsroom = newsroom_on_sqlite(600)
    judgement = torture(newsroom, 6, 600, "without mark")
    figure(f"without the durable mark: {judgement}")
    assert judgement.unrecorded > 0
    assert not judgement.holds
