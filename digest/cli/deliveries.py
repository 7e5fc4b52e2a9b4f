"""The recipients of an issue: `digest deliveries`, as a table, CSV or JSON."""

from __future__ import annotations

import json as encoding
import sys
from collections.abc import Iterable
from itertools import islice
from typing import Annotated

import typer

from digest.cli.output import say, table
from digest.cli.session import Json, opened
from digest.errors import UsageError

_SHOWN = ("email", "state", "tries", "what was said")


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(deliveries)


def deliveries(
    context: typer.Context,
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="As in daily/2026-11-23.")],
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help="As in accepted or uncertain.")
    ] = None,
    email: Annotated[
        str | None, typer.Option("--email", metavar="ADDRESS", help="Only this reader.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows of the table.")] = 50,
    csv: Annotated[bool, typer.Option("--csv", help="All of them as CSV on stdout.")] = False,
    json: Json = False,
) -> None:
    """Show who got an issue, who did not, and why.

    The addresses stand here in full: it is your own list. Logs and reports never have them.
    """
    from digest.pipeline.operator.recipients import deliveries_of, write_csv

    if csv and json:
        raise UsageError("--csv and --json exclude each other", fix="Choose one")
    with opened(context) as (_, store):
        rows = deliveries_of(store, issue, state, email)
        if csv:
            write_csv(rows, sys.stdout)
        elif json:
            _emit(issue, rows)
        else:
            _show(rows, limit)


def _emit(issue: str, rows: Iterable[dict[str, object]]) -> None:
    """Print one JSON object, a row at a time: a million of them need no memory."""
    sys.stdout.write(f'{{"issue": {encoding.dumps(issue)}, "deliveries": [')
    for number, row in enumerate(rows):
        sys.stdout.write(", " if number else "")
        sys.stdout.write(encoding.dumps(row, ensure_ascii=False, default=str))
    sys.stdout.write("]}\n")
    sys.stdout.flush()


def _show(rows: Iterable[dict[str, object]], limit: int) -> None:
    first = list(islice(rows, limit + 1))
    if not first:
        say("Nobody is in the ledger of this issue with that state or address.")
        return
    table(_SHOWN, (_cells(row) for row in first[:limit]))
    if len(first) > limit:
        say(f"The first {limit}; --limit shows more, --csv all.")


def _cells(row: dict[str, object]) -> tuple[object, ...]:
    said = (row["reason"], row["code"], row["enhanced"], row["reply"])
    words = " ".join(str(part) for part in said if part)
    return row["email"] or "(erased)", row["state"], row["attempts"], words
