"""Approval: an issue is frozen, seen, and sent by exactly the hash that an editor approved."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from digest.errors import ApprovalMissing, ConfigError, ExitCode, GateHeld, UsageError
from digest.models.articles import Article
from digest.pipeline.approval.approving import Approval, ApprovalOrder, approve_issue
from digest.pipeline.desk.building import build_issue
from digest.pipeline.operator.orders import pause_issue, resume_issue
from digest.pipeline.schedule.report import RunReport
from digest.pipeline.schedule.run import Runner, RunOrder
from digest.pipeline.sending.order import SendOrder
from digest.store import open_store

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

_KEY = "daily/2026-11-23"
_MINUTE = timedelta(minutes=1)


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom whose daily waits for approval, with a source that fails at once."""
    newsroom.configure('recheck = "off"', 'recheck = "off"\napproval = "required"')
    newsroom.toml += 'schedule = "0 7 * * *"\n[collector]\nproxy = "http://127.0.0.1:1"\n'
    return newsroom


def windowed(room: Newsroom) -> Newsroom:
    room.configure('approval = "required"', 'approval = "window"\neditors = ["desk@news.example"]')
    return room


def run(room: Newsroom) -> RunReport:
    async def once() -> RunReport:
        async with room.mailbox.serving(), asyncio.timeout(30):
            runner = Runner(room.settings, room.store, lambda: room.now, asyncio.Event())
            return await runner.run(RunOrder())

    return asyncio.run(once())


def approve(room: Newsroom, sha256: str = "", **more: str | bool) -> Approval:
    order = replace(ApprovalOrder("daily", sha256=sha256, by="Kim"), **more)  # type: ignore[arg-type]
    return approve_issue(room.settings, room.store, order, room.now)


def build(room: Newsroom) -> str:
    """Return the hash that `digest build` prints."""
    out = room.folder / "out"
    return build_issue(room.settings, room.store, "daily", "2026-11-23", out, room.now).sha256


def commit(room: Newsroom, text: str) -> None:
    path = room.folder / "approvals" / "daily" / "2026-11-23"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def overlay(room: Newsroom, text: str) -> None:
    path = room.folder / "overlays" / "daily" / "2026-11-23.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def rename(room: Newsroom, title: str) -> None:
    """Have the site change the headline of a story that it published."""
    url, excerpt = "https://news.example/0/1", "What happened, and what comes next."
    at = room.now - timedelta(hours=2, minutes=1)
    changed = Article("article-0-1", "world", url, title, excerpt, published=at)
    room.store.articles.save("world", [changed], room.now)


def test_it_waits_until_it_is_approved_and_is_sent_once(room: Newsroom) -> None:
    """Two runs wait with exit 4; after the word a run sends to everybody."""
    first, second = run(room), run(room)
    assert [one.editions[0].state for one in (first, second)] == ["waiting-for-approval"] * 2
    assert (first.exit_code, room.mailbox.kept) == (ExitCode.HELD, [])
    done = approve(room)
    assert (done.was_before, done.review.approved_by) == (False, "Kim")
    sent, idle = run(room), run(room)
    assert (sent.editions[0].state, idle.editions[0].state) == ("sent", "not-due")
    assert len(room.mailbox.kept) == 3


def test_stories_that_come_while_it_waits_change_nothing(room: Newsroom) -> None:
    """The frozen issue goes out, though more was collected before it was approved."""
    run(room)
    seen = room.issue.content
    room.write(day=2)
    approve(room)
    run(room)
    assert room.issue.content == seen
    assert b"on day 2" not in room.mailbox.kept[0][1]


@pytest.mark.parametrize("recheck", ["take", "hold"])
def test_a_headline_that_changed_since_goes_out_as_it_was_seen(
    room: Newsroom, recheck: str
) -> None:
    """The editors approved that wording; approved afresh, the issue has today's."""
    room.configure('recheck = "off"', f'recheck = "{recheck}"')
    run(room)
    approve(room)
    rename(room, "Council votes no")
    subject = "Council votes on the tram on day 0, part 1"
    assert run(room).editions[0].state == "sent"
    assert subject.encode() in room.mailbox.kept[0][1]
    assert b"Council votes no" not in room.mailbox.kept[0][1]


