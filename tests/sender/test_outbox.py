"""The outbox: one file a mail, whole or not there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import TransportUnavailable
from digest.models.deliveries import Outcome
from digest.models.mails import Message, Recipient
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.outbox import Outbox

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger

Compose = Callable[[Recipient], Message]


def test_run_twice_doubles_nothing(
    tmp_path: Path,
    new_ledger: Callable[[int], MemoryLedger],
    compose: Compose,
    options: DispatchOptions,
    epoch: datetime,
) -> None:
    """A file is named by its delivery: whoever is sent again overwrites it."""
    folder = tmp_path / "outbox" / "daily" / "2026-11-23"
    for _ in range(2):
        ledger = new_ledger(20)
        report = asyncio.run(
            Dispatcher(ledger, Outbox(folder), compose, lambda: epoch).run(1, options)
        )
        assert report.accepted == 20
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{number:08d}.eml" for number in range(1, 21)
    ]
    row = ledger.rows[7]
    assert (folder / "00000007.eml").read_bytes() == compose(row.recipient).data


def test_folder_that_cannot_be_made(
    tmp_path: Path,
    new_ledger: Callable[[int], MemoryLedger],
    compose: Compose,
    options: DispatchOptions,
    epoch: datetime,
) -> None:
    """A file where the folder should be: nobody is claimed, and the message names the place."""
    blocked = tmp_path / "outbox"
    blocked.write_text("in the way")
    ledger = new_ledger(3)
    report = asyncio.run(
        Dispatcher(ledger, Outbox(blocked / "daily"), compose, lambda: epoch).run(1, options)
    )
    assert isinstance(report.error, TransportUnavailable)
    assert str(blocked) in report.stopped_because
    assert ledger.states() == {"pending": 3}


def test_folder_that_disappears(
    tmp_path: Path, compose: Compose, new_ledger: Callable[[int], MemoryLedger]
) -> None:
    """Losing the folder in the middle is the transport's error, and leaves no half file."""

    async def run() -> None:
        connection = await Outbox(tmp_path / "gone").connect()
        message = compose(new_ledger(1).rows[1].recipient)
        assert (await connection.send(message)).outcome is Outcome.ACCEPTED
        for path in (tmp_path / "gone").iterdir():
            path.unlink()
        (tmp_path / "gone").rmdir()
        with pytest.raises(TransportUnavailable):
            await connection.send(message)

    asyncio.run(run())
    assert list(tmp_path.iterdir()) == []
