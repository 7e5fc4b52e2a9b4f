"""The desk with two hundred articles: built once a change, and a drag that waits for no server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from digest.models.articles import Article
from digest.store import open_store
from digest.web.desk.application import make_desk
from digest.web.desk.backend import DeskBackend
from digest.web.desk.contract import Asked, DeskPage
from digest.web.preview_backend import PreviewBackend
from digest.web.server.limits import ConnectionLimits
from digest.web.server.serving import serving
from tests.web.desk.conftest import NOW, SLOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_WORDS = """
harbour wall council school meals night train coast lighthouse keeper fleet port grain talks capital
island ferry captain sensor leak battery cold robot catch weather model gull bridge storm hospital
strike museum garden library river flood mayor budget police theatre bakery
"""


class Counted(DeskBackend):
    """The desk's answers, and how often a page was built."""

    built = 0

    def page(self, asked: Asked) -> DeskPage:
        """Build it."""
        self.built += 1
        return super().page(asked)


@pytest.fixture
def crowd(folder: Path) -> Iterator[Counted]:
    """Yield the answers of a newsroom whose issue has two hundred articles to choose from."""
    toml = (folder / "digest.toml").read_text()
    toml = toml.replace("top = 2\nlatest = 3", "top = 10\nlatest = 90")
    (folder / "digest.toml").write_text(
        toml.replace("top = 1\nlatest = 2", "top = 10\nlatest = 90")
    )
    choose, words = random.Random(7), _WORDS.split()  # noqa: S311 - headlines, no secret
    with open_store("sqlite:///digest.db", folder) as store:
        for source in ("feed", "tech"):
            articles = [
                Article(
                    id=f"{source}-m{number}",
                    source_id=source,
                    url=f"https://news.example/{source}/m{number}",
                    title=" ".join(choose.sample(words, 6)).capitalize(),
                    excerpt=" ".join(choose.sample(words, 9)),
                    published=NOW - timedelta(hours=6, minutes=number),
                )
                for number in range(95)
            ]
            store.articles.save(source, articles, NOW)
    looking = PreviewBackend(folder / "digest.toml", {}, lambda: NOW, "daily")
    yield Counted(looking, folder, lambda: NOW, "Ann")
    looking.close()


def test_an_issue_is_built_once_for_all_that_shows_it(crowd: Counted, overlay: Path) -> None:
    """Page, frames, downloads and the form that changes it; once more after the change."""
    with (
        serving(make_desk(crowd, may_change=True)) as base_url,
        httpx.Client(base_url=base_url, timeout=120, follow_redirects=True) as client,
    ):
        page = client.get("/edition/daily").text
        assert page.count('class="row"') > 90
        for path in ("/frame", "/frame?view=outlook", "/issue.eml", "?panel=words", "?panel=left"):
            assert client.get(f"/edition/daily{path}").status_code == 200
        assert crowd.built == 1
        version = page.partition('name="version" value="')[2].partition('"')[0]
        body = {"action": "drop", "story": "feed-m3", "version": version}
        assert "Done: drop" in client.post("/edition/daily/do", data=body).text
        assert client.get("/edition/daily/frame").status_code == 200
    assert crowd.built == 2
    assert SLOT in overlay.name


@pytest.mark.browser
def test_a_dragged_story_stands_there_before_the_server_has_answered(
    browser: Browser, crowd: Counted
) -> None:
    """Within one turn of the page's script, over the whole length of the list."""
    limits = ConnectionLimits(answer_seconds=600)
    with serving(make_desk(crowd, may_change=True), limits=limits) as base_url:
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(f"{base_url}/edition/daily")
        moved = page.evaluate(
            """() => {
              const rows = [...document.querySelectorAll(".shelf[data-section] .row[draggable]")];
              const [first, last] = [rows[0], rows.at(-1)];
              const box = last.getBoundingClientRect();
              first.dispatchEvent(new DragEvent("dragstart", { bubbles: true }));
              last.dispatchEvent(new DragEvent("dragover",
                { bubbles: true, cancelable: true, clientY: box.bottom }));
              return [rows.length, last.nextElementSibling === first];
            }"""
        )
        page.close()
    assert moved[0] > 90
    assert moved[1]
