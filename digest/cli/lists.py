"""Lists of subscribers, in and out: any list in, everything out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, note, say
from digest.cli.session import Json, now, opened
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline.operator.list_import import ImportedList, ListImport
    from subscribers.lists.reading import ListFile

Confirmed = Annotated[
    bool,
    typer.Option("--confirmed", help="They asked for it and proved the address: active at once."),
]
Consent = Annotated[
    str,
    typer.Option("--consent", metavar="WORDS", help="Where and when they agreed; kept per person."),
]
_SHOWN = 20
_EVERY = 100_000
_CONSENT = "Where and when did they agree to get this newsletter?"


def register(group: typer.Typer) -> None:
    """Add this module's commands to `digest subscribers`."""
    group.command("import")(import_list)
    group.command("export")(export)


def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON lines, or addresses.")],
    edition: Annotated[str, typer.Option("--edition", help="The edition they subscribe to.")] = "",
    confirmed: Confirmed = False,
    consent: Consent = "",
    list_format: Annotated[
        str, typer.Option("--format", help="What list it is, where its header does not say.")
    ] = "",
    encoding: Annotated[
        str, typer.Option("--encoding", help="As in windows-1252, where the file cannot say it.")
    ] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar='FIELD="COLUMN"',
            help="Which column tells what: email, name, sections, status, …, or ignore.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each line; write nothing.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="Write rejected lines there.")
    ] = None,
    json: Json = False,
) -> None:
    """Import a list of subscribers from anywhere; it is recognised by its header.

    Who left, bounced, complained or was blocked, there or here, is never made active. Lines that
    are wrong are reported by number, the good ones are imported. Importing again is harmless.
    """
    from digest.pipeline.operator.list_import import ListImport, look_at_list
    from digest.pipeline.operator.list_import import import_list as take_in

    wish = ListImport(
        file=file,
        now=now(),
        edition=edition,
        confirmed=confirmed,
        words=consent,
        format=list_format,
        encoding=encoding,
        columns=_columns(columns or ()),
        rehearsal=dry_run,
        rejects=rejects,
        told=None if json else _teller(dry_run),
    )
    with opened(context) as (settings, store):
        found = look_at_list(settings, store, wish)
        report = take_in(store, found, _with_consent(wish, found, json=json))
    if json:
        emit(report.as_json())
    else:
        _tell(report, file)
    raise typer.Exit(int(report.exit_code))


def export(
    context: typer.Context,
    edition: Annotated[str | None, typer.Option("--edition", help="Only this edition.")] = None,
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="One JSON object a line in place of CSV.")
    ] = False,
    json: Json = False,
) -> None:
    """Export subscribers on stdout as CSV: states, consent and suppressions, safe in spreadsheets.

    `digest subscribers import` reads it back into the same people in the same states.
    """
    from digest.pipeline.issue.slots import edition_named
    from subscribers.lists.exporting import cells_of, write_csv, write_json_lines

    with opened(context) as (settings, store):
        if edition is not None:
            edition_named(settings, edition)
        lines = store.subscribers.everything(edition)
        if json:
            emit({"subscribers": [cells_of(line) for line in lines]})
        elif json_lines:
            write_json_lines(lines, sys.stdout)
        else:
            write_csv(lines, sys.stdout)


def _columns(pairs: Iterable[str]) -> dict[str, str]:
    """Read `--map`: FIELD=COLUMN; columns of one field are joined by line breaks."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        one, sign, column = pair.partition("=")
        if not sign or not one.strip() or not column.strip():
            raise UsageError(
                f'--map "{pair}" is not FIELD="COLUMN"', fix='Write it as in --map email="E-Mail"'
            )
        found.setdefault(one.strip().casefold(), []).append(column.strip().strip('"'))
    return {one: "\n".join(names) for one, names in found.items()}


def _with_consent(wish: ListImport, found: ListFile, *, json: bool) -> ListImport:
    """Ask where and when they agreed, of somebody at a terminal; tell others that it is missing."""
    from dataclasses import replace

    if not wish.confirmed or wish.words or wish.rehearsal or found.layout.format.ours:
        return wish
    if sys.stdin.isatty() and not json:
        return replace(wish, words=typer.prompt(_CONSENT, default="", show_default=False))
    if not json:
        note(
            "No --consent was given: the record will say only that you confirmed them today. "
            'Better: --consent "our form at https://…, 2019 to 2026".'
        )
    return wish


def _teller(dry_run: bool) -> Callable[[str], None]:
    """Return what hears of every line: a dry run shows it, a long import counts on a terminal."""
    if dry_run:
        return say
    done = 0

    def count(_line: str) -> None:
        nonlocal done
        done += 1
        if done % _EVERY == 0 and sys.stderr.isatty():
            note(f"{done:,} lines")

    return count


def _tell(report: ImportedList, file: Path) -> None:
    for sentence in report.sentences():
        say(sentence)
    noticed = report.noticed
    if report.rehearsal:
        return
    for fault in noticed.faults[:_SHOWN]:
        note(f"{file}:{fault.line}: {fault.what}")
    _more(report.counts.rejected, "--rejects FILE keeps them all")
    for line, what in noticed.odd[:_SHOWN]:
        note(f"{file}:{line}: taken in, but {what}")
    _more(noticed.oddities, "--dry-run tells them all")


def _more(count: int, where: str) -> None:
    if count > _SHOWN:
        note(f"… and {count - _SHOWN:,} more; {where}.")
