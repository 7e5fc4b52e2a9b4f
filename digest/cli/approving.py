"""`digest approve`: an editor's word for one issue, by its hash."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from digest.cli.output import emit, note, say
from digest.cli.session import EditionName, Json, SlotKey, now, opened


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(approve)


def approve(
    context: typer.Context,
    edition: EditionName,
    slot: SlotKey = None,
    sha256: Annotated[
        str, typer.Option("--sha256", metavar="HASH", help="The hash that you saw.")
    ] = "",
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who approves; your login if left out.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Compose it afresh instead of what waits.")
    ] = False,
    json: Json = False,
) -> None:
    """Approve the issue that waits, or a coming one: what was seen is what goes out.

    `digest build`, `digest preview` and the run that froze it show its hash. Nothing is sent: the
    next `digest run` or `digest send` does that.
    """
    from digest.pipeline.approval.approving import ApprovalOrder, approve_issue

    order = ApprovalOrder(edition, slot, sha256, by or _login(), again)
    with opened(context) as (settings, store):
        done = approve_issue(settings, store, order, now())
    if json:
        emit(done.as_json())
        return
    say(done.sentence())
    note("The next `digest run` sends it once its slot has come.")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
