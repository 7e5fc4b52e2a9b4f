"""Sends the daily issue from a process of its own."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from digest.pipeline.configured.loading import load_settings
from digest.pipeline.sending.sending import RunControl, SendOrder, send_issue
from digest.store import open_store


def send_daily(folder: Path, moment: datetime) -> None:
    """Send once, by a clock that begins at that moment, and exit as the report says."""
    secrets = {"DIGEST_SECRET_KEY": "a-key-of-forty-characters-that-signs-links"}
    settings = load_settings(folder / "digest.toml", secrets)
    began = monotonic()

    def clock() -> datetime:
        return moment + timedelta(seconds=monotonic() - began)

    with open_store(settings.store.url, folder) as store:
        order, control = SendOrder("daily"), RunControl(clock, asyncio.Event())
        report = asyncio.run(send_issue(settings, store, order, control))
    print(report.sentence())  # noqa: T201 - what a test that fails will want to know
    raise SystemExit(int(report.exit_code))
