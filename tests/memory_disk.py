"""Tests write to a file system in memory, where there is one with room.

Nearly each test makes a store, and each commit waits for a disk: some milliseconds, thousands of
times. No test pulls the plug, so none can see the difference; those that need a disk which fills
up, turns read-only or fails mount or load one of their own.
"""

from __future__ import annotations

import os
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a place where pytest makes a folder of its own
_VARIABLE = "PYTEST_DEBUG_TEMPROOT"  # pytest makes its temporary folders in the one this names
_ROOM = 2 << 30  # bytes; a whole run has far less at any one time
_FILES = 100_000


def write_to_memory() -> None:
    """Have pytest keep temporary files in memory, unless somebody said where to keep them."""
    if _VARIABLE not in os.environ and has_room(_IN_MEMORY):
        os.environ[_VARIABLE] = str(_IN_MEMORY)


def temporary_root() -> str | None:
    """Return the folder where pytest makes its temporary folders; None is the system's own."""
    return os.environ.get(_VARIABLE)


def has_room(folder: Path) -> bool:
    """Whether tests may write there, run what they write, and find enough room."""
    try:
        found = os.statvfs(folder)
    except OSError:  # there is none on this system
        return False
    may_run = not found.f_flag & os.ST_NOEXEC
    roomy = found.f_bavail * found.f_frsize >= _ROOM and found.f_favail >= _FILES
    return may_run and roomy and os.access(folder, os.W_OK | os.X_OK)
