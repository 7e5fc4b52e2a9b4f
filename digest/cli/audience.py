"""Subscribers one by one: add, confirm, show, suppress, lift, erase."""

from __future__ import annotations

from typing import Annotated

import typer

from digest.cli import lists, people
from digest.cli.lists import Confirmed, Consent
from digest.cli.output import emit, say, table
from digest.cli.session import Json, now, opened

group = typer.Typer(
    name="subscribers",
    help="Add, import, list, show, export, suppress and erase subscribers.",
    no_args_is_help=True,
)

Edition = Annotated[str, typer.Option("--edition", help="The edition they subscribe to.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS")]
COLUMNS = ("email", "name", "edition", "state", "sections", "suppressed")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    lists.register(group)
    people.register(app, group)
    app.add_typer(group)


@group.command()
def add(
    context: typer.Context,
    email: Address,
    edition: Edition,
    name: Annotated[str, typer.Option("--name", help="As it stands in To.")] = "",
    section: Annotated[
        list[str] | None, typer.Option("--section", help="May stand many times; none is all.")
    ] = None,
    locale: Annotated[str, typer.Option("--locale")] = "",
    confirmed: Confirmed = False,
    consent: Consent = "",
    json: Json = False,
) -> None:
    """Add one subscriber to an edition."""
    from digest.pipeline.operator.audience import Enrolment, NewSubscriber, add_subscriber

    who = NewSubscriber(email, name, tuple(section or ()), locale)
    with opened(context) as (settings, store):
        enrolment = Enrolment(edition, now(), confirmed, consent)
        added = add_subscriber(settings, store, who, enrolment)
    if json:
        emit(added.as_json())
    else:
        say(added.sentence())
    raise typer.Exit(int(added.exit_code))


@group.command()
def confirm(context: typer.Context, edition: Edition, consent: Consent, json: Json = False) -> None:
    """Make active who is pending by a list or by hand, on your word that they agreed elsewhere.

    Whoever asked in a form is not among them: they confirm themselves.
    """
    from digest.pipeline.operator.audience import confirm_pending

    with opened(context) as (settings, store):
        count = confirm_pending(settings, store, edition, consent, now())
    if json:
        emit({"confirmed": count})
    else:
        say(f"{count} now active in {edition}.")


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
def suppress(
    context: typer.Context,
    email: Address,
    complaint: Annotated[
        bool, typer.Option("--complaint", help="They complained: they leave every edition too.")
    ] = False,
    detail: Annotated[str, typer.Option("--detail", help="Why, for the record.")] = "",
    json: Json = False,
) -> None:
    """Never write to an address again, whether or not anybody here has it."""
    from digest.pipeline.operator.audience import suppress_address
    from subscribers.lifecycle import Suppressed

    reason = Suppressed.COMPLAINT if complaint else Suppressed.BY_HAND
    with opened(context) as (_, store):
        suppress_address(store, email, reason, detail, now())
    if json:
        emit({"suppressed": email, "reason": reason})
    else:
        say(f"No mail goes to {email} any more. `digest subscribers lift {email}` ends that.")


@group.command()
def lift(context: typer.Context, email: Address, json: Json = False) -> None:
    """Allow mail again to an address that was suppressed or erased. It adds no subscriber."""
    from digest.pipeline.operator.audience import lift_suppression

    with opened(context) as (_, store):
        lifted = lift_suppression(store, email)
    if json:
        emit({"lifted": lifted})
    else:
        say("Lifted." if lifted else "That address was not suppressed; nothing changed.")


@group.command()
def erase(context: typer.Context, email: Address, json: Json = False) -> None:
    """Erase a person: nothing of them stays but a keyed hash, so that no list brings them back."""
    from digest.pipeline.operator.audience import erase_subscriber

    with opened(context) as (_, store):
        erased = erase_subscriber(store, email, now())
    if json:
        emit({"erased": erased})
    else:
        say(
            "Erased, and remembered by a keyed hash only."
            if erased
            else "Nobody has that address. It is remembered by a keyed hash, so that no list "
            "brings it in."
        )


# As it was called before 0.2.
@group.command(hidden=True)
def remove(context: typer.Context, email: Address, json: Json = False) -> None:
    """Erase a person."""
    from digest.pipeline.operator.audience import erase_subscriber

    with opened(context) as (_, store):
        removed = erase_subscriber(store, email, now())
    if json:
        emit({"removed": removed})
    else:
        say("Erased." if removed else "Nobody has that address.")
