"""`digest lint`, as an editor and as CI run it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.articles import Article
from digest.store import open_store
from tests.command_clock import clock

if TYPE_CHECKING:
    from tests.cli.conftest import Newsroom


def test_lint_tells_what_it_found(newsroom: Newsroom) -> None:
    """The contract of `lint --json`; the demo site's mail holds no error."""
    said = newsroom("lint", "daily", "--json")
    assert said.code == 0, said.out
    assert said.json["errors"] == 0
    assert said.json["warnings"] == len(said.json["findings"])
    for one in said.json["findings"]:
        assert one.keys() == {"variant", "rule", "level", "place", "what", "fix"}
    assert "0 errors" in newsroom("lint", "daily").out


@pytest.mark.parametrize("option", ["--github", "--json"])
def test_a_file_is_looked_at_without_an_issue(newsroom: Newsroom, option: str) -> None:
    """It needs no edition. Errors are exit 4, and each is an annotation at the file in CI."""
    page = newsroom.folder / "a,b: 5%.html"
    page.write_text("<html><body><form></form></body></html>")
    said = newsroom("lint", "--html", str(page), option)
    assert said.code == 4
    if option == "--github":
        lines = said.out.splitlines()
        assert lines
        assert all(
            re.fullmatch(r"::(error|warning) file=[^:,]+,title=[^:,]+::.+", x) for x in lines
        )
        assert f"::error file={newsroom.folder}/a%2Cb%3A 5%25.html,title=active-content" in said.out
    else:
        assert said.json["errors"] > 0


def test_a_file_may_be_held_to_an_edition(newsroom: Newsroom) -> None:
    """Then the site's postal address is wanted too; an edition that is none is told."""
    page = newsroom.folder / "mail.html"
    page.write_text("<html><body>x</body></html>")
    alone = newsroom("lint", "--html", str(page), "--json").json["findings"]
    held = newsroom("lint", "daily", "--html", str(page), "--json").json["findings"]
    assert {one["rule"] for one in held} - {one["rule"] for one in alone} == {"missing-address"}
    assert newsroom("lint", "dayly", "--html", str(page)).code == 2


@pytest.mark.parametrize(
    "more", [[], ["--html", "x.html", "--online"], ["--html", "x", "--slot", "y"]]
)
def test_what_makes_no_sense_is_told(newsroom: Newsroom, more: list[str]) -> None:
    """Neither an edition nor a file, or what only an issue has."""
    said = newsroom("lint", *more)
    assert said.code == 2
    assert "--html" in said.err


def test_a_link_that_leads_nowhere_is_found_online(newsroom: Newsroom) -> None:
    """A page that its site took away is an error; without --online nobody is asked."""
    gone = f"{newsroom.site}/2026/11/there-is-no-such-story/"
    with open_store(f"sqlite:///{newsroom.folder}/digest.db", newsroom.folder) as store:
        now = clock() - timedelta(hours=1)
        article = Article("gone", "world-news", gone, "A story that was taken away", published=now)
        store.articles.save("world-news", [article], now)
    assert newsroom("lint", "daily", "--json").code == 0
    said = newsroom("lint", "daily", "--online", "--json")
    assert said.code == 4
    assert [one["place"] for one in said.json["findings"] if one["level"] == "error"] == [gone]


def test_a_mail_program_that_nobody_knows_is_told(newsroom: Newsroom) -> None:
    """The fix names those that lint knows."""
    said = newsroom("lint", "daily", "--client", "pine")
    assert said.code == 2
    assert "apple-mail" in said.err
