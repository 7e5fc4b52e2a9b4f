"""How long the preview takes to show a changed template: python -m bench.preview.

A real news site on this machine is collected, then one template is touched and the issue is built
again as the preview does: configuration, articles, choice, theme, rendering, lint. Prints wall
time, and processor time because other programs share the machine.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from digest.config import CollectorSettings
from digest.demo.site import DemoSite, make_app
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.pipeline.setup.exploring import explore
from digest.pipeline.setup.skeleton import write_configuration
from digest.resources import templates_folder
from digest.store import open_store
from digest.web.preview_backend import PreviewBackend
from digest.web.server.serving import serving

_RUNS = 8


def _now() -> datetime:
    return datetime.now(UTC)


def _newsroom(folder: Path, site: str) -> Path:
    """Do what an operator does: init, collect, and a theme of one's own to edit."""
    found = asyncio.run(explore(site, CollectorSettings(allow_private_hosts=True)))
    path = folder / "digest.toml"
    draft = replace(found, postal_address="4 Quay Street, Porthaven")
    write_configuration(path, draft, secret_key="k" * 40)
    settings = load_settings(path, {})
    with open_store(settings.store.url, settings.folder) as store:
        asyncio.run(collect_articles(settings, store, _now()))
    own = folder / "themes" / "frontpage" / "blocks"
    own.mkdir(parents=True, exist_ok=True)
    shutil.copy(templates_folder() / "email" / "frontpage" / "blocks" / "footer.html", own)
    return path


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, serving(lambda url: make_app(DemoSite(_now(), url))) as site:
        path = _newsroom(Path(name), site)
        footer = path.parent / "themes" / "frontpage" / "blocks" / "footer.html"
        backend = PreviewBackend(path, {}, _now)
        times, busy = [], []
        for number in range(_RUNS):
            footer.write_text(f"{footer.read_text()}<!--{number}-->")
            start, worked = time.perf_counter(), time.process_time()
            backend.stamp()
            page = backend.preview("daily", frozenset(), "")
            times.append((time.perf_counter() - start) * 1000)
            busy.append((time.process_time() - worked) * 1000)
        backend.close()
    print(f"{len(page.html.encode())} bytes of HTML, {len(page.verdicts)} articles looked at")
    print(f"preview rebuild: best {min(times):.0f} ms, worst {max(times):.0f} ms of {_RUNS}")
    print(f"processor time:  best {min(busy):.0f} ms, worst {max(busy):.0f} ms")


if __name__ == "__main__":
    main()
