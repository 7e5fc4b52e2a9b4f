"""`digest status`: how things stand, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from digest.cli.output import emit, say, table
from digest.cli.session import Json, now, opened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.pipeline.watching.status import HealthCheck, Status

_SIGNS = {True: "ok ", False: "!! ", None: "?  "}


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(status)


def status(context: typer.Context, json: Json = False) -> None:
    """Show the next slots, the last issues, ledger, feeds, mail server, and the sender's DNS.

    Nothing is sent and nothing changed. What nobody answers is marked "?".
    """
    from digest.pipeline.setup.sender_dns import system_lookup
    from digest.pipeline.watching.status import status_of

    with opened(context) as (settings, store):
        found = status_of(settings, store, now(), system_lookup())
    if json:
        emit(found.as_json())
    else:
        _tell(found)


def _tell(found: Status) -> None:
    table(
        ("edition", "slot", "local time", "state"),
        ((one.slot.edition, one.slot.key, one.local_words(), one.state) for one in found.slots),
        folding="edition",
    )
    table(
        ("issue", "state", "has it", "note"),
        (
            (one.key, one.state, f"{one.accepted} of {one.planned}", one.note)
            for one in found.issues
        ),
        folding="note",
    )
    _lines("Ledger", [found.ledger])
    _lines("Feeds", _feeds(found))
    _lines("Mail", found.transport)
    say("DNS of the sender")
    for one in found.dns:
        say(f"  {_SIGNS[one.ok]} {one.record} {one.name}: {one.words}")
        if one.fix:
            say(f"      → {one.fix}")


def _lines(title: str, rows: Iterable[HealthCheck]) -> None:
    say(title)
    for one in rows:
        say(f"  {_SIGNS[one.ok]} {one.name}: {one.words}")


def _feeds(found: Status) -> list[HealthCheck]:
    """Name the feeds that are not well, and count the others."""
    from digest.pipeline.watching.status import HealthCheck
    from digest.plurals import counted

    bad = [one for one in found.feeds if not one.ok]
    well = len(found.feeds) - len(bad)
    return [*bad, HealthCheck("feeds", ok=True, words=f"{counted(well, 'source')} fine")]