def test_approved_afresh_it_has_todays_headlines(room: Newsroom) -> None:
    """`digest approve --again` composes what waits once more."""
    run(room)
    before = approve(room).review.sha256
    room.now += _MINUTE
    rename(room, "Council votes no")
    assert approve(room, again=True).review.sha256 != before
    assert run(room).editions[0].state == "sent"
    assert b"Council votes no" in room.mailbox.kept[0][1]


def test_the_hash_of_build_is_approved_and_sent_from_another_machine(room: Newsroom) -> None:
    """Built on one machine, approved on a second, sent by a third: each has only the store."""
    sha256 = build(room)
    room.write(day=2)
    approve(room, sha256)
    assert run(room).editions[0].state == "sent"
    assert b"on day 2" not in room.mailbox.kept[0][1]


def test_a_committed_file_approves(room: Newsroom) -> None:
    """The hash in approvals/EDITION/SLOT is enough; what follows it is for people."""
    commit(room, f"# looked at by Kim\n{build(room)} fine\n")
    assert run(room).editions[0].state == "sent"


def test_the_same_news_on_another_store_has_the_same_hash(room: Newsroom) -> None:
    """A reviewer's own store with the same articles and no readers gives the same hash."""
    ours = build(room)
    with open_store("sqlite:///other.db", room.folder) as other:
        theirs = replace(room, store=other)
        theirs.write()
        assert build(theirs) == ours
    commit(room, ours)
    assert run(room).editions[0].state == "sent"


def test_a_change_after_approval_needs_a_new_one_and_is_shown(room: Newsroom) -> None:
    """An overlay that drops a story: the run waits again, and says which story is gone."""
    run(room)
    approve(room)
    overlay(room, '[[drop]]\nstory = "https://news.example/0/1"\n')
    (waits,) = run(room).editions
    assert waits.state == "waiting-for-approval"
    assert 'gone: "Council votes on the tram on day 0, part 1"' in str(waits.error)
    approve(room)
    assert run(room).editions[0].state == "sent"
    assert b"Council votes" not in room.mailbox.kept[0][1]


def test_a_story_that_its_site_withdrew_needs_a_new_word(room: Newsroom) -> None:
    """What was approved with a story that is gone since is not sent."""
    run(room)
    approve(room)
    room.store.articles.withdraw(["article-0-2"], room.now)
    (waits,) = run(room).editions
    assert waits.state == "waiting-for-approval"
    assert "gone" in str(waits.error)


def test_a_changed_theme_is_a_change(room: Newsroom) -> None:
    """The words are the same, the look is not: the hash is of both."""
    before = build(room)
    room.toml += '[brand]\naccent = "#7a1f1f"\n'
    assert build(room) != before


@pytest.mark.parametrize("text", ["", "yes\n", "# nothing\n", "abc123"])
def test_a_file_without_a_hash_is_a_fault(room: Newsroom, text: str) -> None:
    """A file that approves nothing is told, with its name: nothing is guessed."""
    commit(room, text)
    with pytest.raises(ConfigError, match="is not a hash"):
        room.send(SendOrder("daily"))


def test_a_wrong_hash_approves_nothing(room: Newsroom) -> None:
    """The message names the hash that is there now."""
    run(room)
    with pytest.raises(ApprovalMissing, match="nothing was approved"):
        approve(room, "0" * 64)
    assert run(room).editions[0].state == "waiting-for-approval"


def test_approving_twice_keeps_the_first_word(room: Newsroom) -> None:
    """Who was first stays named."""
    run(room)
    approve(room)
    again = approve(room, by="Lee")
    assert (again.was_before, again.review.approved_by) == (True, "Kim")


def test_what_was_sent_cannot_be_approved(room: Newsroom) -> None:
    """There is nothing left to decide."""
    approve(room)
    run(room)
    with pytest.raises(UsageError, match="nothing to approve"):
        approve(room, slot="2026-11-23")


