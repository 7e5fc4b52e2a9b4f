"""`digest feedback read`: what comes back by mail, from the mailbox it comes to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, say, table
from digest.cli.session import Json, now, opened

if TYPE_CHECKING:
    from digest.pipeline.feedback.reading import FeedbackReport

feedback = typer.Typer(
    name="feedback",
    help="Mails that come back: bounces, complaints, wishes to leave.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(feedback)


@feedback.callback()
def group() -> None:
    """Mails that come back: bounces, complaints, wishes to leave."""


@feedback.command()
def read(
    context: typer.Context,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read one mail, or an mbox, from a pipe instead.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what they are; change nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Read the mailbox of [feedback], and record each mail once.

    A hard bounce or a complaint stops all mail to its reader. Run it as often as you like: by cron,
    after each issue, or from the mail server's alias with --stdin.
    """
    from digest.pipeline.feedback.mailboxes.mbox import StreamMailbox
    from digest.pipeline.feedback.mailboxes.opening import mailbox_of
    from digest.pipeline.feedback.proving import Proofs
    from digest.pipeline.feedback.reading import FeedbackReader

    with opened(context) as (settings, store):
        mailbox = StreamMailbox(sys.stdin.buffer) if stdin else mailbox_of(settings)
        reader = FeedbackReader(store, Proofs(settings, store), now(), rehearsal=dry_run)
        report = reader.read(mailbox)
    if json:
        emit(
            {
                "read": report.read,
                "events": dict(report.kinds),
                "known": report.known,
                "unmatched": report.unmatched,
                "automatic": report.automatic,
                "personal": report.personal,
                "dry_run": dry_run,
            }
        )
    else:
        _tell(report, dry_run=dry_run)


def _tell(report: FeedbackReport, *, dry_run: bool) -> None:
    if not report.read:
        say("No mail waits in the mailbox.")
        return
    say(f"{report.read} read" + (", nothing recorded: a dry run." if dry_run else "."))
    table(("event", "mails"), report.kinds.most_common())
    lines = (
        ("Recorded before", report.known),
        ("Bounces or complaints of no delivery of this ledger", report.unmatched),
        ("Automatic replies, ignored", report.automatic),
        ("No reports, left in the mailbox for a person to read", report.personal),
    )
    for words, number in lines:
        if number:
            say(f"{words}: {number}.")
