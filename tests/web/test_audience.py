"""The audience's page: the figures of `digest subscribers stats` as a plot, without an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from digest.store import open_store
from digest.web.audience import AudiencePage
from digest.web.preview import make_preview
from digest.web.preview_backend import PreviewBackend
from digest.web.server.serving import serving
from subscribers.lifecycle import Suppressed
from tests.web.axe import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.conftest import SampleToml

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EDITIONS = '[[edition]]\nid = "daily"\ntitle = "The <daily> & more"\nsections = ["world"]\n'


@pytest.fixture
def folder(sqlite_url: str, tmp_path: Path, sample_toml: SampleToml) -> Path:
    """Return a newsroom's folder whose three readers came last week, and one left today."""
    (tmp_path / "digest.toml").write_text(sample_toml(EDITIONS))
    with open_store(sqlite_url, tmp_path) as store:
        readers, earlier = store.subscribers, NOW - timedelta(weeks=1)
        for name in ("anna", "ben", "chiara"):
            email = f"{name}@reader.example"
            readers.add(email, edition="daily", confirmed=True, now=earlier)
        long_ago = NOW - timedelta(weeks=40)
        readers.add("anna@reader.example", edition="former", confirmed=True, now=long_ago)
        gone = readers.find_by_email("ben@reader.example")
        assert gone is not None
        readers.unsubscribe(gone.public_id, "daily", NOW)
        readers.suppress("hurt@reader.example", Suppressed.HARD_BOUNCE, NOW)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[httpx.Client]:
    """Yield a client of the preview with its audience."""
    backend = PreviewBackend(folder / "digest.toml", {}, lambda: NOW)
    page = AudiencePage(backend.audience, backend.titles)
    with (
        serving(make_preview(backend, page.route())) as url,
        httpx.Client(base_url=url, follow_redirects=True) as client,
    ):
        yield client
    backend.close()


def test_the_page_has_the_figures_and_nobodys_address(client: httpx.Client) -> None:
    """By edition and state; week by week; also of an edition that is no more."""
    page = client.get("/audience").text
    assert "<h1>3 readers</h1>" in page
    assert "The &lt;daily&gt; &amp; more" in page
    assert "<h2>former</h2>" in page
    assert "Nobody came or left in the 26 weeks from 2026-06-01 on." in page
    assert "Week of 2026-11-16: 3 came, 0 left" in page
    assert "Week of 2026-11-23: 0 came, 1 left" in page
    assert "<dt>hard bounce</dt><dd>1</dd>" in page
    assert "reader.example" not in page


@pytest.mark.browser
def test_the_page_has_no_serious_fault(browser: Browser, client: httpx.Client) -> None:
    """Before axe-core."""
    page = browser.new_page()
    page.goto(f"{client.base_url}/audience")
    assert looked_at(page) == []
    page.close()


def test_the_preview_leads_there_where_there_is_one(client: httpx.Client) -> None:
    """The one of a theme, which has no readers, does not."""
    assert '<a href="/audience">' in client.get("/").text


def test_a_newsroom_without_readers_is_told_how_they_come(
    sqlite_url: str, tmp_path: Path, sample_toml: SampleToml
) -> None:
    """No division by nothing, and no empty plot."""
    (tmp_path / "digest.toml").write_text(sample_toml(EDITIONS))
    open_store(sqlite_url, tmp_path).close()
    backend = PreviewBackend(tmp_path / "digest.toml", {}, lambda: NOW)
    page = AudiencePage(backend.audience, backend.titles)
    with serving(make_preview(backend, page.route())) as url:
        assert "Nobody has subscribed yet" in httpx.get(f"{url}/audience").text
    backend.close()
