"""Collect once; a test kills this process at any moment. Arguments: configuration, moment."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from digest.pipeline.configured.loading import load_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.store import open_store

if __name__ == "__main__":
    settings = load_settings(Path(sys.argv[1]), {})
    with open_store(settings.store.url, settings.folder) as store:
        asyncio.run(collect_articles(settings, store, datetime.fromisoformat(sys.argv[2])))
