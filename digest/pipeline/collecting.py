"""Sources → articles in the store. One broken source never stops the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from digest import __version__
from digest.collector import Limits, SourceRequest, SourceResult, collect
from digest.config import Settings, SourceSettings
from digest.store import KnownSource, SourceOutcome, Store


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source gave: `status` is "ok", "unchanged" or "failed"; `error` says what to do."""

    id: str
    status: str
    new: int
    updated: int
    error: str
    seconds: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What a run of the collector gave; `articles` counts everything the store now holds."""

    sources: tuple[SourceReport, ...]
    articles: int


def limits_of(settings: Settings) -> Limits:
    """Give the collector its manners and limits as plain values."""
    rules = settings.collector
    contact = rules.contact or settings.site.url
    return Limits(
        concurrency=rules.concurrency,
        per_host=rules.per_host,
        timeout=rules.timeout,
        max_bytes=rules.max_bytes,
        max_items=rules.max_items,
        max_redirects=rules.max_redirects,
        max_depth=rules.max_depth,
        parse_timeout=rules.parse_timeout,
        parsers=rules.parsers,
        allow_private_hosts=rules.allow_private_hosts,
        user_agent=f"Digest/{__version__} (+{contact})",
    )


async def collect_articles(
    settings: Settings,
    store: Store,
    now: datetime,
    on_source: Callable[[SourceReport], None] | None = None,
) -> CollectReport:
    """Fetch every source of the configuration and keep what it gave, source by source."""
    known = store.sources.get([source.id for source in settings.source])
    requests = [_request(source, known.get(source.id)) for source in settings.source]
    sources = {source.id: source for source in settings.source}
    reports: dict[str, SourceReport] = {}

    def keep(result: SourceResult) -> None:
        report = _keep(store, result, sources[result.source_id], now)
        reports[report.id] = report
        if on_source:
            on_source(report)

    await collect(requests, limits_of(settings), keep)
    return CollectReport(
        sources=tuple(reports[request.id] for request in requests),
        articles=store.articles.count(),
    )


def _request(source: SourceSettings, known: KnownSource | None) -> SourceRequest:
    etag, last_modified = known.validators(source.url) if known else ("", "")
    return SourceRequest(source.id, source.url, source.kind, etag, last_modified)


def _keep(
    store: Store, result: SourceResult, source: SourceSettings, now: datetime
) -> SourceReport:
    """Keep the articles first and the memory of the source after them.

    Killed in between, the next run fetches again and nothing is lost.
    """
    saved = store.articles.save(result.source_id, result.articles, now)
    error = str(result.error) if result.error else ""
    outcome = SourceOutcome(
        id=result.source_id,
        url=source.url,
        status=result.status,
        kind=source.kind,
        etag=result.etag,
        last_modified=result.last_modified,
        moved_to=result.moved_to,
        error=error,
        items=len(result.articles),
    )
    store.sources.record([outcome], now)
    return SourceReport(
        id=result.source_id,
        status=result.status,
        new=saved.new,
        updated=saved.updated,
        error=error,
        seconds=result.seconds,
        notes=result.notes,
    )
