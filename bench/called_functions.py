"""A pytest plugin that notes which functions each test calls: `-p bench.called_functions`.

Calls in the test's own process count, in all threads. MUTATION_MAP names the file that is written:
JSON, test → [seconds, [[file, first line], …]].
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from types import CodeType, FrameType

import pytest

_ROOT = f"{Path.cwd()}/"
_ROOMS = (f"{_ROOT}digest/", f"{_ROOT}subscribers/")
_called: set[CodeType] = set()
_tests: dict[str, tuple[float, list[tuple[str, int]]]] = {}


def pytest_configure() -> None:
    """See calls from here on, those of threads that fixtures start included."""
    threading.settrace(_see)
    sys.settrace(_see)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Keep what one test called, with its fixtures."""
    _called.clear()
    sys.settrace(_see)
    began = perf_counter()
    yield
    seconds = perf_counter() - began
    ours = [code for code in list(_called) if code.co_filename.startswith(_ROOMS)]
    calls = [(code.co_filename.removeprefix(_ROOT), code.co_firstlineno) for code in ours]
    _tests[item.nodeid] = (seconds, calls)


def pytest_sessionfinish() -> None:
    """Write the map."""
    sys.settrace(None)
    Path(os.environ["MUTATION_MAP"]).write_text(json.dumps(_tests))


def _see(frame: FrameType, _event: str, _value: object) -> None:
    _called.add(frame.f_code)
