"""A newsroom with three sections for the desk: a folder, a store, articles, readers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.models.articles import Article
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.desk.explaining import explanation, packed
from digest.pipeline.issue.composing import compose_for, compose_issue
from digest.pipeline.issue.slots import edition_named, named_slot
from digest.pipeline.mails.budget import render_within_budget
from digest.store import AudiencePlan, NewIssue, open_store
from digest.web.desk.application import make_desk
from digest.web.desk.backend import DeskBackend
from digest.web.local_access import LocalAccess, OneTimeKeys
from digest.web.preview_backend import PreviewBackend
from digest.web.server.limits import ConnectionLimits
from digest.web.server.serving import serving

if TYPE_CHECKING:
    from tests.conftest import SampleToml

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SLOT = "2026-11-23"
_EDITION = """
[[source]]
id = "tech"
url = "https://news.example/tech/"
[[section]]
id = "tech"
title = "Tech Trends"
sources = ["tech"]
top = 1
latest = 2
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world", "tech"]
approval = "required"
"""
HEADLINES = {
    "feed": (
        "Harbour wall repaired at last",
        "Council votes on school meals",
        "Night train returns to the coast",
        "Lighthouse sold to its keeper",
        "Fishing fleet stays in port",
        "Grain talks resume in the capital",
        "Island ferry finds a new captain",
    ),
    "tech": (
        "Sensors listen for leaks",
        "A battery that likes the cold",
        "Robots sort the catch",
        "Weather models learn from gulls",
    ),
}


@pytest.fixture
def folder(sqlite_url: str, tmp_path: Path, sample_toml: SampleToml) -> Path:
    """Return a newsroom's folder: more articles are collected than two sections have room for."""
    assert sqlite_url
    furnish(tmp_path, sample_toml)
    return tmp_path


def furnish(folder: Path, sample_toml: SampleToml) -> None:
    """Write a newsroom's configuration, articles and one reader into a folder with a store."""
    toml = sample_toml(_EDITION, section="top = 2\nlatest = 3")
    toml = toml.replace("[mail]\n", '[mail]\ntransport = "outbox"\n')
    (folder / "digest.toml").write_text(toml)
    with open_store("sqlite:///digest.db", folder) as store:
        for source, titles in HEADLINES.items():
            articles = [article_of(source, number, title) for number, title in enumerate(titles)]
            store.articles.save(source, articles, NOW)
        store.subscribers.add("amara@reader.example", edition="daily", confirmed=True, now=NOW)


def article_of(source: str, number: int, title: str, read: float | None = None) -> Article:
    """Return an article; `read` is how often it was read, where that is known."""
    return Article(
        id=f"{source}-{number}",
        source_id=source,
        url=f"https://news.example/{source}/{number}",
        title=title,
        excerpt=f"What is known of it: {title.lower()}.",
        published=NOW - timedelta(hours=number + 6),
        comments=5,
        popularity=read,
    )


@pytest.fixture
def yesterday(folder: Path) -> str:
    """Plan yesterday's issue of a single story for the one reader; return its slot."""
    with open_store("sqlite:///digest.db", folder) as store:
        before = NOW - timedelta(hours=40)
        old = replace(article_of("feed", 90, "Choir sings in the square"), published=before)
        store.articles.save("feed", [old], before)
        settings = load_settings(folder / "digest.toml", {})
        slot = named_slot(edition_named(settings, "daily"), "2026-11-22")
        composed = compose_issue(settings, store, slot)
        page = compose_for(composed.issue, "")
        assert page is not None
        fitted = render_within_budget(settings, composed.issue, composed.frozen.sha256, [page])
        store.issues.create_and_plan(
            NewIssue(
                slot,
                composed.frozen.json,
                composed.frozen.sha256,
                shown={"all": ("feed-90",)},
                rendered=fitted.rendered,
                reasons=packed(explanation(composed)),
            ),
            AudiencePlan("daily", {"": "all"}),
            NOW - timedelta(days=1),
        )
    return slot.key


@pytest.fixture
def overlay(folder: Path) -> Path:
    """Return where the overlay of the issue that is looked at is written."""
    return folder / "overlays" / "daily" / f"{SLOT}.toml"


@pytest.fixture
def backend(folder: Path) -> Iterator[DeskBackend]:
    """Yield the desk's answers; Ann sits at it."""
    looking = PreviewBackend(folder / "digest.toml", {}, lambda: NOW, "daily")
    yield DeskBackend(looking, folder, lambda: NOW, "Ann")
    looking.close()


@pytest.fixture
def desk(backend: DeskBackend) -> Iterator[tuple[str, OneTimeKeys]]:
    """Yield the address of a desk that is served, and its keys."""
    with _serving(backend) as found:
        yield found


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, OneTimeKeys]]:
    """Serve the desk of a newsroom's folder; Ann sits at it."""
    looking = PreviewBackend(folder / "digest.toml", {}, lambda: NOW, "daily")
    with _serving(DeskBackend(looking, folder, lambda: NOW, "Ann")) as found:
        yield found
    looking.close()


@contextmanager
def _serving(backend: DeskBackend) -> Iterator[tuple[str, OneTimeKeys]]:
    keys = OneTimeKeys()
    app = make_desk(backend, may_change=True)
    limits = ConnectionLimits(answer_seconds=600)
    with serving(lambda base: LocalAccess(app, base, keys), limits=limits) as base_url:
        yield base_url, keys
