"""How often articles are read: every counter of the configuration is asked, the store remembers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.collector import Limits
from digest.collector.popularity import Counter, PopularityResult
from digest.collector.popularity.calling import by_article, count_all
from digest.config import PopularitySettings, Settings
from digest.errors import SourceError
from digest.store import Store


@dataclass(frozen=True, slots=True)
class PopularityReport:
    """What one counter gave: pages it named, how many are articles we know, or what is wrong."""

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
    counters: list[Counter] = []
    for one in settings.popularity:
        try:
            counters.append(_counter(one, settings))
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


def _counter(one: PopularitySettings, settings: Settings) -> Counter:
    secret = settings.secrets.popularity.get(one.variable)
    return Counter(
        id=one.id,
        kind=one.kind,
        home=settings.site.url,
        url=one.url,
        site=one.site,
        window_hours=one.window_hours,
        limit=one.limit,
        secret=_secret(secret.get_secret_value().strip() if secret else "", one, settings),
        text=_file(one, settings) if one.path is not None else None,
    )


def _secret(value: str, one: PopularitySettings, settings: Settings) -> str:
    """Read the key file that the variable names, for those counters whose secret is one."""
    if one.kind in {"jetpack", "plausible", "ga4"} and not value:
        raise SourceError(
            f"{one.variable} is not set",
            where=f'popularity "{one.id}"',
            fix="Put the service's key into .env or the environment",
        )
    if one.kind != "ga4" or value.startswith("{"):
        return value
    return _text(settings.folder / value, one, settings.collector.max_bytes)


def _file(one: PopularitySettings, settings: Settings) -> str:
    return _text(settings.folder / (one.path or ""), one, settings.collector.max_bytes)


def _text(place: Path, one: PopularitySettings, most: int) -> str:
    try:
        if place.stat().st_size > most:
            raise SourceError(
                f"the file is larger than {most:,} bytes",
                where=str(place),
                fix="Keep only the last days in it, or raise max_bytes under [collector]",
            )
        return place.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise SourceError(
            f"the file cannot be read ({error.strerror})",
            where=f'popularity "{one.id}": {place}',
            fix="Check path, and that whatever writes the file has run",
        ) from error
