"""Collects once, in processes that test_collecting_killed.py kills at any moment."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from digest.pipeline.configured.loading import load_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.store import open_store


def collect(configuration: Path, now: datetime) -> None:
    """Collect all sources of this configuration."""
    settings = load_settings(configuration, {})
    with open_store(settings.store.url, settings.folder) as store:
        asyncio.run(collect_articles(settings, store, now))
