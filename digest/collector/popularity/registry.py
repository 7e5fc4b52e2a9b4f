"""Every counter of readers: one line each. A line is read when the counter is first asked for."""

from __future__ import annotations

from typing import Any

from digest.collector.popularity.contract import Adapter
from digest.extension.registry import Registry

ADAPTERS: Registry[Adapter[Any]] = Registry(
    "kind of counter",
    Adapter,
    "digest.popularity_counters",
    {
        "wpp": "digest.collector.popularity.wpp:ADAPTER",
        "jetpack": "digest.collector.popularity.jetpack:ADAPTER",
        "plausible": "digest.collector.popularity.plausible:ADAPTER",
        "matomo": "digest.collector.popularity.matomo:ADAPTER",
        "ga4": "digest.collector.popularity.ga4:ADAPTER",
        "table": "digest.collector.popularity.table:ADAPTER",
    },
)
