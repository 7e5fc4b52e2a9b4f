"""Subscribers by hand: add, import, list, export, remove."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import emit, note, say, table
from digest.cli.session import Json, now, opened

group = typer.Typer(
    name="subscribers",
    help="Add, import, list, export and remove subscribers.",
    no_args_is_help=True,
)

Edition = Annotated[str, typer.Option("--edition", help="The edition they subscribe to.")]
Confirmed = Annotated[
    bool,
    typer.Option("--confirmed", help="They asked for it and proved the address: active at once."),
]
COLUMNS = ("email", "name", "edition", "state", "sections", "suppressed")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group)


@group.command()
def add(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="ADDRESS")],
    edition: Edition,
    name: Annotated[str, typer.Option("--name", help="As it stands in To.")] = "",
    section: Annotated[
        list[str] | None, typer.Option("--section", help="May stand many times; none is all.")
    ] = None,
    locale: Annotated[str, typer.Option("--locale")] = "",
    timezone: Annotated[str, typer.Option("--timezone")] = "",
    confirmed: Confirmed = False,
    json: Json = False,
) -> None:
    """Add one subscriber to an edition."""
    from digest.pipeline.operator.audience import Enrolment, NewSubscriber, add_subscriber

    who = NewSubscriber(email, name, tuple(section or ()), locale, timezone)
    with opened(context) as (settings, store):
        added = add_subscriber(settings, store, who, Enrolment(edition, now(), confirmed))
    if json:
        emit(added.as_json())
    else:
        say(added.sentence())
    raise typer.Exit(int(added.exit_code))


@group.command("import")
def import_csv(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    edition: Edition,
    confirmed: Confirmed = False,
    json: Json = False,
) -> None:
    """Import a CSV of subscribers, its columns found by header.

    They are email, name, sections, locale and timezone; only email must be there.
    Faulty lines are reported by number; the good ones are imported. Importing again is harmless.
    """
    from digest.pipeline.operator.audience import Enrolment, import_subscribers

    with opened(context) as (settings, store):
        report = import_subscribers(settings, store, file, Enrolment(edition, now(), confirmed))
    if json:
        emit(report.as_json())
    else:
        say(report.sentence())
        for fault in report.faults:
            note(f"{file}:{fault.line}: {fault.what}")
    raise typer.Exit(int(report.exit_code))


@group.command("list")
def list_subscribers(
    context: typer.Context,
    edition: Annotated[str | None, typer.Option("--edition", help="Only this edition.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    json: Json = False,
) -> None:
    """List subscribers, newest last."""
    from itertools import islice

    from digest.pipeline.issue.slots import edition_named
    from digest.pipeline.operator.audience import listed

    with opened(context) as (settings, store):
        if edition is not None:
            edition_named(settings, edition)
        rows = list(islice(listed(store, edition), limit + 1))
    shown = rows[:limit]
    if json:
        emit({"subscribers": shown, "more": len(rows) > limit})
        return
    table(COLUMNS, ([row[column] for column in COLUMNS] for row in shown))
    if len(rows) > limit:
        say(f"The first {limit}; --limit shows more, `digest subscribers export` all.")


@group.command()
def export(
    context: typer.Context,
    edition: Annotated[str | None, typer.Option("--edition", help="Only this edition.")] = None,
    json: Json = False,
) -> None:
    """Export subscribers as CSV on stdout, as `import` reads it."""
    from digest.pipeline.issue.slots import edition_named
    from digest.pipeline.operator.audience import listed

    with opened(context) as (settings, store):
        if edition is not None:
            edition_named(settings, edition)
        if json:
            emit({"subscribers": list(listed(store, edition))})
        else:
            store.subscribers.export(sys.stdout, edition)


@group.command()
def remove(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="ADDRESS")],
    json: Json = False,
) -> None:
    """Erase a person: nothing of them stays, no mail goes there."""
    from digest.pipeline.operator.audience import remove_subscriber

    with opened(context) as (_, store):
        removed = remove_subscriber(store, email, now())
    if json:
        emit({"removed": removed})
    else:
        say("Erased." if removed else "Nobody has that address; nothing changed.")


@group.command()
def lift(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="ADDRESS")],
    json: Json = False,
) -> None:
    """Allow mail again to an address that was suppressed or erased. Nobody is added by it."""
    from digest.pipeline.operator.audience import lift_suppression

    with opened(context) as (_, store):
        lifted = lift_suppression(store, email)
    if json:
        emit({"lifted": lifted})
    else:
        say("Lifted." if lifted else "That address was not suppressed; nothing changed.")
