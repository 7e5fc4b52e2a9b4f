"""An edition's issue, from its files to the last reader: build, test, send."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from digest.cli.output import emit, even_if_unheard, note, say
from digest.cli.runner import summarise
from digest.cli.session import Again, EditionName, Ephemeral, Json, SlotKey, now, opened
from digest.errors import ApprovalMissing
from digest.plurals import counted

if TYPE_CHECKING:
    from digest.config import Settings
    from digest.pipeline.sending.report import SendReport
    from digest.pipeline.sending.sending import SendOrder
    from digest.store import Store

_STOPPING = (
    "Stopping: what is under way is finished, for at most half a minute. Once more ends it at once,"
    " and some readers may be uncertain then."
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(build)
    app.command("test")(send_test)
    app.command()(send)


def build(
    context: typer.Context,
    edition: EditionName,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files.")],
    slot: SlotKey = None,
    again: Again = False,
    json: Json = False,
) -> None:
    """Write the coming issue as files, with checksums.

    They are issue.json, each variant as .html, .txt and .eml, and manifest.json.
    Nothing is consumed: the slot can still be sent. One that was planned is written as it went out.
    """
    from digest.pipeline.desk.building import build_issue

    with opened(context) as (settings, store):
        built = build_issue(settings, store, edition, slot, out, now(), again=again)
    if json:
        emit(built.as_json())
        return
    if built.empty:
        say(f"{built.issue}: nothing new, so there is nothing to build.")
        for remark in built.notes:
            note(remark)
        return
    stories = counted(built.stories, "story", "stories")
    variants = counted(len(built.variants), "variant")
    kept = f" ({built.kept})" if built.kept else ""
    say(f"{built.issue}{kept}: {stories} in {variants} → {out}")
    if not built.kept:
        say(f"  sha256 {built.sha256} (content and renderings: what `digest approve` takes)")
    for variant in built.variants:
        say(f"  {variant.name}: {variant.html_bytes / 1000:.1f} KB of HTML — {variant.subject}")
    for name, one in built.findings:
        note(f"{one.level.value}: {one.rule} ({name}) {one.place}: {one.what}. {one.fix}")
    for remark in built.notes:
        note(remark)


def send_test(
    context: typer.Context,
    edition: EditionName,
    to: Annotated[list[str], typer.Option("--to", metavar="ADDRESS", help="May stand many times.")],
    slot: SlotKey = None,
    json: Json = False,
) -> None:
    """Send the coming issue to any address, marked as a test. Consumes nothing.

    Where nothing is new, it is the last issue, marked so.
    """
    from digest.pipeline.sending.testing import TestOrder, send_test_issue

    with opened(context) as (settings, store):
        report = send_test_issue(settings, store, TestOrder(edition, slot, to), now())
    if json:
        emit(report.as_json())
    else:
        for address, words in report.lines():
            say(f"{address}: {words}")
        if report.words:
            note(f"{report.issue}: {report.words}.")
    raise typer.Exit(int(report.exit_code))


def send(
    context: typer.Context,
    edition: EditionName,
    slot: SlotKey = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent; change nothing.")
    ] = False,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Stay: try deferred readers again when they are due."),
    ] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Leave (exit 5) if another run is sending it.")
    ] = False,
    canary: Annotated[
        int, typer.Option("--canary", metavar="N", min=0, help="First to N readers, seeds first.")
    ] = 0,
    canary_minutes: Annotated[
        float, typer.Option("--canary-minutes", min=0, help="How long the others wait then.")
    ] = 10.0,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Send it though it is unlike the last issues.")
    ] = False,
    early: Annotated[
        bool, typer.Option("--early", help="Send the slot that --slot names before its time.")
    ] = False,
    approved_only: Annotated[
        bool, typer.Option("--approved-only", help="Send only what an editor approved, by hash.")
    ] = False,
    ephemeral: Ephemeral = False,
    json: Json = False,
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="As --json, with a line a second on the way.")
    ] = False,
) -> None:
    """Send the issue of a slot to every reader, once.

    Without --slot it is the latest slot that has come. Running it again for the same slot sends
    nothing twice: it goes on where an earlier run stopped, helps one that is at work, or does
    nothing.
    """
    from digest.pipeline.sending.sending import SendOrder

    order = SendOrder(
        edition=edition,
        slot=slot,
        dry_run=dry_run,
        wait=wait,
        alone=alone,
        canary=canary,
        canary_seconds=canary_minutes * 60,
        anyway=anyway,
        early=early,
        approved_only=approved_only,
        ephemeral=ephemeral,
    )
    _send(context, order, json=json, json_lines=json_lines)


def _send(context: typer.Context, order: SendOrder, *, json: bool, json_lines: bool) -> NoReturn:
    """Send it and say what came of it; leaves with the report's exit code."""
    from digest.cli.progress import send_progress
    from digest.cli.stopping import run_until_stopped
    from digest.pipeline.sending.sending import RunControl, send_issue

    as_json = json or json_lines
    with (
        opened(context) as (settings, store),
        send_progress(quiet=json, lines=json_lines) as progress,
    ):
        try:
            report = run_until_stopped(
                lambda stop: send_issue(settings, store, order, RunControl(now, stop, progress)),
                on_signal=lambda: None if as_json else note(_STOPPING),
            )
        except ApprovalMissing:
            _tell_editors(settings, store)
            raise
        if report.goes_at is not None:
            _tell_editors(settings, store)
    summarise(lambda: _page(report))
    with even_if_unheard():
        if as_json:
            emit(report.as_json())
        else:
            say(report.sentence())
            for line in report.outlook.lines() if report.outlook else ():
                say(line)
            for hint in report.hints:
                note(hint)
    raise typer.Exit(int(report.exit_code))


def _page(report: SendReport) -> str:
    from digest.ci.summary import send_summary

    return send_summary(report)


def _tell_editors(settings: Settings, store: Store) -> None:
    """Send the mail that shows an issue to its editors, if one is due."""
    import asyncio

    from digest.pipeline.readers.posting import post_beside

    if why := asyncio.run(post_beside(settings, store, clock=now)):
        note(f"The mail to the editors waits: {why}")
