"""The limit of open files (getrlimit(2)) bounds how many sites are asked at once.

Every connection is one, and so is every look-up of a name. A limit that is too low would else let
sources fail one by one, with words that name everything but the reason.
"""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from digest.errors import UsageError
from digest.models.limits import Limits

_A_PLACE = 2  # a connection, and before it the look-up of its name
_OTHERS = 24  # the store, a counter's key, what a library opens for a moment
_OPEN_UNKNOWN = 32
_FIX = "Allow more, as with `ulimit -n 1024` or LimitNOFILE= in a systemd unit, and run this again"


def fitted(limits: Limits) -> Limits:
    """Return `limits` with as many places as files may be open; the soft limit is raised first.

    Raises UsageError where not even one place is left.
    """
    fixed = _open_now() + _OTHERS + (limits.parsers or os.cpu_count() or 1)
    wanted = fixed + _A_PLACE * limits.concurrency + limits.spare_connections
    allowed = _allowed(wanted)
    if allowed >= wanted:
        return limits
    spare = min(limits.spare_connections, max(0, allowed - fixed) // 4)
    places = (allowed - fixed - spare) // _A_PLACE
    if places < 1:
        raise UsageError(
            f"only {allowed} files may be open at once, and {fixed + _A_PLACE} are needed at least",
            where="ulimit -n",
            fix=_FIX,
        )
    return replace(limits, concurrency=min(places, limits.concurrency), spare_connections=spare)


def shortage(wanted: Limits, fit: Limits) -> str:
    """Say what `fitted` took away, or ""."""
    if fit.concurrency == wanted.concurrency:
        return ""
    return (
        f"asking {fit.concurrency} sources at once, not {wanted.concurrency}: no more files may be "
        "open (ulimit -n)"
    )


def _allowed(wanted: int) -> int:
    """Return how many files may be open, raising the soft limit towards `wanted` if it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    if soft < wanted and (hard == resource.RLIM_INFINITY or soft < hard):
        best = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # Some systems refuse even what getrlimit promised.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (best, hard))
            soft = best
    return soft


def _open_now() -> int:
    try:
        return sum(1 for _ in Path("/dev/fd").iterdir())
    except OSError:
        return _OPEN_UNKNOWN
