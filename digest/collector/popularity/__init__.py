"""What readers read most, from whoever counts it: a question to ask, and the answer read.

One module a counter, each with an `ADAPTER`, found through `ADAPTERS`. No adapter fetches: it gives
a Question and reads an Answer, so that all of them are pure and `calling` alone speaks HTTP.
"""

from __future__ import annotations

from digest.collector.popularity import ga4, jetpack, matomo, plausible, table, wpp
from digest.collector.popularity.contract import (
    Adapter,
    Counter,
    Figure,
    PopularityResult,
    Question,
)

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for adapter in (
        wpp.ADAPTER,
        jetpack.ADAPTER,
        plausible.ADAPTER,
        matomo.ADAPTER,
        ga4.ADAPTER,
        table.ADAPTER,
    )
}

__all__ = ["ADAPTERS", "Adapter", "Counter", "Figure", "PopularityResult", "Question"]
