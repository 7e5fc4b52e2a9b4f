"""`digest reconcile`: is this the ledger that is remembered, and if not, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.session import Json, now, opened
from digest.errors import ExitCode

if TYPE_CHECKING:
    from digest.pipeline.operator.ledger_guard import Comparison


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(reconcile)


def reconcile(
    context: typer.Context,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take the database as it is for the right ledger.")
    ] = False,
    json: Json = False,
) -> None:
    """Compare the ledger with what was known of it last.

    That is remembered outside the database, so that a lost or restored one is noticed.

    With --adopt the database is taken as it is. Where readers could get a second copy, every issue
    that is being sent is held first, and the slot of an issue that was lost is closed. A newsroom
    that has no ledger yet begins one where its store is.
    """
    from digest.pipeline.operator.ledger_guard import adopt as adopt_ledger
    from digest.pipeline.operator.ledger_guard import compare

    done: tuple[str, ...] = ()
    with opened(context, adopting=adopt) as (settings, store):
        if adopt:
            found, done = adopt_ledger(settings, store, now())
        else:
            found = compare(settings, store)
    mended = adopt and bool(found.difference)
    if json:
        emit({**found.as_json(), "adopted": mended, "done": list(done)})
    else:
        _tell(found, done, mended=mended)
    if found.difference and not adopt:
        raise typer.Exit(int(ExitCode.REFUSED))


def _tell(found: Comparison, done: tuple[str, ...], *, mended: bool) -> None:
    if not found.difference:
        words = [f"{one}." for one in done]
        for one in words or ["The ledger is the one that is remembered; there is nothing to do."]:
            say(one[0].upper() + one[1:])
        return
    say(f"The ledger {found.difference}.")
    remembered = found.remembered.mark if found.remembered else None
    table(
        ("", "ledger", "plans and finishes"),
        (
            (name, mark.epoch if mark else "none", mark.number if mark else "")
            for name, mark in (("this database", found.ledger), ("remembered", remembered))
        ),
    )
    table(
        ("issue", "had the mail at least", "this database knows"),
        (
            (key, number, "nothing of it" if known is None else known)
            for key, (number, known) in found.short.items()
        ),
    )
    if mended:
        for one in done:
            say(f"{one}.")
        say("Adopted: this database is the ledger from now on; any other copy is refused.")
        if done:
            note("`digest issues resume` or `cancel` decides on what is held.")
    else:
        note(
            "Best is the database as it was last. If there is none: `digest reconcile --adopt`"
            " takes this one, and holds whatever could be sent twice."
        )
