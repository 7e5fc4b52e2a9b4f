"""How fast sources are collected, against the network's and the parser's own bound, and others.

Run `python -m bench.collector`; R2E=/path/to/r2e compares with rss2email too. 500 feeds lie behind
a local server that answers in 100 ms. The bounds, measured in the same run:

    network   feeds x latency / concurrency: nobody can be quicker without asking more at once
    parser    feedparser alone on the same bytes, in one process
"""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from bench.feed_server import ITEMS, address, feed, serving
from digest.collector import Limits, SourceRequest, SourceResult, collect
from digest.config import Settings, parse_settings
from digest.models import Article
from digest.pipeline.collecting import collect_articles
from digest.store import open_store

FEEDS = 500
LATENCY = 0.1
PEERS = 50  # feeds that the others are given: they ask one after the other
STORED = 100_000
LIMITS = Limits(concurrency=16, allow_private_hosts=True)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def main() -> None:
    """Print every figure, one a line."""
    network = FEEDS * LATENCY / LIMITS.concurrency
    with serving(FEEDS, LATENCY) as port:
        parser = _seconds(lambda: [feedparser.parse(io.BytesIO(body)) for body in _bodies()])
        parser -= _seconds(_bodies)
        bound = max(network, parser)
        print(f"{FEEDS} feeds of {ITEMS} items, {len(feed(0)) / 1000:.0f} KB each")
        print(f"network bound {network:.2f} s, parser bound {parser:.2f} s")
        first, results = _collected(port, {})
        tags = {result.source_id: result.etag for result in results}
        assert sum(len(result.articles) for result in results) == FEEDS * ITEMS  # noqa: S101 - the bench must measure the real thing
        print(f"collect             {first:6.2f} s = {first / bound:.2f} times the larger bound")
        again, results = _collected(port, tags)
        assert all(result.status == "unchanged" for result in results)  # noqa: S101 - as above
        print(f"collect, unchanged  {again:6.2f} s = {again / first:.2f} of the first")
        _stored_runs(port, bound)
        _others(port, first / FEEDS)
        for feeds in (100, FEEDS):
            print(f"peak memory with {feeds} feeds: {_peaks(feeds, port)}")
    _storing()


def _bodies() -> list[bytes]:
    return [feed(number) for number in range(FEEDS)]


def _collected(
    port: int, tags: dict[str, str], feeds: int = FEEDS
) -> tuple[float, list[SourceResult]]:
    requests = [
        SourceRequest(str(number), address(number, port), "auto", tags.get(str(number), ""))
        for number in range(feeds)
    ]
    results: list[SourceResult] = []
    return _seconds(lambda: asyncio.run(collect(requests, LIMITS, results.append))), results


def _stored_runs(port: int, bound: float) -> None:
    """Collect into a store, as `digest collect` does, and once more where nothing changed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder), port)
        with open_store(settings.store.url, settings.folder) as store:
            runs = [
                _seconds(lambda: asyncio.run(collect_articles(settings, store, NOW)))
                for _ in range(2)
            ]
            assert store.articles.count() == FEEDS * ITEMS  # noqa: S101 - as above
    print(f"digest collect      {runs[0]:6.2f} s = {runs[0] / bound:.2f} times the larger bound")
    print(f"digest collect again{runs[1]:6.2f} s = {runs[1] / runs[0]:.2f} of the first")


def _settings(folder: Path, port: int) -> Settings:
    sources = "".join(
        f'[[source]]\nid = "s{number}"\nurl = "{address(number, port)}"\n'
        for number in range(FEEDS)
    )
    text = f"""
[site]
name = "Bench"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street"
[mail]
from = "digest@news.example"
[collector]
allow_private_hosts = true
{sources}
[[section]]
id = "all"
title = "All"
sources = ["s0"]
[[edition]]
id = "daily"
title = "Daily"
sections = ["all"]
"""
    return parse_settings(text, folder / "digest.toml", {})


def _others(port: int, ours: float) -> None:
    """Compare a feed's time with those who ask one feed after the other."""
    urls = [address(number, port) for number in range(PEERS)]
    loop = _seconds(lambda: [feedparser.parse(url) for url in urls]) / PEERS
    print(f"feedparser loop {loop * 1000:6.0f} ms a feed = {loop / ours:.0f} times ours")
    if program := os.environ.get("R2E"):
        rss2email = _rss2email(program, urls) / PEERS
        print(
            f"rss2email       {rss2email * 1000:6.0f} ms a feed = {rss2email / ours:.0f} times ours"
        )


def _rss2email(program: str, urls: Sequence[str]) -> float:
    """Time `r2e run --no-send`: it fetches, parses and remembers, and writes no mail."""
    with tempfile.TemporaryDirectory() as folder:

        def r2e(*words: str) -> None:
            command = [program, "-c", f"{folder}/config", "-d", f"{folder}/data.json", *words]
            subprocess.run(command, check=True, capture_output=True)

        r2e("new", "desk@news.example")
        for number, url in enumerate(urls):
            r2e("add", f"feed{number}", url)
        return _seconds(lambda: r2e("run", "--no-send"))


def _peaks(feeds: int, port: int) -> str:
    """Give the largest resident size of a run in a process of its own, and of its parsers."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        ours, parsers = pool.apply(_peak, (feeds, port))
    return f"{ours:.0f} MB, its largest parser {parsers:.0f} MB"


def _peak(feeds: int, port: int) -> tuple[float, float]:
    import resource

    def forget(_: SourceResult) -> None:
        """Keep nothing: what is measured is the collector."""

    requests = [SourceRequest(str(number), address(number, port)) for number in range(feeds)]
    asyncio.run(collect(requests, LIMITS, forget))
    status = Path("/proc/self/status").read_text()
    ours = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return ours, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _storing() -> None:
    """Store 100,000 articles, 500 at a time, and compare the last tenth with the first."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store("sqlite:///digest.db", Path(folder)) as store,
    ):
        spent = []
        for start in range(0, STORED, 500):
            met = [_article(number) for number in range(start, start + 500)]
            spent.append(_seconds(lambda met=met: store.articles.save("feed", met, NOW)))  # type: ignore[misc]
    tenth = len(spent) // 10
    first, last = sum(spent[:tenth]), sum(spent[-tenth:])
    each = sum(spent) / STORED * 1e6
    print(
        f"storing {STORED:,} articles: {each:.0f} us each; last tenth {last / first:.2f} of first"
    )


def _article(number: int) -> Article:
    return Article(
        f"{number * 2654435761 % 2**32:032x}",
        "feed",
        f"https://news.example/{number}",
        f"Headline {number}",
        "An excerpt of the usual length, give or take. " * 5,
        published=NOW,
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    main()
