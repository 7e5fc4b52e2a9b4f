"""The examples of docs/sources.md work as they stand there: each kind is read, by its address."""

from __future__ import annotations

import asyncio
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from digest.collector.kinds.registry import KINDS
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.gathering.collecting import collect_articles
from digest.store import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ANSWERS = {
    "/category/world-news/feed/": "section.rss",
    "/feed.json": "feed.json",
    "/wp-json/wp/v2/posts": "posts.json",
    "/ghost/api/content/posts/": "ghost.json",
    "/news-sitemap.xml": "news-sitemap.xml",
    "/islands/": "article.html",
}
_HEAD = """
[site]
name = "Example News"
url = "https://news.example"
public_url = "https://digest.news.example"
postal_address = "1 Example Street, Exampletown"
[mail]
from = "digest@news.example"
[collector]
proxy = "{proxy}"
[[section]]
id = "all"
title = "All"
sources = ["world"]
[[edition]]
id = "daily"
title = "Daily"
sections = ["all"]
"""


@pytest.fixture
def proxy() -> Iterator[str]:
    """Play every site of the examples: what is asked of a proxy holds the whole address."""
    data = ROOT / "tests" / "collector" / "data"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = ANSWERS.get(urlsplit(self.path).path)
            body = (data / name).read_bytes() if name else b""
            self.send_response(200 if name else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def documented() -> str:
    """Return the example of sources as it stands in the text."""
    text = (ROOT / "docs" / "sources.md").read_text()
    blocks = [block.partition("```")[0] for block in text.split("```toml\n")[1:]]
    return next(block for block in blocks if "[[source]]" in block)


def test_every_kind_is_shown() -> None:
    """A kind without an example is not documented."""
    shown = {one.get("kind", "feed") for one in tomllib.loads(documented())["source"]}
    assert shown == set(KINDS)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_every_example_gives_articles(store: Store, proxy: str, tmp_path: Path) -> None:
    """Read by their own kinds, and nothing is left out."""
    text = documented().replace("https://", "http://") + _HEAD.format(proxy=proxy)
    settings = parse_settings(text, tmp_path / "digest.toml", {})
    report = asyncio.run(collect_articles(settings, store, NOW))
    assert {source.id: source.error for source in report.sources} == {
        source.id: "" for source in settings.source
    }
    assert all(source.new > 0 for source in report.sources)
