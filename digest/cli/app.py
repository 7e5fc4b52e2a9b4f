"""The root of the command line: global options, the command groups, and what an error becomes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Annotated

import typer
from typer.models import CommandInfo

from digest import __version__
from digest.cli import (
    approving,
    audience,
    ci,
    daemon,
    deliveries,
    demo,
    desk,
    editions,
    editorial,
    embedding,
    feedback,
    lint,
    mails,
    operations,
    opml,
    reconciling,
    reports,
    scheduling,
    setup,
    sources,
    status,
    themes,
)
from digest.cli.output import fail, unexpected
from digest.cli.session import told_by, wall_clock
from digest.errors import DigestError
from digest.log import LogOptions, log
from digest.user_cache import cache_folder, user_cache

_OBJECTS_A_LOOK = 50_000
"""New objects between two looks for cycles: nearly all that a start makes are to stay."""

_INTERRUPTED = 130  # as shells say of Ctrl-C

app = typer.Typer(
    name="digest",
    help="Newsletter digests for news sites: one good e-mail per reader, exactly once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
setup.register(app)
sources.register(app)
editions.register(app)
desk.register(app)
approving.register(app)
editorial.register(app)
lint.register(app)
audience.register(app)
operations.register(app)
opml.register(app)
themes.register(app)
deliveries.register(app)
feedback.register(app)
reports.register(app)
reconciling.register(app)
scheduling.register(app)
status.register(app)
ci.register(app)
daemon.register(app)
embedding.register(app)
mails.register(app)
demo.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"digest {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", help="The configuration to use.", metavar="PATH")
    ] = Path("digest.toml"),
    version: Annotated[  # noqa: ARG001 - eager: it answers before any command runs
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Collect a news site's stories, compose an issue, and send it to every reader once."""
    context.obj = config


def main() -> None:
    """Run the command line; exit codes are those of `digest.errors.ExitCode`."""
    gc.set_threshold(_OBJECTS_A_LOOK)
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: list[str], clock: Callable[[], datetime] = wall_clock) -> int:
    """Run one command by a clock and return its exit code; whatever is raised has been told."""
    as_json = bool({"--json", "--json-lines"} & set(arguments))
    try:
        log.configure(LogOptions.of(os.environ, run=token_hex(4)))
        user_cache.keep_in(cache_folder(os.environ))
        with told_by(clock):
            words = hoist_config(arguments)
            _commands(_command_in(words))(args=words, prog_name="digest")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except DigestError as error:
        return fail(error, as_json=as_json)
    except (KeyboardInterrupt, BrokenPipeError):
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place where anything can still be told
        return unexpected(error, as_json=as_json)
    finally:
        user_cache.keep_in(None)
        log.configure(LogOptions())
    return 0


@cache
def _commands(name: str) -> Callable[..., object]:
    """Return the commands as Click has them: the one of this name alone, or all.

    Typer builds each with all its options, and anew whenever it is asked.
    """
    asked = copy(app)
    if name:
        alone = [one for one in app.registered_commands if _name_of(one) == name]
        asked.registered_commands, asked.registered_groups = alone, []
    return typer.main.get_command(asked)


def _command_in(words: list[str]) -> str:
    """Return the command that is asked for; "" where it belongs to a group, or is none of ours."""
    rest = iter(words)
    for word in rest:
        if word == "--config":
            next(rest, None)
        elif not word.startswith("--config="):
            return word if word in map(_name_of, app.registered_commands) else ""
    return ""


def _name_of(command: CommandInfo) -> str:
    return command.name or (command.callback.__name__ if command.callback else "")


def hoist_config(arguments: list[str]) -> list[str]:
    """Let `--config PATH` stand after the command too: people write it where they think of it."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--config":
            front += [word, *([value] if (value := next(words, None)) is not None else [])]
        elif word.startswith("--config="):
            front.append(word)
        else:
            rest.append(word)
    return [*front, *rest]
