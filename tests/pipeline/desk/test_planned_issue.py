"""A planned issue as it went out, and composed again where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.models.issues import IssueState
from digest.pipeline.desk.building import build_issue
from digest.pipeline.desk.linting import LintOrder, lint_issue
from digest.pipeline.desk.planned_issue import KeptIssue, kept_issue
from digest.pipeline.issue.slots import edition_named
from tests.pipeline.conftest import KEY, READERS

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

SLOT = KEY.partition("/")[2]


def kept(room: Newsroom) -> KeptIssue | None:
    return kept_issue(room.store, edition_named(room.settings, "daily"), SLOT)


@pytest.fixture
def sent(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom that sent its issue, too large at first, and changed much since."""
    newsroom.write(12)
    newsroom.configure('id = "daily"\n', 'id = "daily"\nmax_html_kb = 15\n')
    newsroom.send()
    newsroom.configure("Daily briefing", "Another name")
    newsroom.write(3, day=1)
    return newsroom


def test_what_was_sent_is_what_is_shown(sent: Newsroom) -> None:
    """Its words, its pages, and no story that left the mail for its size."""
    found = kept(sent)
    assert found is not None
    assert found.words == "as sent: frozen Mon 23 Nov 2026, 07:00 UTC, finished"
    told = sent.store.issues.telling(sent.issue).told["all"]
    shown = {story.article.id for story in found.compositions["all"].stories}
    assert shown <= told
    assert len(shown) < len(found.issue.stories)
    assert dict(found.rendered) == dict(sent.store.issues.renderings(sent.issue.id))


def test_what_was_not_planned_is_not_kept(newsroom: Newsroom) -> None:
    """An open slot, and one that is held for a look, are composed; so is the coming issue."""
    assert kept(newsroom) is None
    slot = edition_named(newsroom.settings, "daily")
    assert kept_issue(newsroom.store, slot, None) is None


def test_an_issue_that_was_cancelled_was_only_planned(sent: Newsroom) -> None:
    """It is not called sent."""
    sent.store.issues.set_state(sent.issue.id, IssueState.SENDING, sent.now)
    sent.store.issues.set_state(sent.issue.id, IssueState.HELD, sent.now)
    found = kept(sent)
    assert found is not None
    assert found.words.startswith("as planned: frozen ")


def test_build_writes_what_went_out_unless_asked_to_compose_again(sent: Newsroom) -> None:
    """The frozen issue with its sum, and the pages; composed again it is today's."""
    out = sent.folder / "out"
    built = build_issue(sent.settings, sent.store, "daily", SLOT, out, sent.now)
    assert (built.sha256, built.as_json()["kept"]) == (sent.issue.sha256, built.kept)
    assert (out / "issue.json").read_text() == sent.issue.content
    assert "Another name" not in (out / "all.html").read_text()
    again = build_issue(sent.settings, sent.store, "daily", SLOT, out, sent.now, again=True)
    assert (again.kept, again.sha256 == sent.issue.sha256) == ("", False)
    assert "Another name" in (out / "all.html").read_text()


def test_lint_looks_at_what_went_out_unless_asked_to_compose_again(sent: Newsroom) -> None:
    """Only what is composed says what left for its size."""
    report = lint_issue(sent.settings, sent.store, LintOrder("daily", SLOT), sent.now)
    assert (report.variants, report.errors, report.issue) == (1, (), KEY)
    assert report.kept.startswith("as sent")
    again = lint_issue(sent.settings, sent.store, LintOrder("daily", SLOT, again=True), sent.now)
    assert not again.kept


def test_every_reader_got_a_variant_that_is_kept(sent: Newsroom) -> None:
    """The fixture's readers chose nothing, so there is one."""
    found = kept(sent)
    assert found is not None
    assert (found.stored.planned, sorted(found.rendered)) == (len(READERS), ["all"])
