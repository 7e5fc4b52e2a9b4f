"""One run with those who watch around it: a ping before and after, and alerts of what is not well.

The first ping goes out beside the run, so that no send waits for it.
"""

from __future__ import annotations

import asyncio

from digest.errors import DigestError
from digest.log import log
from digest.pipeline.readers.posting import post_beside
from digest.pipeline.schedule.report import RunReport
from digest.pipeline.schedule.run import Runner, RunOrder
from digest.pipeline.watching.alerts import Alert, alert_of_fault, alerts_of, unsaid
from digest.pipeline.watching.telling import Watchers


async def watched_run(runner: Runner, order: RunOrder) -> RunReport:
    """Run once, as Runner.run does and with what it raises. A dry run tells nobody."""
    if order.dry_run:
        return await runner.run(order)
    watchers = Watchers(runner.settings)
    start = asyncio.create_task(watchers.ping("start"))
    try:
        report = await runner.run(order)
    except DigestError as error:
        await asyncio.wait([start])
        alert = alert_of_fault(error)
        told = (alert,) if "failed" in runner.settings.alerts.on else ()
        await _tell(runner, watchers, told, f"{type(error).__name__}: {alert.sentence()}")
        raise
    await asyncio.wait([start])
    faults = "\n".join(one.sentence() for one in alerts_of_all(report))
    await _tell(runner, watchers, alerts_of(runner.settings.alerts, report), faults)
    return report


def alerts_of_all(report: RunReport) -> tuple[Alert, ...]:
    """Return everything of a run that a person could be told."""
    from digest.config import AlertsSettings

    every = AlertsSettings(on=("held", "failed", "missed", "waiting-for-approval"))
    return alerts_of(every, report)


async def _tell(runner: Runner, watchers: Watchers, alerts: tuple[Alert, ...], fault: str) -> None:
    """Ping how the run ended, and tell alerts that are new; a store that is away tells none."""
    await watchers.ping("fail" if fault else "", fault)
    now = runner.clock()
    try:
        new = unsaid(runner.store, alerts, now)
        await watchers.alert(runner.store, new, now)
    except DigestError as error:
        log.warning("alerts could not be told", why=error.what)
        return
    if new and runner.settings.alerts.mail:
        await post_beside(runner.settings, runner.store, clock=runner.clock)
