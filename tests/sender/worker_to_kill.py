"""Dispatches one issue of a real store, in processes that test_kill.py kills."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digest.models.mails import Message, Recipient
from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp
from digest.store import open_store


def compose(recipient: Recipient) -> Message:
    """Return a mail that names its delivery."""
    return Message(
        recipient.delivery_id,
        "bounce@news.example",
        recipient.addr_spec,
        f"<{recipient.public_id}@news.example>",
        f"Subject: issue\r\n\r\n{recipient.delivery_id}\r\n".encode(),
    )


def work(folder: Path, issue_id: int, port: int, hours: int, connections: int) -> None:
    """Recover what the last process left behind, then send; the clock is `hours` ahead."""

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours)

    options = DispatchOptions(
        f"worker-{hours}", clock() + timedelta(hours=9), connections=connections, lease_seconds=60
    )
    with open_store("sqlite:///digest.db", folder) as store:
        store.ledger.recover(issue_id, clock())
        transport = Smtp(SmtpServer("127.0.0.1", port, tls="none"))
        report = asyncio.run(
            Dispatcher(store.ledger, transport, compose, clock).run(issue_id, options)
        )
    if report.stopped_because:
        raise SystemExit(report.stopped_because)
