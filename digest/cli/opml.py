"""Lists of feeds, as feed readers exchange them: opml import, opml export."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import emit, note, say
from digest.cli.session import Json, settings_of
from digest.plurals import counted

group = typer.Typer(
    no_args_is_help=True, help="Take sources from an OPML list, or give them as one."
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="opml")


@group.command("import")
def import_(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)
    ],
    json: Json = False,
) -> None:
    """Append the list's feeds and folders to digest.toml.

    Feeds become sources, folders become sections.
    """
    from digest.pipeline.setup.feed_lists import import_list

    done = import_list(settings_of(context), file.read_bytes(), os.environ)
    if json:
        emit(done.as_json())
        return
    say(
        f"{counted(len(done.sources), 'source')} and {counted(len(done.sections), 'section')} "
        f"added to {context.obj}; "
        f"{done.known} were there already."
    )
    if done.sections:
        named = ", ".join(done.sections)
        note(f"Next: name the new sections in an [[edition]] ({named}), then `digest collect`.")


@group.command("export")
def export(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write there, not to stdout.")
    ] = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Keep logins and keys that addresses have.")
    ] = False,
    json: Json = False,
) -> None:
    """Write every source as an OPML list, each section a folder.

    Logins and keys in addresses are left out.
    """
    from digest.pipeline.setup.feed_lists import export_list

    settings = settings_of(context)
    exported = export_list(settings, with_secrets=with_secrets)
    written = exported.opml
    if exported.masked:
        note(
            f"{counted(exported.masked, 'address', 'addresses')} had a login or a key, which is "
            "left out; --with-secrets keeps it."
        )
    if out is not None:
        out.write_bytes(written)
    if json:
        emit(
            {"sources": len(settings.source)}
            | ({"written": str(out)} if out else {"opml": written.decode()})
        )
    elif out is not None:
        say(f"wrote {counted(len(settings.source), 'source')} to {out}")
    else:
        say(written.decode().rstrip("\n"))
