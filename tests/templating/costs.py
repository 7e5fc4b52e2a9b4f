"""Templates rendered on a budget, and what a render costs, told by a process of its own.

The peak of a process never falls, so no case hides behind the memory that an earlier one let go of.
A tracer of each allocation would make the renders four times as slow.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from jinja2 import DictLoader

from digest.templating.budget import for_mails, on_budget
from digest.templating.sandbox import FAULTS, Sandbox

VALUES = {"x": "a", "long": "b c" * 30_000, "words": ["a", "b"], "n": 7}
_STATUS = Path("/proc/self/status")
_PEAK = re.compile(r"VmPeak:\s+(\d+) kB")
_base = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """Whether a render was refused, its processor time, and the memory it had at most."""

    refused: bool
    seconds: float
    most_bytes: int


def rendered(source: str, **others: str) -> str:
    """Return what a template makes, on the budget of a mail of fifty stories."""
    sandbox = Sandbox({}, loader=DictLoader({"a.html": source, **others}), autoescape=True)
    with on_budget(for_mails(50)):
        return sandbox.get_template("a.html").render(VALUES)


class CostMeter:
    """A fresh process that renders one template after another."""

    def __init__(self, process: ProcessPoolExecutor) -> None:
        self._process = process

    def cost_of(self, source: str) -> Cost:
        """Render a template there; return what it cost."""
        return self._process.submit(_cost_of, source).result()


@contextmanager
def metering() -> Iterator[CostMeter]:
    """Yield a meter while the block lasts."""
    with ProcessPoolExecutor(1, get_context("spawn"), _begin) as process:
        yield CostMeter(process)


def _begin() -> None:
    """Remember what the process needs before the first render that matters."""
    global _base  # noqa: PLW0603 - one figure of a process that does nothing else
    rendered("{{ x|upper }}")
    _base = _most_bytes()


def _cost_of(source: str) -> Cost:
    start, refused = time.thread_time(), False
    try:
        rendered(source)
    except FAULTS:
        refused = True
    return Cost(refused, time.thread_time() - start, _most_bytes() - _base)


def _most_bytes() -> int:
    """Return the most memory that this process ever had; on Linux what it asked for."""
    if _STATUS.exists() and (found := _PEAK.search(_STATUS.read_text())):
        return int(found[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
