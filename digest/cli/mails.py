"""`digest mails`: mails outside an issue, as a list, and sent without the server running."""

from __future__ import annotations

from typing import Annotated

import typer

from digest.cli.output import emit, say, table
from digest.cli.session import Json, now, opened

mails = typer.Typer(
    name="mails",
    help="Mails outside an issue: to confirm, welcome, own data.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(mails)


@mails.command("list")
def list_mails(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    json: Json = False,
) -> None:
    """List them, the newest first, with what became of each."""
    with opened(context) as (_, store):
        found = list(store.single_mails.listing(limit))
    if json:
        emit(
            {
                "mails": [
                    {"id": mail.id, "kind": mail.kind, "to": to, "state": mail.state}
                    | {"created_at": mail.created_at, "why": mail.why}
                    for mail, to in found
                ]
            }
        )
        return
    table(
        ("mail", "to", "state", "put down (UTC)", "why"),
        (
            (mail.kind, to, mail.state, f"{mail.created_at:%Y-%m-%d %H:%M}", mail.why)
            for mail, to in found
        ),
    )
    if not found:
        say("None yet: readers ask for them on their pages (`digest serve`).")


@mails.command("send")
def send_mails(context: typer.Context, json: Json = False) -> None:
    """Send those that are due. `digest serve` does so by itself."""
    import asyncio

    from digest.pipeline.readers.posting import send_single_mails

    with opened(context) as (settings, store):
        report = asyncio.run(send_single_mails(settings, store, clock=now))
    sent = report.accepted if report else 0
    if json:
        emit({"accepted": sent, "error": str(report.error) if report and report.error else ""})
    elif report is None:
        say("None is due.")
    else:
        say(f"{sent} sent, {report.deferred} deferred, {report.failed} refused.")
    if report is not None and report.error is not None:
        raise report.error
