"""What a CI runner is shown beside the output: summary, annotations, groups, masks.

Everywhere else these do nothing. Commands go to stderr, so that `--json` keeps stdout.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_SUMMARY, _ACTIONS = "GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS"


def in_actions() -> bool:
    """Tell whether a runner reads workflow commands: GitHub Actions, Forgejo, Gitea."""
    return os.environ.get(_ACTIONS) == "true"


def summarise(page: Callable[[], str]) -> None:
    """Add a page to the job's summary, where there is one. What cannot be written is let be."""
    path = os.environ.get(_SUMMARY)
    if path:
        with suppress(OSError), open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 - a path of theirs
            file.write(page())


def annotate(level: str, text: str, title: str = "Digest") -> None:
    """Show a finding beside the run, and beside its line where it names one."""
    if in_actions():
        from digest.ci.annotations import annotation

        _command(annotation(level, text, title))


def hide_from_log(*secrets: str) -> None:
    """Have the runner blot these texts out of its log."""
    if in_actions():
        from digest.ci.annotations import masks

        for line in masks(secrets):
            _command(line)


@contextmanager
def grouped(title: str) -> Iterator[None]:
    """Fold the lines of the block in the runner's log."""
    if not in_actions():
        yield
        return
    from digest.ci.annotations import END_GROUP, group

    _command(group(title))
    try:
        yield
    finally:
        _command(END_GROUP)


def _command(line: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
