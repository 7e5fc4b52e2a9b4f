"""Sources → articles in the store. One broken source never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from digest import __version__
from digest.collector import Limits, SourceRequest, SourceResult, collect, still_there
from digest.collector.contract import KnownPage
from digest.collector.urls import site_of
from digest.collector.waiting import Patience, ask_again, retires
from digest.config import Settings, SourceSettings
from digest.errors import SourceGone, SourceRefused, SourceSilent, SourceUnreadable
from digest.pipeline.collected import CollectReport, SourceReport
from digest.pipeline.keeping import Keeper
from digest.pipeline.popularity import count_readers
from digest.pipeline.remembering import is_an_article, known_pages, remember_pages
from digest.store import KnownSource, Saved, SourceOutcome, Store

_LATELY = timedelta(days=7)  # older articles enter no issue any more


def limits_of(settings: Settings) -> Limits:
    """Give the collector its manners and limits as plain values."""
    rules = settings.collector
    contact = rules.contact or settings.site.url
    return Limits(
        concurrency=rules.concurrency,
        per_host=rules.per_host,
        timeout=rules.timeout,
        connect_timeout=rules.connect_timeout,
        source_timeout=rules.source_timeout,
        page_rest=rules.page_rest,
        max_bytes=rules.max_bytes,
        max_items=rules.max_items,
        max_pages=rules.max_pages,
        max_parts=rules.max_parts,
        max_age_days=rules.max_age_days,
        max_redirects=rules.max_redirects,
        max_depth=rules.max_depth,
        max_elements=rules.max_elements,
        parse_timeout=rules.parse_timeout,
        parsers=rules.parsers,
        proxy=rules.proxy,
        allow_private_hosts=rules.allow_private_hosts,
        user_agent=f"Digest/{__version__} (+{contact})",
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a source that is due: what is asked, and what was known before."""

    source: SourceSettings
    known: KnownSource | None
    patience: Patience
    pages: Mapping[str, KnownPage]

    @property
    def address(self) -> str:
        """Where it is asked: where it moved for good, else as configured."""
        return self.known.address(self.source.url) if self.known else self.source.url

    @property
    def request(self) -> SourceRequest:
        """The question, with the validators of the last answer."""
        etag, modified = self.known.validators(self.source.url) if self.known else ("", "")
        return SourceRequest(
            self.source.id, self.address, self.source.kind, etag, modified, self.pages
        )

    @property
    def moved(self) -> bool:
        """Whether it is asked elsewhere than configured."""
        return self.address != self.source.url

    def outcome(self, result: SourceResult, now: datetime) -> SourceOutcome:
        """Give what is to be remembered of this look."""
        error = result.error
        failures = self.known.failures_in_a_row if self.known else 0
        return SourceOutcome(
            id=result.source_id,
            url=self.source.url,
            status=result.status,
            kind=self.source.kind,
            etag=result.etag,
            last_modified=result.last_modified,
            moved_to=result.moved_to or (self.address if self.moved else ""),
            error=str(error) if error else "",
            items=len(result.articles) + len(result.kept),
            seconds=result.seconds,
            not_before=ask_again(error, failures, self.patience, now) if error else None,
            retired=error is not None and retires(error, at_moved_address=self.moved),
            # An address that does not serve is no longer where it moved: the configured one may
            # lead somewhere else by now.
            forget_move=isinstance(error, SourceRefused | SourceGone | SourceUnreadable),
        )


async def collect_articles(
    settings: Settings,
    store: Store,
    now: datetime,
    on_source: Callable[[SourceReport], None] | None = None,
    on_step: Callable[[str], None] | None = None,
) -> CollectReport:
    """Fetch every source of the configuration that is due, and keep what it gave.

    `on_source` is called from the thread that keeps, once a source; `on_step` with words for what
    comes after the sources. Articles that left their feed though it still reaches back to their
    date are looked for on their site.
    """
    step = on_step or (lambda _: None)
    known = store.sources.get([source.id for source in settings.source])
    pages = known_pages(store, [one.id for one in settings.source if one.kind == "webpage"])
    rules = settings.collector
    patience = Patience(rules.back_off, rules.max_back_off)
    run = _Run(store, now, rules.withdrawal_checks, on_source or (lambda _: None))
    for source in settings.source:
        look = _Look(source, known.get(source.id), patience, pages.get(source.id, {}))
        if report := _not_asked(look, now):
            run.tell(report)
        else:
            run.looks[source.id] = look
    limits = limits_of(settings)
    with Keeper(run.keep) as keeper:
        await collect([look.request for look in run.looks.values()], limits, keeper.keep)
    if run.missing:
        step(f"looking for {len(run.missing)} articles that left their feeds")
    gone = await _gone(run.missing, limits, store)
    if settings.popularity:
        step("asking what is read most")
    return CollectReport(
        sources=tuple(run.reports[source.id] for source in settings.source),
        articles=store.articles.count(),
        withdrawn=store.articles.withdraw(gone, now),
        popularity=await count_readers(settings, store, limits, now),
    )


def _not_asked(look: _Look, now: datetime) -> SourceReport | None:
    """Give the report of a source that is left alone, or None."""
    known, url = look.known, look.source.url
    report = partial(SourceReport, look.source.id, new=0, updated=0, seconds=0.0)
    if known and known.is_retired(url):
        return report("retired", error=known.last_error)
    until = known.rests_until(url) if known else None
    if known and until and until > now:
        error = f"not asked again before {until:%Y-%m-%d %H:%M} UTC: {known.last_error}"
        return report("resting", error=error)
    return None


class _Run:
    """One run of the collector, as the thread that keeps its results sees it."""

    def __init__(
        self, store: Store, now: datetime, checks: int, tell: Callable[[SourceReport], None]
    ) -> None:
        self._store = store
        self._now = now
        self._checks = checks
        self._on_source = tell
        self.looks: dict[str, _Look] = {}
        self.reports: dict[str, SourceReport] = {}
        self.missing: dict[str, str] = {}

    def tell(self, report: SourceReport) -> None:
        """Note what became of a source, and say so."""
        self.reports[report.id] = report
        self._on_source(report)

    def keep(self, results: Sequence[SourceResult]) -> None:
        """Keep the articles first and the memory of the sources after them.

        Killed in between, the next run fetches again and nothing is lost.
        """
        brought = {one.source_id: one.articles for one in results if one.articles}
        saved = self._store.articles.save_all(brought, self._now) if brought else {}
        for one in results:
            if one.pages or (one.status == "ok" and self.looks[one.source_id].pages):
                remember_pages(self._store, one)
        outcomes = (self.looks[one.source_id].outcome(one, self._now) for one in results)
        self._store.sources.record(outcomes, self._now)
        self._look_for_missing(results)
        for result in results:
            self.tell(_report(result, saved.get(result.source_id, Saved(0, 0))))

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
                since[result.source_id] = max(min(dates), self._now - _LATELY)
        for missing in self._store.articles.missing(present, since).values():
            self.missing.update(missing[: self._checks])


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


async def _gone(missing: dict[str, str], limits: Limits, store: Store) -> list[str]:
    """Ask the site for each article; give the ids of those that are not there any more."""
    answers: dict[str, bool | None] = {}
    if missing:
        await still_there(
            set(missing.values()), limits, answers.__setitem__, is_other=is_an_article(store)
        )
    return [name for name, url in missing.items() if answers[url] is False]
