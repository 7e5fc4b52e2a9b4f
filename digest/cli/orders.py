"""The operator's orders on one issue: pause, resume, cancel, retry, resolve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, note, say
from digest.cli.session import Json, now, opened
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline.operator.orders import OrderReport

IssueKey = Annotated[str, typer.Argument(metavar="ISSUE", help="As in daily/2026-11-23.")]


def register(issues: typer.Typer) -> None:
    """Add this module's commands to `digest issues`."""
    for command in (pause, resume, cancel, retry, resolve):
        issues.command()(command)


def pause(context: typer.Context, issue: IssueKey, json: Json = False) -> None:
    """Stop sending it, on every machine, until it is resumed."""
    from digest.pipeline.operator.orders import pause_issue

    with opened(context) as (_, store):
        _tell(pause_issue(store, issue, now()), json=json)


def resume(context: typer.Context, issue: IssueKey, json: Json = False) -> None:
    """Let a held issue go on.

    `digest send` then sends to whoever has not got it.
    """
    from digest.pipeline.operator.orders import resume_issue

    with opened(context) as (_, store):
        _tell(resume_issue(store, issue, now()), json=json)


def cancel(context: typer.Context, issue: IssueKey, json: Json = False) -> None:
    """Return it up for good: whoever has not got it will not."""
    from digest.pipeline.operator.orders import cancel_issue

    with opened(context) as (_, store):
        _tell(cancel_issue(store, issue, now()), json=json)


def retry(
    context: typer.Context,
    issue: IssueKey,
    failed: Annotated[bool, typer.Option("--failed", help="Whom the server refused.")] = False,
    deferred: Annotated[
        bool, typer.Option("--deferred", help="Who waits for a later try: try now.")
    ] = False,
    json: Json = False,
) -> None:
    """Have readers tried again by the next `digest send`."""
    from digest.models.deliveries import DeliveryState
    from digest.pipeline.operator.orders import retry_issue

    if failed == deferred:
        raise UsageError("whom to retry is not clear", fix="Say --failed or --deferred")
    before = DeliveryState.FAILED if failed else DeliveryState.DEFERRED
    with opened(context) as (settings, store):
        _tell(retry_issue(settings, store, issue, before, now()), json=json)


def resolve(
    context: typer.Context,
    issue: IssueKey,
    uncertain: Annotated[
        str | None, typer.Option("--uncertain", metavar="resend|hold|skip", help="Decide on them.")
    ] = None,
    held: Annotated[
        str | None, typer.Option("--held", metavar="resend|skip", help="Decide on those held.")
    ] = None,
    json: Json = False,
) -> None:
    """Decide on readers who perhaps have the mail.

    `resend` sends the same mail under the same Message-ID, and may give them two copies; `hold`
    sets them aside; `skip` lets it be.
    """
    from digest.models.deliveries import DeliveryState
    from digest.pipeline.operator.orders import Decision, Resolution, resolve_issue

    if (uncertain is None) == (held is None):
        raise UsageError("whom to decide on is not clear", fix="Say --uncertain or --held")
    before = DeliveryState.UNCERTAIN if uncertain is not None else DeliveryState.HELD
    known = [one.value for one in Resolution if held is None or one is not Resolution.HOLD]
    word = uncertain if uncertain is not None else held
    if word not in known:
        raise UsageError(f'"{word}" is no decision', fix=f"Say one of {', '.join(known)}")
    with opened(context) as (settings, store):
        report = resolve_issue(settings, store, issue, Decision(before, Resolution(word)), now())
        _tell(report, json=json)


def _tell(report: OrderReport, *, json: bool) -> None:
    if json:
        emit(report.as_json())
        return
    say(report.sentence())
    if report.hint:
        note(report.hint)
