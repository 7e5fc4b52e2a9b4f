"""The operator's view: issues and their ledgers, the database, the readers' pages."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from digest.cli import orders
from digest.cli.output import emit, note, say, table
from digest.cli.session import Json, now, opened, settings_of
from digest.errors import ExitCode, UsageError

issues = typer.Typer(
    name="issues", help="What was sent, to how many, and what to do about it.", no_args_is_help=True
)
database = typer.Typer(
    name="db", help="The database: its tables, a backup, a check.", no_args_is_help=True
)

# What a server answered, to somebody who does not know the commands of SMTP by heart.
_PHASES = {
    "mail": "the sender",
    "rcpt": "the address",
    "data": "the mail's start",
    "dot": "the mail",
}


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    orders.register(issues)
    app.add_typer(issues)
    app.add_typer(database)
    app.command()(serve)


@issues.command("list")
def list_issues(
    context: typer.Context,
    edition: Annotated[str | None, typer.Option("--edition", help="Only this edition.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    json: Json = False,
) -> None:
    """List issues, the newest first."""
    from digest.pipeline.issue.slots import edition_named

    with opened(context) as (settings, store):
        if edition is not None:
            edition_named(settings, edition)
        rows = [
            (row, store.ledger.counts(row.id)) for row in store.issues.list(edition, limit=limit)
        ]
    if json:
        emit(
            {
                "issues": [
                    {"issue": row.key, "state": row.state, "created_at": row.created_at, **counts}
                    for row, counts in rows
                ]
            }
        )
        return
    table(
        ("issue", "state", "created (UTC)", "deliveries"),
        (
            (row.key, row.state, f"{row.created_at:%Y-%m-%d %H:%M}", _counted(counts))
            for row, counts in rows
        ),
    )
    if not rows:
        say("No issue yet. `digest send EDITION` makes the first.")


@issues.command()
def show(
    context: typer.Context,
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="As in daily/2026-11-23.")],
    json: Json = False,
) -> None:
    """Show one issue: its state, its variants, its ledger."""
    from digest.pipeline.operator.orders import issue_named
    from digest.pipeline.sending.closing_report import standing_of

    with opened(context) as (_, store):
        row = issue_named(store, issue)
        standing = standing_of(store, row, now())
        counts = store.ledger.counts(row.id)
        variants = store.issues.variants(row.id)
        replies = store.operator.replies(row.id)
        heard = store.events.counts(row.id)
    if json:
        emit(
            {
                "issue": row.key,
                "state": row.state,
                "sha256": row.sha256,
                "created_at": row.created_at,
                "finished_at": row.finished_at,
                "note": row.note,
                "standing": list(standing),
                "deliveries": dict(counts),
                "variants": [
                    {"variant": part.variant, "subject": part.subject} for part in variants
                ],
                "replies": [asdict(reply) for reply in replies],
                "events": {str(kind): number for kind, number in heard.items()},
            }
        )
        return
    say(f"{row.key} · {row.state}" + (f" · {row.note}" if row.note else ""))
    say(f"content {row.sha256[:16]}… frozen {row.created_at:%Y-%m-%d %H:%M} UTC")
    table(("variant", "subject"), ((part.variant, part.subject) for part in variants))
    table(("state", "readers"), ((state, count) for state, count in counts.items() if count))
    table(
        ("state", "answer to", "reply", "readers", "for example"),
        (
            (
                one.state,
                _PHASES.get(one.phase, one.phase),
                f"{one.code or ''} {one.enhanced}".strip(),
                one.number,
                one.example,
            )
            for one in replies
        ),
    )
    table(("heard later", "events"), heard.items())
    for hint in standing:
        say(hint)


@database.command()
def upgrade(context: typer.Context, json: Json = False) -> None:
    """Bring the database to this version's tables. SQLite does so by itself."""
    from digest.store import upgrade_store

    settings = settings_of(context)
    before, after = upgrade_store(settings.store.url, settings.folder)
    if json:
        emit({"before": before, "after": after})
    elif before == after:
        say(f"The database is up to date ({after}).")
    else:
        say(f"Upgraded the database from {before or 'nothing'} to {after}.")


@database.command()
def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="TO", help="The new file, for its owner alone.")],
    json: Json = False,
) -> None:
    """Copy the store to a file while it is in use.

    The copy holds readers' addresses. Put back later than it was made, it is an older ledger:
    nothing is sent by it before `digest reconcile`.
    """
    with opened(context) as (_, store):
        size = store.back_up(to)
    if json:
        emit({"path": str(to), "bytes": size})
    else:
        say(f"Copied the store to {to} ({size / 1e6:.1f} MB).")


@database.command()
def check(context: typer.Context, json: Json = False) -> None:
    """Look for damage in the database, and for contradictions in the ledger. Exit 5 if any."""
    with opened(context) as (_, store):
        faults, place = store.faults(), store.place
    if json:
        emit({"store": place, "faults": list(faults)})
    elif not faults:
        say(f"{place}: sound, and every issue's plan is the sum of its states.")
    else:
        for fault in faults:
            say(fault)
        note("Restore the last good backup and see `digest reconcile`, or report this.")
    if faults:
        raise typer.Exit(int(ExitCode.REFUSED))


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes a free one.")] = 8026,
    json: Json = False,
) -> None:
    """Serve the readers' pages, which stand at site.public_url, and send the mails they ask for.

    They are: subscribe, confirm, choose sections, pause, leave, own data, past issues.
    """
    from digest.cli.stopping import wait_for_stop
    from digest.pipeline.readers.postman import posting
    from digest.web.public_pages import PublicOptions, public_pages, server_limits
    from digest.web.server.serving import serving

    with opened(context) as (settings, store):
        if store.replica:
            raise UsageError(
                "readers' pages need a store that is always there, and this one is pushed by runs",
                where=store.place,
                fix="Use PostgreSQL, or an SQLite file where the pages are served.",
            )
        limits = server_limits(settings)
        with (
            posting(settings, store, now) as postman,
            serving(
                public_pages(settings, store, now, PublicOptions(postman.hurry)),
                host=host,
                port=port,
                limits=limits,
            ) as address,
        ):
            if json:
                emit({"url": address})
            else:
                say(f"Readers' pages at {address}. Mails link to {settings.site.public_url}.")
            wait_for_stop()


def _counted(counts: object) -> str:
    items = counts.items() if isinstance(counts, dict) else ()
    return ", ".join(f"{count} {state}" for state, count in items if count) or "none"
