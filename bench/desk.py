"""How long the desk takes over 200 articles: python -m bench.desk.

An issue of two sections is changed as an editor changes it, and its page is asked for over HTTP.
Then, in Chromium, the overlay file is saved again and again, and a story is dragged over every
other one. A page is told in processor time, because other programs share the machine. The screen
and the drag are told by the clock, since an editor waits for them.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Page

from digest.models.articles import Article
from digest.store import open_store, upgrade_store
from digest.web.desk.application import make_desk
from digest.web.desk.backend import DeskBackend
from digest.web.preview_backend import PreviewBackend
from digest.web.server.limits import ConnectionLimits
from digest.web.server.serving import serving
from judges.tools import chromium

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_RUNS = 8
_WORDS = """
harbour wall council school meals night train coast lighthouse keeper fleet port grain talks capital
island ferry captain sensor leak battery cold robot catch weather model gull bridge storm hospital
"""
_TOML = """
[site]
name = "The Example"
url = "https://news.example/"
public_url = "https://letters.news.example"
postal_address = "1 Example Street, Oslo"
[mail]
transport = "outbox"
from = "The Example <digest@news.example>"
[[edition]]
id = "daily"
title = "Daily"
sections = ["world", "tech"]
"""
_SECTION = """
[[source]]
id = "{0}"
url = "https://news.example/{0}/"
[[section]]
id = "{0}"
title = "{0}"
sources = ["{0}"]
top = 10
latest = 90
"""
_DRAG = """() => {
  const rows = [...document.querySelectorAll(".shelf[data-section] .row[draggable]")];
  const times = rows.slice(1).map((over) => {
    rows[0].dispatchEvent(new DragEvent("dragstart", { bubbles: true }));
    const start = performance.now();
    const box = over.getBoundingClientRect();
    over.dispatchEvent(new DragEvent("dragover",
      { bubbles: true, cancelable: true, clientY: box.bottom }));
    document.body.getBoundingClientRect();
    return performance.now() - start;
  }).sort((one, other) => one - other);
  return [rows.length, times[Math.floor(times.length / 2)], times.at(-1)];
}"""
_SHOWN = "subject => document.getElementById('mail').textContent.includes(subject)"


def _newsroom(folder: Path) -> None:
    sections = "".join(map(_SECTION.format, ("world", "tech")))
    (folder / "digest.toml").write_text(_TOML + sections)
    choose, words = random.Random(7), _WORDS.split()  # noqa: S311 - headlines, no secret
    upgrade_store("sqlite:///digest.db", folder)
    with open_store("sqlite:///digest.db", folder) as store:
        for source in ("world", "tech"):
            articles = [
                Article(
                    id=f"{source}-{number}",
                    source_id=source,
                    url=f"https://news.example/{source}/{number}",
                    title=" ".join(choose.sample(words, 6)).capitalize(),
                    excerpt=" ".join(choose.sample(words, 9)),
                    published=_NOW - timedelta(hours=6, minutes=number),
                )
                for number in range(100)
            ]
            store.articles.save(source, articles, _NOW)


def _page_times(base_url: str, overlay: Path) -> list[float]:
    """Return the processor time of a page after each of some changes, in milliseconds."""
    overlay.parent.mkdir(parents=True)
    found = []
    with httpx.Client(base_url=base_url, timeout=120) as client:
        for number in range(_RUNS):
            overlay.write_text(f'[[drop]]\nstory = "world-{number + 3}"\n')
            start = time.process_time()
            client.get("/edition/daily").raise_for_status()
            found.append((time.process_time() - start) * 1000)
    return sorted(found)


def _screen_times(page: Page, overlay: Path) -> list[float]:
    """Return how long the screen takes to show a saved change, by the clock, in milliseconds."""
    found = []
    for number in range(_RUNS):
        subject = f"Saved for the {number}th time"
        start = time.perf_counter()
        overlay.write_text(f'subject = "{subject}"\n')
        page.wait_for_function(_SHOWN, arg=subject, polling="raf")  # at every frame that is drawn
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        _newsroom(folder)
        looking = PreviewBackend(folder / "digest.toml", {}, lambda: _NOW, "daily")
        desk = make_desk(DeskBackend(looking, folder, lambda: _NOW, "Ann"), may_change=True)
        with serving(desk, limits=ConnectionLimits(answer_seconds=600)) as base_url:
            overlay = folder / "overlays" / "daily" / "2026-11-23.toml"
            pages = _page_times(base_url, overlay)
            with chromium() as browser:
                page = browser.new_page(viewport={"width": 1280, "height": 860})
                page.goto(f"{base_url}/edition/daily")
                screens = _screen_times(page, overlay)
                rows, median, worst = page.evaluate(_DRAG)
        looking.close()
    print("200 articles, from a saved change:")
    _tell("to its page, processor time", pages)
    _tell("to the screen, by the clock", screens)
    print(f"a drag over {rows} rows: median {median:.1f} ms, worst {worst:.1f} ms")


def _tell(what: str, times: list[float]) -> None:
    best, median, worst = times[0], times[len(times) // 2], times[-1]
    print(f"  {what}: best {best:.0f} ms, median {median:.0f} ms, worst {worst:.0f} ms")


if __name__ == "__main__":
    main()
