"""How fast sources are collected, against the network's and the parser's own bound, and others.

Run `python -m bench.collector`, or name parts: speed others memory storing. R2E=/path/to/r2e
compares with rss2email too. 500 feeds lie behind a local server that answers in 100 ms. The bounds,
measured in the same run, at the concurrency that is Digest's default:

    network   feeds x latency / concurrency: nobody can be quicker without asking more at once
    parser    feedparser alone on the same bytes, in one process

Each figure is the median of three rounds, with the least and the most.
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
from statistics import median

import feedparser

from bench.feed_server import ITEMS, address, feed, serving
from digest.collector import Limits, SourceRequest, SourceResult, collect
from digest.config import Settings
from digest.models.articles import Article
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.store import open_store

FEEDS = 500
LATENCY = 0.1
ROUNDS = 3
PEERS = 50  # feeds that the others are given: they ask one after the other
STORED = 100_000
AT_ONCE = 50  # sources of 20 articles that share a transaction, about as when they are collected
LIMITS = Limits(allow_private_hosts=True)
NETWORK = FEEDS * LATENCY / LIMITS.concurrency
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def main(parts: Sequence[str]) -> None:
    """Print the figures of these parts, or of all."""
    chosen = parts or ("speed", "others", "memory", "storing")
    with serving(FEEDS, LATENCY) as port:
        if "speed" in chosen:
            _speed(port)
        if "others" in chosen:
            _others(port)
        if "memory" in chosen:
            for feeds in (100, FEEDS):
                print(f"peak memory with {feeds} feeds: {_peaks(feeds, port)}")
    if "storing" in chosen:
        _storing()


def _speed(port: int) -> None:
    print(f"{FEEDS} feeds of {ITEMS} items, {len(feed(0)) / 1000:.0f} KB each")
    print(f"{LIMITS.concurrency} at once: network bound {NETWORK:.2f} s")
    rounds = [_round(port) for _ in range(ROUNDS)]
    for name, unit in _RATIOS.items():
        seconds = median(told[name][0] for told in rounds)
        print(f"{name:21}{seconds:6.2f} s = {_spread([told[name][1] for told in rounds])} {unit}")


_RATIOS = {
    "feedparser alone": "times the network bound",
    "collect": "times the larger bound",
    "collect, unchanged": "of the first",
    "digest collect": "times the larger bound",
    "digest collect again": "of the first",
}


def _round(port: int) -> dict[str, tuple[float, float]]:
    """Return the seconds of each run, and as a ratio."""
    parser = _seconds(lambda: [feedparser.parse(io.BytesIO(body)) for body in _bodies()])
    parser -= _seconds(_bodies)
    bound = max(NETWORK, parser)
    first, results = _collected(port, {})
    tags = {result.source_id: result.etag for result in results}
    assert sum(len(result.articles) for result in results) == FEEDS * ITEMS  # noqa: S101 - the bench must measure the real thing
    again, results = _collected(port, tags)
    assert all(result.status == "unchanged" for result in results)  # noqa: S101 - as above
    stored, stored_again = _stored_runs(port)
    seconds = (parser, first, again, stored, stored_again)
    whole = (NETWORK, bound, first, bound, stored)
    return {
        name: (one, one / other) for name, one, other in zip(_RATIOS, seconds, whole, strict=True)
    }


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


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
    return _seconds(
        lambda: asyncio.run(collect(requests, LIMITS, results.append, datetime.now(UTC)))
    ), results


def _stored_runs(port: int) -> tuple[float, float]:
    """Collect into a store, as `digest collect` does, and once more where nothing changed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder), port)
        with open_store(settings.store.url, settings.folder) as store:
            runs = [
                _seconds(lambda: asyncio.run(collect_articles(settings, store, NOW)))
                for _ in range(2)
            ]
            assert store.articles.count() == FEEDS * ITEMS  # noqa: S101 - as above
    return runs[0], runs[1]


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


def _others(port: int) -> None:
    """Compare a feed's time with those who ask one feed after the other."""
    ours = _collected(port, {})[0] / FEEDS
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
    """Return the largest resident size of a run in a process of its own, and of its parsers."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        ours, parsers = pool.apply(_peak, (feeds, port))
    return f"{ours:.0f} MB, its largest parser {parsers:.0f} MB"


def _peak(feeds: int, port: int) -> tuple[float, float]:
    import resource

    def forget(_: SourceResult) -> None:
        """Keep nothing: what is measured is the collector."""

    requests = [SourceRequest(str(number), address(number, port)) for number in range(feeds)]
    asyncio.run(collect(requests, LIMITS, forget, datetime.now(UTC)))
    status = Path("/proc/self/status").read_text()
    ours = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return ours, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _storing() -> None:
    """Store 100,000 articles as they are collected, and compare the last tenth with earlier ones.

    The first tenth goes into indexes of few pages and is cheaper; the second is as all that follow.
    """
    rounds = [_stored() for _ in range(ROUNDS)]
    each = median(sum(spent) / STORED * 1e6 for spent in rounds)
    tenth = len(rounds[0]) // 10
    first = _spread([sum(spent[-tenth:]) / sum(spent[:tenth]) for spent in rounds])
    second = _spread([sum(spent[-tenth:]) / sum(spent[tenth : 2 * tenth]) for spent in rounds])
    print(f"storing {STORED:,} articles: {each:.0f} us each; last tenth {first} of the first,")
    print(f"  {second} of the second")


def _stored() -> list[float]:
    """Return the seconds of each transaction."""
    spent = []
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store("sqlite:///digest.db", Path(folder)) as store,
    ):
        for start in range(0, STORED - AT_ONCE * ITEMS + 1, AT_ONCE * ITEMS):
            brought = {
                f"s{source}": [_article(start + source * ITEMS + item) for item in range(ITEMS)]
                for source in range(AT_ONCE)
            }
            spent.append(_seconds(lambda brought=brought: store.articles.save_all(brought, NOW)))  # type: ignore[misc]
    return spent


def _article(number: int) -> Article:
    return Article(
        f"{number * 2654435761 % 2**32:032x}",
        "",
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
    main(sys.argv[1:])
