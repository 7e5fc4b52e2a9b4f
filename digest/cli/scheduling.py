"""The commands of a scheduler: run, schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.runner import grouped
from digest.cli.session import Ephemeral, Json, now, opened
from digest.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(run)
    app.command()(schedule)


def run(
    context: typer.Context,
    edition: Annotated[
        list[str] | None,
        typer.Option("--edition", metavar="EDITION", help="Only this one; may be repeated."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="Act as at this time: 2026-11-23T07:05Z."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")
    ] = False,
    ephemeral: Ephemeral = False,
    render: Annotated[
        Path | None,
        typer.Option("--render", metavar="DIR", help="Write the issues it dealt with as files."),
    ] = None,
    json: Json = False,
) -> None:
    """Collect if it is time, then send every edition's issue that is due and unsent.

    Start it as often as you like, from cron or CI: late, twice, or again after it was killed. Each
    slot is sent once, and a slot that came too late is told once as missed.
    """
    from digest.cli.progress import send_progress
    from digest.cli.run_report import render_issues, tell_run
    from digest.cli.stopping import run_until_stopped
    from digest.pipeline.schedule.run import Runner, RunOrder
    from digest.pipeline.watching.watched import watched_run

    order = RunOrder(edition or (), dry_run, ephemeral)
    clock, on_step = _clock(at), (lambda _: None) if json else note
    with opened(context) as (settings, store), send_progress(quiet=json) as progress:
        with grouped("digest run"):
            report = run_until_stopped(
                lambda stop: watched_run(
                    Runner(settings, store, clock, stop, progress, on_step), order
                )
            )
        tell_run(settings, report, as_json=json)
        if render is not None:
            render_issues(settings, store, report, render)
    raise typer.Exit(int(report.exit_code))


def schedule(
    context: typer.Context,
    days: Annotated[
        float, typer.Option("--days", min=0.1, max=366, help="How far to look ahead and back.")
    ] = 7.0,
    json: Json = False,
) -> None:
    """Show each edition's last and next slots: what is due, and what was missed and why."""
    from digest.pipeline.schedule.calendar import calendar_of

    with opened(context) as (settings, store):
        entries = calendar_of(settings, store, now(), timedelta(days=days))
    if json:
        emit({"slots": [entry.as_json() for entry in entries]})
        return
    table(
        ("edition", "slot", "local time", "state"),
        ((one.slot.edition, one.slot.key, one.local_words(), one.state) for one in entries),
        folding="edition",
    )
    for one in entries:
        if one.why:
            say(f"{one.slot.issue_key}: {one.state}. {one.why}")
    if not entries:
        say(f"No edition has a slot within {days:g} days.")


def _clock(at: str | None) -> Callable[[], datetime]:
    """Return a clock that starts at `at`, or the machine's own."""
    if at is None:
        return now
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise UsageError(
            f'"{at}" is not a time', where="--at", fix="Write it as in 2026-11-23T07:05+01:00"
        ) from None
    start = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    begun = now()
    return lambda: start.astimezone(UTC) + (now() - begun)
