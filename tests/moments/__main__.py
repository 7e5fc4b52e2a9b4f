"""The suite at other moments and in other zones: `make test-dates`, or `python -m tests.moments`.

libfaketime moves the clock of the tests and of all that they start. Clocks that only measure how
long something takes are left alone. Browser and torture tests are left out: Chromium refuses
certificates and cookies of another decade for reasons of its own, and torture is about kills.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_MISSING = """\
make test-dates: the command `faketime` was not found. It moves the clock of the tests.
  Install it: apt install faketime  (Debian, Ubuntu), dnf install libfaketime  (Fedora),
  brew install libfaketime  (macOS)."""


@dataclass(frozen=True)
class Moment:
    """When the suite begins, on the wall clock of the zone it runs in.

    `fold` is 1 for the second of two equal wall-clock times when summer time ends.
    """

    name: str
    zone: str
    begins: datetime

    @property
    def ahead(self) -> timedelta:
        """How far the moment is from now; negative once it has passed."""
        return self.begins.replace(tzinfo=ZoneInfo(self.zone)) - datetime.now(UTC)


MOMENTS = (
    # Half an hour before the leap day ends, where the day is UTC's, and where it is far from it.
    Moment("leap-day", "UTC", datetime(2028, 2, 29, 23, 30)),  # noqa: DTZ001 - its zone is beside it
    Moment("leap-day-kiritimati", "Pacific/Kiritimati", datetime(2028, 2, 29, 23, 30)),  # noqa: DTZ001
    # A quarter of an hour before the hour that is left out, or comes twice.
    Moment("summer-time-begins", "Europe/Berlin", datetime(2027, 3, 28, 1, 45)),  # noqa: DTZ001
    Moment("summer-time-ends", "Europe/Berlin", datetime(2027, 10, 31, 2, 45)),  # noqa: DTZ001
    # Midnight passes while the tests run.
    Moment("new-years-eve", "UTC", datetime(2027, 12, 31, 23, 58)),  # noqa: DTZ001
    Moment("new-years-eve-samoa", "Pacific/Pago_Pago", datetime(2028, 12, 31, 23, 58)),  # noqa: DTZ001
    Moment("ten-years-on", "Asia/Kathmandu", datetime(2036, 11, 24, 6, 59)),  # noqa: DTZ001
)


def main() -> None:
    """Run the suite at the moments that are named, else at all; exit 1 if it failed at any."""
    arguments = _arguments()
    if shutil.which("faketime") is None:
        sys.exit(_MISSING)
    chosen = [one for one in MOMENTS if not arguments.at or one.name in arguments.at]
    failed = [one.name for one in chosen if _run(one, arguments.pytest) != 0]
    if failed:
        sys.exit(f"make test-dates: failed at {', '.join(failed)}")
    print(f"make test-dates: passed at {', '.join(one.name for one in chosen)}")  # noqa: T201


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.moments", description=main.__doc__)
    names = [one.name for one in MOMENTS]
    parser.add_argument("--at", action="append", choices=names, help="only at this moment")
    parser.add_argument("pytest", nargs="*", help="further arguments of pytest, after --")
    return parser.parse_args()


def _run(moment: Moment, arguments: list[str]) -> int:
    seconds = round(moment.ahead.total_seconds())
    print(f"== {moment.name}: {moment.begins:%Y-%m-%d %H:%M} in {moment.zone}", flush=True)  # noqa: T201
    # An offset needs no memory that processes share, and PostgreSQL's user could not open it.
    command = [
        *("faketime", "-m", "--exclude-monotonic", "-f", f"{seconds:+d}s"),
        *("env", "-u", "FAKETIME_SHARED", sys.executable, "-m", "pytest"),
        *("-m", "not browser", "--ignore=tests/torture", *arguments),
    ]
    there = os.environ | {"TZ": moment.zone, "PYTHONPATH": str(_HERE)}
    return subprocess.run(command, cwd=_ROOT, env=there, check=False).returncode


if __name__ == "__main__":
    main()
