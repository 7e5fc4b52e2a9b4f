"""The report of a run as a page of Markdown, which CI services show beside the run.

It holds counts and the newsroom's own words, and no address of a reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from digest.config import Settings
from digest.models.issues import Slot
from digest.pipeline.issue.slots import coming_slot, edition_named
from digest.pipeline.schedule.report import EditionRun, RunReport, RunState
from digest.pipeline.sending.report import SendReport, lasting


def run_summary(settings: Settings, report: RunReport) -> str:
    """Return the page of a run."""
    return "\n".join(_run(settings, report)) + "\n"


def send_summary(report: SendReport) -> str:
    """Return the page of one issue's send."""
    return "\n".join(_send(report)) + "\n"


def failure_summary(what: str, where: str, fix: str) -> str:
    """Return the page of a command that failed."""
    place = f"**{_plain(where)}**: " if where else ""
    lines = ["## Digest stopped", "", f"{place}{_plain(what)}"]
    return "\n".join([*lines, "", _plain(fix), ""])


def _run(settings: Settings, report: RunReport) -> Iterator[str]:
    yield f"## {_headline(report)}"
    yield ""
    yield from _table(
        ("Edition", "Slot", "State", "Has it", "Late", "Next slot"),
        [_row(settings, report, one) for one in report.editions],
    )
    for one in report.editions:
        yield from _story(one)
    if report.missed:
        yield "### Missed"
        yield ""
        yield from (f"- {one.slot.issue_key}: {_plain(one.why)}" for one in report.missed)
        yield ""
        yield "Their stories go into the next issue."
        yield ""
    if report.collected is not None:
        yield from _collected(report)


def _headline(report: RunReport) -> str:
    grave = {one.state for one in report.editions}
    if report.is_dry:
        return "Digest rehearsed: nothing was sent"
    if grave & {RunState.FAILED, RunState.MISSED} or report.missed:
        return "Digest: not everything went out"
    if grave & {RunState.HELD, RunState.WAITING_FOR_APPROVAL}:
        return "Digest: an issue waits for a person"
    if grave & {RunState.SENT, RunState.RESUMED}:
        return "Digest: sent"
    return "Digest: nothing was due"


def _row(settings: Settings, report: RunReport, one: EditionRun) -> Sequence[str]:
    edition = edition_named(settings, one.edition)
    is_to_come = one.slot.at > report.now
    following = one.slot if is_to_come else coming_slot(edition, report.now)
    late = lasting(timedelta(minutes=one.late_minutes)) if one.late_minutes else ""
    return (
        edition.title,
        one.slot.key,
        str(one.state),
        _reached(one.report),
        late,
        _local(following, edition.timezone),
    )


def _reached(report: SendReport | None) -> str:
    if report is None or not report.counts:
        return ""
    told = report.as_json()
    if report.is_forecast:
        return f"{told['planned']} would get it"
    return f"{told['accepted']} of {told['planned']}"


def _story(one: EditionRun) -> Iterator[str]:
    """Say of an edition what the table has no room for: why, what to do, what would be sent."""
    if one.error is not None:
        yield f"**{one.slot.issue_key}**: {_plain(one.error.what)}."
        yield ""
        if one.error.fix:
            yield f"What to do: {_plain(one.error.fix)}"
            yield ""
    elif words := one.report.words if one.report else one.words:
        yield f"**{one.slot.issue_key}**: {_plain(words)}"
        yield ""
    if one.report is None:
        return
    if one.report.hints:
        yield from (f"- {_plain(hint)}" for hint in one.report.hints)
        yield ""
    if one.report.outlook:
        yield from ("```", *one.report.outlook.lines(), "```", "")


def _collected(report: RunReport) -> Iterator[str]:
    collected = report.collected
    if collected is None:
        return
    yield _plain(collected.sentence())
    yield ""
    if bad := [source for source in collected.sources if source.error]:
        rows = [(source.id, source.error) for source in bad]
        yield from _table(("Source", "Fault"), rows)


def _send(report: SendReport) -> Iterator[str]:
    told = report.as_json()
    yield f"## Digest: {_plain(report.issue)}"
    yield ""
    names = ("planned", "accepted", "deferred", "failed", "uncertain", "skipped")
    yield from _table(names, [[str(told[name]) for name in names]])
    if report.words:
        yield _plain(report.words)
        yield ""
    yield from (f"- {_plain(hint)}" for hint in report.hints)
    if report.outlook:
        yield "```"
        yield from report.outlook.lines()
        yield "```"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield f"| {' | '.join(_plain(cell).replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _local(slot: Slot, zone: str) -> str:
    return f"{slot.at.astimezone(ZoneInfo(zone)):%a %-d %b, %H:%M %Z}"


def _plain(text: str) -> str:
    """Keep text of others on one line, and out of HTML and tables."""
    return " ".join(text.split()).replace("<", "&lt;")
