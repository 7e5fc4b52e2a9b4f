"""Importing and exporting sources leaves a newsroom's own text alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from digest.collector.opml import ListedFeed, read_opml, write_opml
from digest.config import Settings
from digest.errors import UsageError
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.setup.feed_lists import export_list, import_list

TEXT = """\
# Our own words.
[site]
name = "Paper"
url = "https://paper.example"
public_url = "https://digest.paper.example"
postal_address = "1 Street"

[mail]
from = "Paper <digest@paper.example>"

[[source]]
id = "world"   # the wire
url = "https://paper.example/world/feed/"

[[section]]
id = "world"
title = "World"
sources = ["world"]
"""


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    """Write a configuration with one source, a comment and no closing line."""
    path = tmp_path / "digest.toml"
    path.write_text(TEXT)
    path.chmod(0o640)
    return load_settings(path, {})


def test_folders_become_sections_below_what_was_there(configured: Settings) -> None:
    """Known feeds are skipped, ids are kept apart, comments and permissions stay."""
    listed = write_opml(
        "Reader",
        [
            ListedFeed("Old", "http://paper.example/world/feed", "", "World"),
            ListedFeed('World "x" \\', "https://wire.example/rss", "", "World"),
            ListedFeed("Loose", "https://loose.example/rss"),
            ListedFeed("Magazine", "https://mag.example/?key=1", "", "World", "ghost"),
        ],
    )
    done = import_list(configured, listed, {})
    assert done.sources == ("world-x", "magazine", "loose")
    assert (done.sections, done.known) == (("world-2", "reader"), 1)
    text = configured.path.read_text()
    assert text.startswith(TEXT)
    assert configured.path.stat().st_mode & 0o777 == 0o640
    again = load_settings(configured.path, {})
    assert [section.title for section in again.section] == ["World", "World", "Reader"]
    assert again.section[1].sources == ["world-x", "magazine"]
    assert again.source[-2].kind == "ghost"


def test_a_second_import_adds_nothing(configured: Settings) -> None:
    """What came in once is known."""
    listed = write_opml("Reader", [ListedFeed("Loose", "https://loose.example/rss")])
    import_list(configured, listed, {})
    after = configured.path.read_bytes()
    assert import_list(load_settings(configured.path, {}), listed, {}).sources == ()
    assert configured.path.read_bytes() == after


def test_a_list_without_feeds_changes_nothing(configured: Settings) -> None:
    """An error, and the file as it was."""
    with pytest.raises(UsageError, match="no feed"):
        import_list(configured, b"<opml><body><outline text='x'/></body></opml>", {})
    assert configured.path.read_text() == TEXT


def test_an_export_can_be_imported_elsewhere(configured: Settings) -> None:
    """Sections are folders, kinds and addresses survive."""
    listed = read_opml(export_list(configured).opml)
    assert listed.title == "Paper"
    assert [(feed.folder, feed.url, feed.kind) for feed in listed.feeds] == [
        ("World", "https://paper.example/world/feed/", "auto")
    ]


def test_the_lists_bounds_are_the_configurations(configured: Settings) -> None:
    """max_list_feeds under [collector] is what an import keeps to."""
    rules = replace(configured.collector, max_list_feeds=1)
    listed = write_opml(
        "Reader", [ListedFeed(name, f"https://{name}.example/rss") for name in ("a", "b")]
    )
    with pytest.raises(UsageError, match="more than 1 feeds"):
        import_list(configured.model_copy(update={"collector": rules}), listed, {})
