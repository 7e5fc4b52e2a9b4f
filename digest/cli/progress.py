"""How far it is: a bar on a terminal, plain lines elsewhere, nothing beside `--json`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from digest.cli.output import note

if TYPE_CHECKING:
    from digest.pipeline.collecting import SourceReport
    from digest.pipeline.reports import SendProgress

_LINE_SECONDS = 10.0


@contextmanager
def collect_progress(total: int, *, quiet: bool) -> Iterator[Callable[[SourceReport], None] | None]:
    """Give a callback for each source that is done."""
    if quiet:
        yield None
    elif not sys.stderr.isatty():
        yield lambda source: note(
            f"{source.id}: {source.status}, {source.new} new, {source.updated} updated"
            f" ({source.seconds:.1f} s)"
        )
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("sources", total=total)
            yield lambda source: bar.update(task, advance=1, description=source.id)


@contextmanager
def send_progress(*, quiet: bool) -> Iterator[Callable[[SendProgress], None] | None]:
    """Give a callback for the counts of a running send."""
    if quiet:
        yield None
    elif not sys.stderr.isatty():
        yield _line_now_and_then()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("sending", total=None)

            def show(progress: SendProgress) -> None:
                bar.update(
                    task,
                    total=progress.planned,
                    completed=progress.done,
                    description=f"{progress.done}/{progress.planned} · {progress.words()}",
                )

            yield show


def _line_now_and_then() -> Callable[[SendProgress], None]:
    last = monotonic()

    def show(progress: SendProgress) -> None:
        nonlocal last
        if monotonic() - last >= _LINE_SECONDS:
            last = monotonic()
            note(f"{progress.done} of {progress.planned} · {progress.words()}")

    return show
