"""Functions in processes of their own, forked from a warm one that has imported everything.

A test that kills processes or has them compete starts many of them, and a second of imports is
most of what each costs. The warm process is the standard library's fork server: it starts with the
first fork of a session of tests and ends with that session. A fork is a process like any other. It
has its own id and connections, SIGKILL leaves it no last word, and an exception ends it with exit
code 1 after its traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping
from multiprocessing import forkserver, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.warm_imports import all_names

_CONTEXT = get_context("forkserver")


def forked(
    work: Callable[..., object],
    *arguments: object,
    output: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> BaseProcess:
    """Start `work` with these arguments in a process of its own.

    Both can be pickled. What the process writes on stdout and stderr is appended to `output`, or
    goes where the session of tests writes. Its environment is that of the caller, or `environment`.
    It ends with exit code 0, or with that of the SystemExit that `work` raises. It is killed when
    the session of tests ends. Only one thread at a time may start processes and wait for them.
    """
    _ensure_warm()
    variables = dict(os.environ if environment is None else environment)
    process = _CONTEXT.Process(target=_work, args=(work, arguments, output, variables), daemon=True)
    process.start()
    return process


def _ensure_warm() -> None:
    """Have the fork server import what the tests can import, when it is not there yet."""
    forkserver.set_forkserver_preload(all_names())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()


def _work(
    work: Callable[..., object],
    arguments: tuple[object, ...],
    output: Path | None,
    environment: dict[str, str],
) -> None:
    gc.freeze()  # a fork that looked for garbage among all that was imported would copy it first
    if output is not None:
        with output.open("ab") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    work(*arguments)
