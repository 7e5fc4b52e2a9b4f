"""A CI runner whose disk is thrown away: no ledger begins there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from digest.config.environment import surroundings_in
from digest.errors import LedgerRefused
from digest.pipeline.operator.ledger_guard import adopt
from digest.pipeline.schedule.run import Runner, RunOrder
from digest.pipeline.sending.order import SendOrder

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

ORDER = SendOrder("daily")


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return the newsroom in CI: its readers are imported, its ledger knows nothing."""
    newsroom.environment["CI"] = "true"
    return newsroom


def run(room: Newsroom, order: RunOrder) -> None:
    runner = Runner(room.settings, room.store, lambda: room.now, asyncio.Event())
    asyncio.run(runner.run(order))


def test_in_ci_a_ledger_does_not_begin_in_a_file(room: Newsroom) -> None:
    """Neither `send` nor `run` sends; the message names three ways and the rehearsal."""
    with pytest.raises(LedgerRefused) as refused:
        room.send()
    said = str(refused.value)
    for way in ("postgresql://", "sqlite+git://", "sqlite+s3://", "--adopt", "--ephemeral"):
        assert way in said
    with pytest.raises(LedgerRefused):
        run(room, RunOrder())
    assert not room.mailbox.kept
    assert room.store.marks.current() is None


def test_a_rehearsal_sends_all_the_same(room: Newsroom) -> None:
    """`--ephemeral` says that the ledger may be lost; a dry run needs no word."""
    room.send(replace(ORDER, dry_run=True))
    run(room, RunOrder(dry_run=True))
    assert room.send(replace(ORDER, ephemeral=True)).sent_now == 3


def test_on_a_disk_that_lasts_the_ledger_is_begun_once(room: Newsroom) -> None:
    """The message's own command mends it, and every later run in CI sends."""
    _, done = adopt(room.settings, room.store, room.now)
    assert done == ("a ledger begins here",)
    assert room.send().sent_now == 3
    assert room.send().sent_now == 0


@pytest.mark.parametrize(
    ("value", "in_ci"), [("true", True), ("1", True), ("woodpecker", True), ("false", False)]
)
def test_ci_is_what_services_set(value: str, *, in_ci: bool) -> None:
    """Each sets CI to something; "false" and nothing are no CI."""
    assert surroundings_in({"CI": value}).in_ci is in_ci
    assert surroundings_in({}).in_ci is False
