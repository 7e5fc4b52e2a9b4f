"""Lists of feeds, as an operator types it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from digest.collector.opml import ListedFeed, read_opml, write_opml

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom


def test_a_list_goes_in_and_comes_out(newsroom: Newsroom, tmp_path: Path) -> None:
    """Import appends and says what; the export holds it; a second import adds nothing."""
    listed = tmp_path / "reader.opml"
    listed.write_bytes(
        write_opml("T", [ListedFeed("Wire", "https://wire.example/rss", "", "Wires")])
    )
    before = newsroom.path.read_text()
    try:
        said = newsroom("opml", "import", str(listed), "--json")
        assert said.code == 0, said.err
        assert said.json == {"sources": ["wire"], "sections": ["wires"], "known": 0}
        out = tmp_path / "ours.opml"
        assert newsroom("opml", "export", "--out", str(out)).code == 0
        assert ("Wires", "https://wire.example/rss") in [
            (feed.folder, feed.url) for feed in read_opml(out.read_bytes()).feeds
        ]
        assert newsroom("opml", "import", str(listed), "--json").json["known"] == 1
    finally:
        newsroom.path.write_text(before)


def test_what_is_no_list_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    """Exit code 2, and the configuration as it was."""
    before = newsroom.path.read_bytes()
    wrong = tmp_path / "x.opml"
    wrong.write_text("words")
    said = newsroom("opml", "import", str(wrong), "--json")
    assert said.code == 2
    assert said.json["error"]["kind"] == "UsageError"
    assert newsroom.path.read_bytes() == before
