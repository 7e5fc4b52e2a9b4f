"""The reads of articles: every counter of the configuration is asked, the store remembers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digest.collector import Limits
from digest.collector.popularity import Counter, PopularityResult
from digest.collector.popularity.calling import by_article, count_all
from digest.config import Settings
from digest.errors import SourceError
from digest.pipeline.configured.counters import counter_for
from digest.store import Store


@dataclass(frozen=True, slots=True)
class PopularityReport:
    """The answer of one counter: pages it named, how many are known articles, or what is wrong."""

    id: str
    pages: int
    articles: int
    error: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "id": self.id,
            "pages": self.pages,
            "articles": self.articles,
            "error": self.error or None,
        }


async def count_readers(
    settings: Settings, store: Store, limits: Limits, now: datetime
) -> tuple[PopularityReport, ...]:
    """Ask every counter and keep the counts by article; the first that names an article counts.

    A counter that fails leaves what was counted before as it was.
    """
    if not settings.popularity:
        return ()
    results: dict[str, PopularityResult] = {}
    counters: list[Counter[Any]] = []
    for one in settings.popularity:
        try:
            counters.append(counter_for(one, settings))
        except SourceError as error:
            results[one.id] = PopularityResult(one.id, error=error)

    def keep(result: PopularityResult) -> None:
        results[result.counter_id] = result

    await count_all(counters, limits, now, keep)
    return _recorded([results[one.id] for one in settings.popularity], settings, store)


def _recorded(
    results: list[PopularityResult], settings: Settings, store: Store
) -> tuple[PopularityReport, ...]:
    complete = all(result.error is None for result in results)
    reports: list[PopularityReport] = []
    taken: dict[str, float] = {}
    for result in results:
        counts = by_article(result.figures, settings.site.url)
        fresh = {name: count for name, count in counts.items() if name not in taken}
        # The first may say that all it does not name is forgotten; the others only add.
        known = store.articles.record_popularity(fresh, complete=complete and not reports)
        taken |= fresh
        error = str(result.error) if result.error else ""
        reports.append(PopularityReport(result.counter_id, len(result.figures), known, error))
    return tuple(reports)
