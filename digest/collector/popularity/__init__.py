"""The articles that readers read most, from their counters: a question to ask, and the answer read.

One module a counter, each with an `ADAPTER` and the keys that it has in [[popularity]], found by
the line in `registry`. No adapter fetches: it returns an HttpRequest and reads an answer's text, so
that all of them are pure; `calling` sends the question through the room `http`.
"""

from digest.collector.popularity.contract import (
    Adapter,
    AtVendor,
    Counter,
    Figure,
    PopularityResult,
)
from digest.collector.popularity.registry import ADAPTERS

__all__ = [
    "ADAPTERS",
    "Adapter",
    "AtVendor",
    "Counter",
    "Figure",
    "PopularityResult",
]
