"""Few files that may be open make collecting slower, never wrong. Each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

Serve = Callable[[Mapping[str, bytes]], str]

_HEAD = """
import asyncio, resource, sys
from datetime import UTC, datetime
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from digest.collector import Limits, SourceRequest, collect
from digest.collector.http.open_files import fitted, shortage
limits = Limits(allow_private_hosts=True, per_host=64, parsers=1)
"""
_FIT = """
fit = fitted(limits)
print(fit.concurrency, fit.spare_connections <= 32, shortage(limits, fit))
"""
_COLLECT = """
requests = [SourceRequest(str(n), "{url}/feed?" + str(n)) for n in range(150)]
failed = []
def tell(result):
    if result.error:
        failed.append(str(result.error))
asyncio.run(collect(requests, limits, tell, datetime(2026, 11, 23, tzinfo=UTC)))
print(len(failed), *failed[:3])
"""


def run(text: str) -> str:
    """Run this as a program and give what it says."""
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False
    )
    return (done.stdout + done.stderr.rpartition("digest.errors.")[2]).strip()


def test_the_soft_limit_is_raised_where_it_may_be() -> None:
    """Nothing is slower than it was configured to be."""
    assert run(_HEAD.format(soft=64, hard=1024) + _FIT) == "128 True"


def test_as_many_are_asked_at_once_as_files_may_be_open() -> None:
    """And whoever watches is told why it takes longer."""
    said = run(_HEAD.format(soft=100, hard=100) + _FIT)
    places = int(said.split()[0])
    assert 5 < places < 50
    assert said.endswith(
        f"asking {places} sources at once, not 128: no more files may be open (ulimit -n)"
    )


def test_no_source_fails_for_want_of_files(serve: Serve, http: Callable[..., bytes]) -> None:
    """150 sources behind a limit of 64 are all read."""
    feed = http(b"<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>")
    program = _HEAD.format(soft=64, hard=64) + _COLLECT
    assert run(program.replace("{url}", serve({"/feed": feed}))) == "0"


@pytest.mark.parametrize("program", [_FIT, _COLLECT])
def test_too_few_for_anything_is_said_at_once(program: str) -> None:
    """How many, how many are needed, and how to allow them."""
    said = run(_HEAD.format(soft=16, hard=16) + program)
    assert "UsageError: ulimit -n: only 16 files may be open at once, and 3" in said
    assert "ulimit -n 1024" in said
