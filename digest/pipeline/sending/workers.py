"""The name under which a process takes claims, and whether the process behind a name is gone.

A lease outlasts the longest time-out of a mail server, so after a kill the next run would wait for
half an hour. On the machine where the worker ran, one can simply look: then its claims are free at
once. On another machine, or in another container, the lease decides.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path

from digest.store import Store

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_START_FIELD = 19  # of those behind the command in /proc/<pid>/stat, see proc_pid_stat(5)


def this_worker() -> str:
    """Name this process: where it runs, its number, and when it began."""
    return f"{_here()}/{os.getpid()}/{_started(os.getpid())}"


def shown(worker: str) -> str:
    """Name a worker to a person: "process 4711 on mail1"."""
    here, _, number = worker.rpartition("/")[0].rpartition("/")
    return f"process {number} on {here.partition(':')[0]}" if here else worker


def gone_from(store: Store) -> Callable[[str], bool]:
    """Return what knows of a worker that it certainly sends no more by this store's ledger.

    A ledger that is pushed has one run at a time, the one that holds it: every worker that is found
    in it is of a run that was killed. Asked only while this run has nobody in its hands.
    """
    return (lambda _: True) if store.replica else is_gone


def is_gone(worker: str) -> bool:
    """Whether that worker certainly runs no more; False wherever it cannot be known."""
    here, _, rest = worker.rpartition("/")[0].rpartition("/")
    began = worker.rpartition("/")[2]
    if here != _here() or not rest.isdigit():
        return False
    return _started(int(rest)) != began


def _here() -> str:
    """Name this machine, boot and process namespace: numbers mean the same only inside it."""
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()[:8]
        return f"{platform.node()}:{boot}:{_NAMESPACE.readlink().name}"
    except OSError:
        return platform.node()


def _started(pid: int) -> str:
    """Return when that process began, "gone" if there is none, "running" if no more is known."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[_START_FIELD]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return "gone"
    except (OSError, IndexError):
        return "running"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return "gone"
    except OSError:
        return "running"
    return "running"