def test_approved_only_asks_an_edition_that_does_not(room: Newsroom) -> None:
    """`send --approved-only` of an automatic edition sends nothing that nobody approved."""
    room.configure('approval = "required"', 'approval = "automatic"')
    order = SendOrder("daily", approved_only=True)
    with pytest.raises(ApprovalMissing):
        room.send(order)
    approve(room)
    assert room.send(order).sent_now == 3


def test_an_issue_that_waits_can_be_paused_and_cancelled(room: Newsroom) -> None:
    """A pause holds it whatever is approved; resumed, it is what it was."""
    run(room)
    approve(room)
    pause_issue(room.store, _KEY, room.now)
    with pytest.raises(GateHeld, match="held"):
        room.send()
    with pytest.raises(GateHeld, match="held"):
        approve(room, slot="2026-11-23")
    resume_issue(room.store, _KEY, room.now)
    assert run(room).editions[0].state == "sent"


def test_a_window_shows_it_first_and_sends_it_at_its_time(room: Newsroom) -> None:
    """An hour before the slot the editors have the mail; at the slot the readers have the same."""
    windowed(room)
    room.now -= 50 * _MINUTE
    room.write()
    (shown,) = run(room).editions
    assert (shown.state, shown.exit_code) == ("not-due", ExitCode.DONE)
    assert shown.report is not None
    assert shown.report.goes_at == room.now.replace(hour=7, minute=10, second=5)
    assert room.mailbox.recipients == ["desk@news.example"]
    run(room)
    assert len(room.mailbox.kept) == 1
    room.now = shown.report.goes_at
    room.write(day=2)
    (sent,) = run(room).editions
    assert (sent.state, len(room.mailbox.kept)) == ("sent", 4)
    assert b"on day 2" not in room.mailbox.kept[-1][1]


def test_the_notice_is_the_mail_with_why_and_how_to_stop_it(room: Newsroom) -> None:
    """The issue's own page stands in it, byte for byte, between the notice's two ends."""
    windowed(room)
    room.now -= 60 * _MINUTE
    room.write(number=14)
    run(room)
    mail = message_from_bytes(room.mailbox.kept[0][1], policy=policy.default)
    html, text = (
        mail.get_body((kind,)).get_content()  # type: ignore[union-attr]
        for kind in ("html", "plain")
    )
    assert str(mail["Subject"]).startswith("[Goes out Mon 23 Nov, 07:00 UTC] Council votes")
    assert f"digest issues pause {_KEY}" in html
    assert f"digest issues pause {_KEY}" in text
    assert "Left out, and why" in html
    room.now += 60 * _MINUTE
    run(room)
    page = message_from_bytes(room.mailbox.kept[-1][1], policy=policy.default)
    body = page.get_body(("html",)).get_content()  # type: ignore[union-attr]
    inside = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL).search(_without_links(body))
    assert inside is not None
    assert inside[1].strip() in _without_links(html)


def _without_links(page: str) -> str:
    """Leave out what differs from reader to reader."""
    return re.sub(r'https://digest\.news\.example/[^"]*', "", page)


def test_a_window_that_was_stopped_does_not_go_out(room: Newsroom) -> None:
    """Paused within the notice, the slot is held with exit 4."""
    windowed(room)
    room.now -= 50 * _MINUTE
    room.write()
    run(room)
    pause_issue(room.store, _KEY, room.now)
    room.now += 70 * _MINUTE
    report = run(room)
    assert (report.editions[0].state, report.exit_code) == ("held", ExitCode.HELD)
    assert room.mailbox.recipients == ["desk@news.example"]


def test_editors_have_their_whole_notice_though_the_run_is_late(room: Newsroom) -> None:
    """A first run twelve minutes after the slot shows it, and it goes an hour later."""
    windowed(room)
    room.now += 12 * _MINUTE
    assert run(room).editions[0].state == "not-due"
    room.now += 40 * _MINUTE
    assert run(room).editions[0].state == "not-due"
    room.now += 20 * _MINUTE
    assert run(room).editions[0].state == "sent"


def test_a_window_without_editors_is_a_fault_of_the_configuration(room: Newsroom) -> None:
    """Nobody would be told."""
    room.configure('approval = "required"', 'approval = "window"')
    with pytest.raises(ConfigError, match="tells nobody"):
        _ = room.settings
