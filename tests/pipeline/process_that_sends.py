"""Sends the daily issue from a process of its own: `process_that_sends.py FOLDER MOMENT`."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from digest.config import load_settings
from digest.pipeline.sending import SendOrder, send_issue
from digest.store import open_store


def main(folder: Path, moment: datetime) -> int:
    """Send once, at that moment by its clock; give the exit code."""
    secrets = {"DIGEST_SECRET_KEY": "a-key-of-forty-characters-that-signs-links"}
    settings = load_settings(folder / "digest.toml", secrets)
    with open_store(settings.store.url, folder) as store:
        order, stop = SendOrder("daily"), asyncio.Event()
        report = asyncio.run(send_issue(settings, store, order, clock=lambda: moment, stop=stop))
    print(report.sentence())  # noqa: T201 - what a test that fails will want to know
    return int(report.exit_code)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])))
