"""The progress of a command: a bar on a terminal, plain lines elsewhere, nothing beside `--json`.

With `--json-lines` a send tells it to machines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from digest.cli.output import emit, note

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from digest.pipeline.gathering.report import SourceReport
    from digest.pipeline.sending.report import SendProgress

_LINE_SECONDS = 10.0
_JSON_SECONDS = 1.0
_FEW = 3  # sources that are named while they are waited for


class CollectProgress:
    """The progress of collecting, shown nowhere: for `--json`, and as the base of the others."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._waiting = dict.fromkeys(ids)
        self._total = len(self._waiting)
        self._new = self._failed = 0

    def source(self, report: SourceReport) -> None:
        """Take the report of a source that is done."""
        self._waiting.pop(report.id, None)
        self._new += report.new
        self._failed += report.status == "failed"

    def step(self, words: str) -> None:
        """Take what is done after the sources."""

    @property
    def done(self) -> int:
        """The number of sources that are done."""
        return self._total - len(self._waiting)

    def words(self) -> str:
        """Say "38/40 · 61 new · 2 failed · waiting for slow, slower"."""
        failed = f" · {self._failed} failed" if self._failed else ""
        last = ", ".join(self._waiting) if len(self._waiting) <= _FEW else ""
        waiting = f" · waiting for {last}" if last else ""
        return f"{self.done}/{self._total} · {self._new} new{failed}{waiting}"


class _CollectLines(CollectProgress):
    """A line a source, for logs."""

    def source(self, report: SourceReport) -> None:
        super().source(report)
        note(f"[{self.done}/{self._total}] {report.line()}")

    def step(self, words: str) -> None:
        note(f"{words} …")


class _CollectBar(CollectProgress):
    """A bar with counts, and the names of the last ones that are waited for."""

    def __init__(self, ids: Sequence[str], bar: Progress) -> None:
        super().__init__(ids)
        self._bar = bar
        self._task = bar.add_task(self.words(), total=self._total)

    def source(self, report: SourceReport) -> None:
        super().source(report)
        self._bar.update(self._task, completed=self.done, description=self.words())

    def step(self, words: str) -> None:
        self._bar.update(self._task, description=f"{self.words()} · {words}")


@contextmanager
def collect_progress(
    ids: Sequence[str], *, quiet: bool, console: Console | None = None
) -> Iterator[CollectProgress]:
    """Yield what sources and steps are told to; `console` stands for stderr."""
    if quiet:
        yield CollectProgress(ids)
    elif console is None and not _is_watched():
        yield _CollectLines(ids)
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        columns = (
            SpinnerColumn(),
            BarColumn(bar_width=20),
            TextColumn("{task.description}", markup=False),
        )
        shown = console or Console(stderr=True)
        with Progress(*columns, console=shown, transient=True) as bar:
            yield _CollectBar(ids, bar)


@contextmanager
def send_progress(
    *, quiet: bool = False, lines: bool = False
) -> Iterator[Callable[[SendProgress], None] | None]:
    """Yield a callback for the counts of a running send; `lines` are JSON, on stdout.

    A terminal or a pipe that is gone is no reason to stop a send.
    """
    if lines:
        yield _now_and_then(_JSON_SECONDS, lambda progress: emit({"progress": progress.as_json()}))
    elif quiet:
        yield None
    elif not _is_watched():
        yield _now_and_then(_LINE_SECONDS, lambda progress: note(_line(progress)))
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("sending", total=None)

            def show(progress: SendProgress) -> None:
                bar.update(
                    task,
                    total=progress.planned,
                    completed=progress.done,
                    description=_line(progress),
                )

            yield show


def _is_watched() -> bool:
    """Tell whether a person looks at stderr: a bar in the log of a CI run is noise."""
    return sys.stderr.isatty() and not os.environ.get("CI")


def _line(progress: SendProgress) -> str:
    return f"{progress.done}/{progress.planned} · {progress.words()}"


def _now_and_then(
    seconds: float, tell: Callable[[SendProgress], None]
) -> Callable[[SendProgress], None]:
    """Tell every so many seconds, and at once that there is something to wait for."""
    last, waiting = monotonic(), None

    def show(progress: SendProgress) -> None:
        nonlocal last, waiting
        news = progress.until is not None and progress.until != waiting
        if not news and monotonic() - last < seconds:
            return
        last, waiting = monotonic(), progress.until
        with suppress(OSError):
            tell(progress)

    return show
