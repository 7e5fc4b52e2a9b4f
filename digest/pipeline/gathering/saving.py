"""A collector's results → the store. A sick source costs itself, never the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.collector import SourceResult
from digest.collector.articles.urls import shown, site_of
from digest.config import CollectorSettings
from digest.errors import SourceError, SourceSilent, StoreError, StoreRefused
from digest.log import log
from digest.pipeline.gathering.page_memory import remember_pages
from digest.pipeline.gathering.report import SourceReport
from digest.pipeline.gathering.visit import SourceVisit
from digest.store import Saved, Store


class Storing:
    """One run of the collector, as the thread that keeps its results sees it."""

    def __init__(
        self,
        store: Store,
        now: datetime,
        rules: CollectorSettings,
        tell: Callable[[SourceReport], None],
    ) -> None:
        self._store = store
        self._now = now
        self._checks = rules.withdrawal_checks
        self._lately = timedelta(days=rules.withdrawal_days)
        self._on_source = tell
        self.looks: dict[str, SourceVisit] = {}
        self.reports: dict[str, SourceReport] = {}
        self.missing: dict[str, str] = {}
        self._saved: dict[str, Saved] = {}

    def tell(self, report: SourceReport) -> None:
        """Note what became of a source, and say so."""
        self.reports[report.id] = report
        if report.status == "failed":
            log.warning("source failed", source=report.id, why=report.error)
        else:
            log.debug(
                "source read",
                source=report.id,
                status=report.status,
                new=report.new,
                updated=report.updated,
                seconds=round(report.seconds, 2),
            )
        self._on_source(report)

    def keep(self, results: Sequence[SourceResult]) -> None:
        """Keep what sources brought and what became of them, and tell of it.

        What the store does not take costs its own source: the others are kept one by one, and that
        one has failed. Raises StoreError where it is the store that is ill.
        """
        for result in self._kept(results):
            saved = self._saved.get(result.source_id, Saved(0, 0))
            self.tell(_report(result, saved))

    def _kept(self, results: Sequence[SourceResult]) -> Sequence[SourceResult]:
        """Write them, together if that can be, and give them as they were kept."""
        try:
            self._write(results)
        except Exception as error:
            if _is_the_stores(error):
                raise
            if len(results) > 1:
                return [kept for one in results for kept in self._kept([one])]
            failed = _unkept(results[0], self.looks[results[0].source_id].address, error)
            self._write([failed])
            return [failed]
        return results

    def _write(self, results: Sequence[SourceResult]) -> None:
        """Write the articles first and the memory of the sources after them.

        Killed in between, the next run fetches again and nothing is lost.
        """
        brought = {one.source_id: one.articles for one in results if one.articles}
        if brought:
            # What was written once is nothing new where it is written again.
            self._saved = dict(self._store.articles.save_all(brought, self._now)) | self._saved
        results = [self._as_stored(one) for one in results]
        read = {one.source_id: one.prominence for one in results if one.status == "ok"}
        if read:
            self._store.articles.record_prominence(read)
        for one in results:
            if one.pages or (one.status == "ok" and self.looks[one.source_id].pages):
                remember_pages(self._store, one)
        outcomes = (self.looks[one.source_id].outcome(one, self._now) for one in results)
        self._store.sources.record(outcomes, self._now)
        self._look_for_missing(results)

    def _as_stored(self, result: SourceResult) -> SourceResult:
        """Return a result whose articles and pages bear the store's ids."""
        saved = self._saved.get(result.source_id)
        if saved is None or not saved.ids:
            return result
        return replace(
            result,
            articles=tuple(
                replace(one, id=saved.ids.get(one.id, one.id)) for one in result.articles
            ),
            pages={
                url: replace(page, article_id=saved.ids.get(page.article_id, page.article_id))
                for url, page in result.pages.items()
            },
            prominence={
                saved.ids.get(name, name): said for name, said in result.prominence.items()
            },
        )

    def _look_for_missing(self, results: Iterable[SourceResult]) -> None:
        """Note what a source no longer brings though it reaches back so far."""
        present: dict[str, frozenset[str]] = {}
        since: dict[str, datetime] = {}
        for result in results:
            told = [(article.id, article.published) for article in result.articles]
            told += [(page.article_id, page.published) for page in result.kept]
            dates = [date for _, date in told if date]
            if dates and self._checks:
                present[result.source_id] = frozenset(name for name, _ in told)
                since[result.source_id] = max(min(dates), self._now - self._lately)
        for missing in self._store.articles.missing(present, since).values():
            self.missing.update(missing[: self._checks])


def _is_the_stores(error: Exception) -> bool:
    """Tell an ill store, which can keep nothing, from a row that it does not take."""
    return isinstance(error, StoreError) and not isinstance(error, StoreRefused)


def _unkept(result: SourceResult, address: str, error: Exception) -> SourceResult:
    """Return the result of a source that brought what the store does not take."""
    said = error.what if isinstance(error, StoreRefused) else f"a row broke {type(error).__name__}"
    return SourceResult(
        result.source_id,
        "failed",
        error=SourceError(
            f"read, but the store does not take what it holds ({said})",
            where=shown(address),
            fix="The next run tries again; if it stays, report this with the source's address",
        ),
        seconds=result.seconds,
    )


def _report(result: SourceResult, saved: Saved) -> SourceReport:
    return SourceReport(
        id=result.source_id,
        status=result.status,
        new=saved.new,
        updated=saved.updated,
        error=str(result.error) if result.error else "",
        seconds=result.seconds,
        notes=result.notes,
        silent=site_of(result.error.where) if isinstance(result.error, SourceSilent) else "",
    )
