"""The report of a run, told: to a person, as JSON, and to the CI service that started it."""

from __future__ import annotations

from pathlib import Path

from digest.cli.output import emit, even_if_unheard, note, say
from digest.cli.runner import annotate, grouped, summarise
from digest.config import Settings
from digest.errors import DigestError
from digest.pipeline.schedule.report import RunReport, RunState
from digest.store import Store

_SHOWN = frozenset({RunState.SENT, RunState.RESUMED, RunState.WAITING_FOR_APPROVAL})


def tell_run(settings: Settings, report: RunReport, *, as_json: bool) -> None:
    """Print the report, annotate what is not well, and write the job's summary."""
    with even_if_unheard():
        if as_json:
            emit(report.as_json())
        else:
            _to_person(report)
    for source in report.collected.sources if report.collected else ():
        if source.error:
            annotate("warning", source.error, f"Source {source.id}")
    for done in report.editions:
        if done.exit_code:
            annotate("error", done.sentence(), f"{done.slot.issue_key}: {done.state}")
    summarise(lambda: _page(settings, report))


def render_issues(settings: Settings, store: Store, report: RunReport, folder: Path) -> None:
    """Write the issues that a run dealt with as files, each in a folder of its name.

    They are as a sample reader gets them. What cannot be built is noted, and stops nothing.
    """
    from digest.pipeline.desk.building import build_issue

    for done in report.editions:
        if done.state in _SHOWN:
            out = folder / done.edition / done.slot.key
            try:
                with grouped(f"{done.slot.issue_key} as files"):
                    build_issue(settings, store, done.edition, done.slot.key, out, report.now)
                    note(f"{done.slot.issue_key} → {out}")
            except DigestError as error:
                note(f"{done.slot.issue_key} was not written as files: {error}")


def _to_person(report: RunReport) -> None:
    for one in report.missed:
        note(f"missed: {one.slot.issue_key}: {one.why}. Its stories go into the next issue.")
    for done in report.editions:
        say(done.sentence())
        outlook = done.report.outlook if done.report else None
        for line in outlook.lines() if outlook else ():
            say(f"  {line}")
        for hint in done.report.hints if done.report else ():
            note(hint)


def _page(settings: Settings, report: RunReport) -> str:
    from digest.ci.summary import run_summary

    return run_summary(settings, report)
