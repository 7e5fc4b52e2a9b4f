"""`digest daemon`: what cron would start, in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import note, say
from digest.cli.session import now, opened
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline.schedule.report import RunReport

_STOPPING = "Stopping: what is under way is finished, for at most half a minute."


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(daemon)


def daemon(
    context: typer.Context,
    port: Annotated[
        int, typer.Option("--port", help="Of /health on 127.0.0.1; 0 takes a free one.")
    ] = 8027,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=1, help="Between two looks.")
    ] = 60.0,
) -> None:
    """Run what is due, again and again, until Ctrl-C or SIGTERM: for machines without cron.

    One works for each store; a second stands by, and takes over when the first is gone. It reads
    digest.toml when it starts: start it again after a change.
    """
    from digest.cli.stopping import run_until_stopped
    from digest.pipeline.watching.daemon import Daemon
    from digest.web.health import make_health
    from digest.web.server.serving import serving

    with opened(context) as (settings, store):
        if store.replica:
            raise UsageError(
                "a daemon would keep this store from every other run, for good",
                where=store.place,
                fix="Start `digest run` from a scheduler; or use PostgreSQL or an SQLite file.",
            )
        worker = Daemon(settings, store, now, every, note, _tell)
        with serving(make_health(lambda: worker.signs.as_json(now())), port=port) as address:
            say(f"Health at {address}/health — Ctrl-C ends it.")
            run_until_stopped(worker.run, on_signal=lambda: note(_STOPPING))


def _tell(report: RunReport) -> None:
    """Say what a round did; nothing of one that had nothing to do."""
    for missed in report.missed:
        note(f"missed: {missed.slot.issue_key}: {missed.why}. Its stories go into the next issue.")
    for done in report.editions:
        if done.state != "not-due":
            say(done.sentence())
