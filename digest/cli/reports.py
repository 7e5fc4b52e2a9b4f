"""What became of an issue: `digest report`, and the events behind it: `digest events`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, say, table
from digest.cli.session import Json, now, opened
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.models.events import EventKind
    from digest.pipeline.operator.issue_report import IssueReport


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(events)
    app.command()(report)


def events(
    context: typer.Context,
    issue: Annotated[
        str | None, typer.Option("--issue", metavar="ISSUE", help="As in daily/2026-11-23.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help='As in "bounced hard".')
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    json: Json = False,
) -> None:
    """List what was heard of deliveries later, the latest first."""
    from digest.pipeline.operator.orders import issue_named

    wanted = _kind(kind)
    with opened(context) as (_, store):
        number = issue_named(store, issue).id if issue else None
        found = store.figures.events(number, wanted, limit)
    if json:
        emit({"events": [asdict(one) for one in found]})
        return
    table(
        ("at (UTC)", "event", "issue", "from", "what was said"),
        (
            (f"{one.at:%Y-%m-%d %H:%M}", one.kind, one.issue or "-", one.provider, one.detail[:120])
            for one in found
        ),
        folding="what was said",
    )
    if not found:
        say("Nothing was heard yet. Webhooks and `digest feedback read` bring events.")


def report(
    context: typer.Context,
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="As in daily/2026-11-23.")],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write one HTML page.")
    ] = None,
    json: Json = False,
) -> None:
    """Say what became of an issue, in figures.

    States, servers' replies, bounces by domain, growth, and who left; it names no address.
    """
    from digest.pipeline.operator.issue_report import issue_report
    from digest.pipeline.operator.orders import issue_named

    with opened(context) as (_, store):
        found = issue_report(store, issue_named(store, issue), now())
    if html is not None:
        _write(html, found)
    if json:
        emit({**asdict(found), "html": str(html) if html else None})
    elif html is not None:
        say(f"{html} written.")
    else:
        _tell(found)


def _kind(name: str | None) -> EventKind | None:
    from digest.models.events import EventKind

    if name is None:
        return None
    try:
        return EventKind(name)
    except ValueError:
        raise UsageError(
            f'there is no kind "{name}"', where="--kind", fix=f"Known: {', '.join(EventKind)}"
        ) from None


def _write(path: Path, found: IssueReport) -> None:
    from digest.pipeline.operator.report_page import report_page

    try:
        path.write_text(report_page(found), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror})", where=str(path), fix="Name another file"
        ) from None


def _tell(found: IssueReport) -> None:
    say(f"{found.issue} · {found.state} · {found.planned} planned")
    table(("state", "readers"), found.states)
    table(("reply", "readers"), found.replies)
    table(("heard later", "events"), found.events)
    table(("bounces at", "readers"), found.domains)
    left = dict(found.left)
    table(
        ("issue of", "readers then", "left after it"),
        ((key, number, left.get(key, 0)) for key, number in found.readers),
    )
