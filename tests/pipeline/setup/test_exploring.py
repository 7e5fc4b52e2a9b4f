"""A site's address becomes a configuration: tried on the demo site."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from digest.config import CollectorSettings
from digest.demo.serve import serve
from digest.demo.site import DemoSite, make_app
from digest.errors import UsageError
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.setup.exploring import domain_of, explore, initialise

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PRIVATE = CollectorSettings(allow_private_hosts=True)


@pytest.fixture
def site() -> Iterator[DemoSite]:
    """Put the demo site on line."""
    made: list[DemoSite] = []

    def build(url: str) -> ASGIApp:
        made.append(DemoSite(NOW, url))
        return make_app(made[0])

    with serve(build):
        yield made[0]


def test_sections_stand_as_in_the_sites_menu(site: DemoSite, tmp_path: Path) -> None:
    """World News first; name, language, colours and the counter of readers are found."""
    found = asyncio.run(explore(site.base_url, PRIVATE))
    done = initialise(tmp_path / "digest.toml", found)
    assert [part.title for part in done.sections] == [one.name for one in site.sections]
    assert done.sections[0].title == "World News"
    assert (done.name, done.language) == ("The Harbour Post", "en")
    assert dict(done.looks) == {"accent": "#b5411c", "paper": "#fbf8f2", "ink": "#17212a"}
    written = load_settings(tmp_path / "digest.toml", {})
    assert [source.url for source in written.source][:1] == [
        f"{site.base_url}/category/world-news/feed/"
    ]
    assert [counter.kind for counter in written.popularity] == ["wpp"]


def test_what_was_explored_with_is_written_down(site: DemoSite, tmp_path: Path) -> None:
    """A proxy or a bound that was needed once is needed by every run after it."""
    rules = replace(PRIVATE, max_sections=2, contact="desk@news.example")
    done = initialise(tmp_path / "digest.toml", asyncio.run(explore(site.base_url, rules)))
    assert len(done.sections) == 2
    assert load_settings(tmp_path / "digest.toml", {}).collector == rules


def test_a_private_site_needs_leave(site: DemoSite) -> None:
    """The message names the option."""
    with pytest.raises(UsageError, match="allow-private-hosts"):
        asyncio.run(explore(site.base_url, CollectorSettings()))


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.example", "news.example"),
        ("www.news.example", "news.example"),
        ("world.news.example.", "world.news.example"),
        ("127.0.0.1", ""),
        ("192.168.1.20", ""),
        ("::1", ""),
        ("localhost", ""),
        ("paper.localhost", ""),
        ("newsroom", ""),
        ("", ""),
    ],
)
def test_mail_and_pages_stand_under_a_domain_or_none(host: str, domain: str) -> None:
    """Nobody has a name such as digest.127.0.0.1."""
    assert domain_of(host) == domain
