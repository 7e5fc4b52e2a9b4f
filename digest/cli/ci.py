"""`digest ci`: the files that start Digest by themselves, and what a checkout lacks for them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import emit, note, say
from digest.cli.session import Json, now, settings_of
from digest.errors import ExitCode

_CHECK = "check"


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(ci)


def ci(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="github, gitlab, forgejo, cron, systemd, kubernetes; or check."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder; beside digest.toml if none."),
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="With a workflow that waits for a reviewer (github).")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that says something else.")
    ] = False,
    json: Json = False,
) -> None:
    """Write the workflow or unit that starts `digest run`, or `check` what the checkout lacks.

    Nothing is left to fill in but secrets. Their times follow the schedules of digest.toml.
    """
    settings = settings_of(context)
    if kind == _CHECK:
        from digest.ci.checking import check_checkout

        found = check_checkout(settings, os.environ, now())
        if json:
            emit({"checks": [one.as_json() for one in found]})
        else:
            for one in found:
                say(f"{'ok ' if one.ok else '!! '} {one.name}: {one.words}")
                if one.fix:
                    say(f"    → {one.fix}")
        if not all(one.ok for one in found):
            raise typer.Exit(int(ExitCode.USAGE))
        return
    from digest.ci.writing import CiOrder, recipe_of, write_ci

    recipe_of(kind)
    done = write_ci(settings, CiOrder(kind, out or settings.folder, review, force), now())
    if json:
        emit(done.as_json())
        return
    for path in done.written:
        say(f"wrote {path}")
    for path in done.kept:
        say(f"kept {path}")
    note(done.left)
