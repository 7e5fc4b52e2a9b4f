"""Sources → articles in the store. One broken source never stops the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from digest.collector import Limits, collect, measure_pictures, still_there
from digest.collector.back_off import BackOff
from digest.collector.http.open_files import fitted, shortage
from digest.config import Settings
from digest.log import log
from digest.pipeline.configured.sources import configured_address, is_of_pages, rules_of
from digest.pipeline.gathering.limits import limits_of
from digest.pipeline.gathering.page_memory import is_an_article, known_pages
from digest.pipeline.gathering.popularity import count_readers
from digest.pipeline.gathering.report import CollectReport, SourceReport
from digest.pipeline.gathering.saving import Storing
from digest.pipeline.gathering.visit import SourceVisit, not_asked
from digest.pipeline.gathering.write_behind import Keeper
from digest.store import Store


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
    pages = known_pages(store, [one.id for one in settings.source if is_of_pages(one)])
    rules = settings.collector
    back_off = BackOff(rules.back_off, rules.max_back_off)
    run = Storing(store, now, rules, on_source or (lambda _: None))
    for source in settings.source:
        asked_at = configured_address(source, settings)
        look = SourceVisit(
            source,
            asked_at,
            known.get(source.id),
            back_off,
            pages.get(source.id, {}),
            rules_of(source, settings),
        )
        if report := not_asked(look, now):
            run.tell(report)
        else:
            run.looks[source.id] = look
    limits = limits_of(settings)
    if short := shortage(limits, fitted(limits)):
        step(short)
    with Keeper(run.keep, rules.store_batch, rules.store_wait) as keeper:
        await collect([look.request for look in run.looks.values()], limits, keeper.keep, now)
    if run.missing:
        step(f"looking for {len(run.missing)} articles that left their feeds")
    gone = await _gone(run.missing, limits, store)
    sized = await _look_at_pictures(store, limits, rules.picture_checks, now, step)
    if settings.popularity:
        step("asking what is read most")
    done = CollectReport(
        sources=tuple(run.reports[source.id] for source in settings.source),
        articles=store.articles.count(),
        withdrawn=store.articles.withdraw(gone, now),
        popularity=await count_readers(settings, store, limits, now),
    )
    log.info(
        "collected",
        sources=len(done.sources),
        failed=len(done.failed),
        pictures=sized,
        new=sum(one.new for one in done.sources),
        withdrawn=done.withdrawn,
    )
    return done


async def _look_at_pictures(
    store: Store, limits: Limits, most: int, now: datetime, step: Callable[[str], None]
) -> int:
    """Learn the sizes of this run's new pictures; give how many were learnt."""
    pictures = store.articles.unmeasured_pictures(now, most) if most else {}
    if not pictures:
        return 0
    step(f"looking at {len(pictures)} pictures of unknown size")
    sizes: dict[str, tuple[int, int]] = {}
    await measure_pictures(set(pictures.values()), limits, sizes.__setitem__)
    return store.articles.measured(pictures, sizes)


async def _gone(missing: dict[str, str], limits: Limits, store: Store) -> list[str]:
    """Ask the site for each article; give the ids of those that are not there any more."""
    answers: dict[str, bool | None] = {}
    if missing:
        await still_there(
            set(missing.values()), limits, answers.__setitem__, is_other=is_an_article(store)
        )
    return [name for name, url in missing.items() if answers[url] is False]
