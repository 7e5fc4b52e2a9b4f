"""The suite at other moments and in other zones: `make test-dates`, or `python -m tests.moments`.

libfaketime moves the clock of the tests and of all that they start. Clocks that only measure how
long something takes are left alone. Browser and torture tests are left out: Chromium refuses
certificates and cookies of another decade for reasons of its own, and torture is about kills.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_APART = "not browser"
_SLOW = "not browser and not postgres and not slow"
# Rooms whose results depend on dates. Those that wait for networks depend on how long things take.
_QUICK = tuple(
    f"tests/{room}"
    for room in (
        *("schedule", "pipeline/schedule", "pipeline/issue", "store/issues", "subscribers"),
        *("mail", "config", "collector/articles"),
    )
)
_SAY_TIME = "import datetime; print(datetime.datetime.now().isoformat())"
_TO_THE_MINUTE = len("2028-02-29T23:30")
_MISSING = """\
make test-dates: the command `faketime` was not found. It moves the clock of the tests.
  Install it: apt install faketime  (Debian, Ubuntu), dnf install libfaketime  (Fedora),
  brew install libfaketime  (macOS)."""


@dataclass(frozen=True)
class Moment:
    """When the suite begins: the wall clock of the zone that it runs in, as ISO 8601."""

    name: str
    zone: str
    begins: str

    @property
    def seconds_ahead(self) -> int:
        """How far the moment is from now; negative once it has passed."""
        begins = datetime.fromisoformat(self.begins).replace(tzinfo=ZoneInfo(self.zone))
        return math.ceil((begins - datetime.now(UTC)).total_seconds())


MOMENTS = (
    # Half an hour before the leap day ends, where the day is UTC's, and where it is far from it.
    Moment("leap-day", "UTC", "2028-02-29T23:30"),
    Moment("leap-day-kiritimati", "Pacific/Kiritimati", "2028-02-29T23:30"),
    # Three minutes before the hour that is left out, or comes twice: it falls into the run.
    Moment("summer-time-begins", "Europe/Berlin", "2027-03-28T01:57"),
    Moment("summer-time-ends", "Europe/Berlin", "2027-10-31T02:57"),
    Moment("new-years-eve", "UTC", "2027-12-31T23:30"),
    Moment("new-years-eve-samoa", "Pacific/Pago_Pago", "2028-12-31T23:30"),
    Moment("ten-years-on", "Asia/Kathmandu", "2036-11-24T06:59"),
)


def main() -> None:
    """Run the suite at the moments that are named, else at all; exit 1 if it failed at any."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = _arguments()
    if shutil.which("faketime") is None:
        sys.exit(_MISSING)
    chosen = [one for one in MOMENTS if not arguments.at or one.name in arguments.at]
    apart = _SLOW if arguments.quick else _APART
    rooms = _QUICK if arguments.quick else ("--ignore=tests/torture",)
    wanted = [*arguments.pytest, "-m", apart, *rooms]
    failed = [one.name for one in chosen if _run(one, wanted) != 0]
    if failed:
        sys.exit(f"make test-dates: failed at {', '.join(failed)}")
    print(f"make test-dates: passed at {', '.join(one.name for one in chosen)}")  # noqa: T201


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.moments", description=main.__doc__)
    names = [one.name for one in MOMENTS]
    parser.add_argument("--at", action="append", choices=names, help="only at this moment")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="only rooms that depend on dates, without what takes long",
    )
    parser.add_argument("pytest", nargs="*", help="further arguments of pytest, after --")
    return parser.parse_args()


def _run(moment: Moment, arguments: list[str]) -> int:
    print(f"== {moment.name}: {moment.begins} in {moment.zone}", flush=True)  # noqa: T201
    with _python(moment, ["-c", _SAY_TIME], stdout=subprocess.PIPE) as asked:
        there = asked.communicate()[0].strip()
    if there[:_TO_THE_MINUTE] != moment.begins:
        sys.exit(f"make test-dates: faketime did not move the clock: it is {there} there")
    with _python(moment, ["-m", "pytest", *arguments]) as tests:
        try:
            return tests.wait()
        except KeyboardInterrupt:
            os.killpg(tests.pid, signal.SIGTERM)
            sys.exit(f"make test-dates: interrupted at {moment.name}")


def _python(
    moment: Moment, arguments: list[str], stdout: int | None = None
) -> subprocess.Popen[str]:
    """Start this Python at the moment, in a process group of its own."""
    command = [
        *("faketime", "-m", "--exclude-monotonic", "-f", f"{moment.seconds_ahead:+d}s"),
        # An offset needs no memory that processes share, and PostgreSQL's user could not open it.
        *("env", "-u", "FAKETIME_SHARED", sys.executable, *arguments),
    ]
    there = os.environ | {"TZ": moment.zone, "PYTHONPATH": str(_HERE)}
    return subprocess.Popen(
        command, cwd=_ROOT, env=there, stdout=stdout, text=True, process_group=0
    )


if __name__ == "__main__":
    main()
