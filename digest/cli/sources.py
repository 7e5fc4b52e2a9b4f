"""The health of the sources."""

from __future__ import annotations

from datetime import datetime

import typer

from digest.cli.output import emit, say, table
from digest.cli.session import Json, now, opened


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(sources)


def sources(context: typer.Context, json: Json = False) -> None:
    """Show how each source is doing, and what to do about it.

    Last success, time taken, usual volume, newest article, state and its reason.

    States: fine; quiet, nothing new in a day; late, far below its usual volume or not asked;
    failing; retired, the site answered 410 Gone.
    """
    from digest.collector.health import SourceState
    from digest.pipeline.gathering.source_health import health_of

    with opened(context) as (settings, store):
        rows = health_of(store, settings.source, now()).values()
    if json:
        emit({"sources": [row.as_json() for row in rows]})
        return
    # Reasons stand beneath: in a column of their own they would be a word wide at 80 columns.
    table(
        ("source", "state", "last read (UTC)", "took", "a day", "newest (UTC)"),
        (
            (
                row.source.id,
                row.health.state,
                _moment(row.known.last_success if row.known else None),
                f"{row.known.last_seconds:.1f} s" if row.known else None,
                row.usual_a_day,
                _moment(row.newest),
            )
            for row in rows
        ),
        folding="source",
    )
    for row in rows:
        if row.health.state is not SourceState.FINE:
            say(f"{row.source.id} is {row.health.state}: {row.health.reason}")
            if row.health.fix:
                say(f"    → {row.health.fix}")
    if not rows:
        say("No source yet. Add a [[source]] to digest.toml.")


def _moment(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else None
