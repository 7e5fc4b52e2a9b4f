"""The output of a command: one JSON object on stdout, or words for a person; errors on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from digest.cli.runner import annotate, summarise
from digest.cli.wrapping import fitted
from digest.errors import DigestError, ExitCode
from digest.log import log, mask


def emit(value: Mapping[str, object]) -> None:
    """Print one JSON object on stdout: the whole of what `--json` prints there."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """Print a line for a person; on a terminal it is broken between words."""
    sys.stdout.write(fitted(text, sys.stdout) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Print a line beside the result (progress, hints) to stderr, so that pipes stay clean.

    With DIGEST_LOG=json it is a line of the log, so that every line on stderr is JSON.
    """
    if log.as_json:
        log.info(text)
        return
    sys.stderr.write(fitted(text, sys.stderr) + "\n")
    sys.stderr.flush()


@contextmanager
def even_if_unheard() -> Iterator[None]:
    """Tell what was done; that nobody reads it any more changes neither that nor the exit code."""
    try:
        yield
    except BrokenPipeError:
        # At its end Python would write what is left, fail, and end with a code of its own.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, folding: str | None = None
) -> None:
    """Print rows under headings, as wide as the terminal allows; nothing when there are none.

    Where it is narrow all columns give way, or, if `folding` names one, that one alone.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    sheet = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for heading in headings:
        sheet.add_column(heading, overflow="fold", no_wrap=folding not in {None, heading})
    for row in rows:
        sheet.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    if not sheet.rows:
        return
    Console(highlight=False).print(sheet)
    sys.stdout.flush()


def fail(error: DigestError, *, as_json: bool) -> int:
    """Tell an error as the caller asked for it; give its exit code."""
    for line in str(error).splitlines():
        annotate("error", line)
    summarise(lambda: _failed(error))
    if as_json:
        emit(
            {
                "error": {
                    "kind": type(error).__name__,
                    "what": error.what,
                    "where": error.where,
                    "fix": error.fix,
                }
            }
        )
    if log.as_json:
        kind = type(error).__name__
        log.error(error.what, kind=kind, where=error.where, fix=error.fix)
    else:
        note(f"digest: {error}")
    return int(error.exit_code)


def _failed(error: DigestError) -> str:
    from digest.ci.summary import failure_summary

    return failure_summary(error.what, error.where, error.fix)


def unexpected(error: BaseException, *, as_json: bool) -> int:
    """Tell a fault of ours: its kind and place, never a page of traceback unless asked for.

    Nobody has written its words with care: addresses in them are masked.
    """
    import traceback

    words = mask(str(error))
    if as_json:
        emit({"error": {"kind": type(error).__name__, "what": words, "where": "", "fix": ""}})
    if os.environ.get("DIGEST_TRACEBACK"):
        traceback.print_exception(error)
    note(
        f"digest: unexpected {type(error).__name__}: {words.rstrip('.')}. "
        "This is a fault in Digest; run again with DIGEST_TRACEBACK=1 and report what it prints."
    )
    return int(ExitCode.UNEXPECTED)
