"""Looking for faults in a mail before it is sent: on a terminal, for programs, and in CI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, say
from digest.cli.runner import in_actions
from digest.cli.session import Again, Json, SlotKey, now, opened, settings_of
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline.desk.linting import LintReport

# What a workflow command's text escapes, and what its properties do beyond it: escapeData and
# escapeProperty of GitHub's actions/toolkit.
_ESCAPED = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_A_PROPERTY = (*_ESCAPED, (":", "%3A"), (",", "%2C"))


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(lint)


def lint(
    context: typer.Context,
    edition: Annotated[
        str | None,
        typer.Argument(metavar="EDITION", help="An edition's id; not needed with --html."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Look at this file instead.")
    ] = None,
    slot: SlotKey = None,
    client: Annotated[
        list[str] | None,
        typer.Option("--client", help="Only what this mail program lacks; may stand many times."),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask every link whether it is alive.")
    ] = False,
    again: Again = False,
    github: Annotated[
        bool, typer.Option("--github", help="Write annotations for GitHub Actions.")
    ] = False,
    json: Json = False,
) -> None:
    """Look for faults in the coming issue's mails. Errors hold the send: exit 4.

    A slot that was planned is looked at as it went out.
    """
    from digest.pipeline.desk.linting import LintOrder, lint_file, lint_issue

    clients = _clients(client or [])
    if html is not None:
        if slot or online:
            raise UsageError(
                "is for the mails of an issue",
                where="--slot" if slot else "--online",
                fix="Leave it out; --html looks at the file alone",
            )
        report = lint_file(html, clients, (settings_of(context), edition) if edition else None)
    elif edition is None:
        raise UsageError(
            "there is nothing to look at",
            where="digest lint",
            fix="Name an edition, or --html FILE",
        )
    else:
        order = LintOrder(edition, slot, clients, online, again)
        with opened(context) as (settings, store):
            report = lint_issue(settings, store, order, now())
    if json:
        emit(report.as_json())
    elif github or in_actions():
        _annotate(report, html)
    else:
        _tell(report)
    raise typer.Exit(int(report.exit_code))


def _clients(names: list[str]) -> frozenset[str]:
    from digest.render.lint import CLIENTS

    for name in names:
        if name not in CLIENTS:
            raise UsageError(
                f'"{name}" is no mail program that lint knows',
                where="--client",
                fix=f"Known: {', '.join(sorted(CLIENTS))}",
            )
    return frozenset(names)


def _tell(report: LintReport) -> None:
    for variant, one in report.findings:
        say(f"{one.level.value}: {one.rule} ({variant}) {one.place}: {one.what}")
        say(f"  {one.fix}")
    for remark in report.notes:
        say(f"note: {remark}")
    warnings = len(report.findings) - len(report.errors)
    said = f"{len(report.errors)} errors, {warnings} warnings"
    empty = "nothing new, so there is nothing to look at" if not report.variants else said
    kept = f" ({report.kept})" if report.kept else ""
    say(f"{report.issue}{kept}: {empty}.")


def _annotate(report: LintReport, file: Path | None) -> None:
    """Write workflow commands, one a finding; GitHub shows them beside the run or the file."""
    where = f"file={_escaped(str(file), _IN_A_PROPERTY)}," if file else ""
    for variant, one in report.findings:
        title = _escaped(f"{one.rule} in {report.issue} {variant}", _IN_A_PROPERTY)
        words = _escaped(f"{one.place}: {one.what}. {one.fix}", _ESCAPED)
        say(f"::{one.level.value} {where}title={title}::{words}")
    for remark in report.notes:
        say(
            f"::notice title={_escaped(report.issue, _IN_A_PROPERTY)}::{_escaped(remark, _ESCAPED)}"
        )


def _escaped(text: str, letters: tuple[tuple[str, str], ...]) -> str:
    for letter, code in letters:
        text = text.replace(letter, code)
    return text
