"""The processor time of a process and all its children, from /proc (proc(5), /proc/pid/stat)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_TRIES = 20


class Ticks(NamedTuple):
    """What a process is a child of, what it has used, and what its ended children had."""

    parent: int
    own: int
    of_ended: int


def ticks(pid: int) -> Ticks:
    """Return what the kernel counts of a process; of one that has ended, until it is waited for.

    Raises FileNotFoundError or ProcessLookupError if there is none.
    """
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system, ended_user, ended_system = map(int, fields[11:15])
    return Ticks(int(fields[1]), user + system, ended_user + ended_system)


def family_seconds(pid: int) -> float:
    """Return the seconds of a process and its children, ended ones included.

    A child that ends on the way is counted with its parent or not at all, so it is read again.
    """
    for _ in range(_TRIES):
        before = ticks(pid)
        living = sum(map(_family_ticks, _children(pid)))
        after = ticks(pid)
        if after.of_ended == before.of_ended:
            break
    return (after.own + after.of_ended + living) / os.sysconf("SC_CLK_TCK")


def _family_ticks(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        mine = ticks(pid)
        return mine.own + mine.of_ended + sum(map(_family_ticks, _children(pid)))
    return 0


def _children(pid: int) -> Iterator[int]:
    """Yield the children of all threads."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            yield from map(int, (thread / "children").read_text().split())
