"""Looking at subscribers: one of them, all of them in figures; and forgetting what is old."""

from __future__ import annotations

import json as encoding
import sys
from typing import Annotated

import typer

from digest.cli.output import emit, say
from digest.cli.session import Json, now, opened

Address = Annotated[str, typer.Argument(metavar="ADDRESS")]


def register(app: typer.Typer, group: typer.Typer) -> None:
    """Add this module's commands: `digest tidy`, and those of `digest subscribers`."""
    group.command("show")(show)
    group.command("export-person")(export_person)
    group.command("stats")(stats)
    app.command("tidy")(tidy)


def show(context: typer.Context, email: Address, json: Json = False) -> None:
    """Show one person: subscriptions, consent, why no mail goes there, what they were sent."""
    from digest.pipeline.operator.person import person_with

    with opened(context) as (_, store):
        person = person_with(store, email)
    if json:
        emit(person.as_json())
    else:
        for line in person.sentences():
            say(line)


def export_person(context: typer.Context, email: Address) -> None:
    """Print everything that is kept of one person as JSON, to be handed over to them."""
    from digest.pipeline.operator.person import person_with

    with opened(context) as (_, store):
        person = person_with(store, email)
    encoding.dump(person.as_json(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def stats(
    context: typer.Context,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=104, help="How far back.")] = 26,
    json: Json = False,
) -> None:
    """Count subscribers by edition and state, and plot who came and who left, week by week."""
    from digest.pipeline.operator.audience_stats import audience_stats

    with opened(context) as (_, store):
        found = audience_stats(store, now(), weeks)
    if json:
        emit(found.as_json())
    else:
        for line in found.sentences():
            say(line)


def tidy(
    context: typer.Context,
    unconfirmed_days: Annotated[
        int, typer.Option("--unconfirmed-days", min=1, help="Who asked and never confirmed.")
    ] = 30,
    mails_days: Annotated[
        int, typer.Option("--mails-days", min=30, help="Confirmations and other single mails.")
    ] = 90,
    events_days: Annotated[
        int, typer.Option("--events-days", min=60, help="Bounces and other reports.")
    ] = 180,
    ledger_days: Annotated[
        int, typer.Option("--ledger-days", min=30, help="Who got which issue.")
    ] = 400,
    lost_marks: Annotated[
        bool, typer.Option("--forget-lost-marks", help="Erased addresses whose key is lost.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    json: Json = False,
) -> None:
    """Forget what need not be kept: unconfirmed people, old mails, who got old issues."""
    from digest.pipeline.operator.tidying import TidyTerms
    from digest.pipeline.operator.tidying import tidy as forget

    terms = TidyTerms(
        unconfirmed_days=unconfirmed_days,
        mails_days=mails_days,
        events_days=events_days,
        ledger_days=ledger_days,
        lost_marks=lost_marks,
        rehearsal=dry_run,
    )
    with opened(context) as (_, store):
        report = forget(store, terms, now())
    if json:
        emit(report.as_json())
    else:
        for line in report.sentences():
            say(line)
