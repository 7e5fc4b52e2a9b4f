"""Editions side by side, from their configuration to the mails one reader gets of both."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.articles import Article
from digest.models.compositions import Composition
from digest.models.issues import Slot
from digest.models.stories import Reason
from digest.pipeline.issue.composing import compose_for, compose_issue
from digest.pipeline.issue.policy import hours_since_last, look_back_hours
from digest.pipeline.issue.slots import edition_named, named_slot
from digest.pipeline.sending.sending import SendOrder

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

SATURDAY = datetime(2026, 11, 28, 7, 0, 5, tzinfo=UTC)
WEEKLY = """
[[edition]]
id = "weekly"
title = "The week"
schedule = "30 7 * * 6"
recheck = "off"
sections = ["world"]
"""
NEVER = datetime(2030, 1, 1, tzinfo=UTC)
SUBJECTS = ("Harbour", "Tram", "Library", "Orchard", "Museum", "Ferry", "Lighthouse", "Quarry")


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom with a daily and a weekly edition, one reader of both, on a Saturday."""
    newsroom.toml += WEEKLY
    newsroom.configure('id = "world"\nurl', 'id = "wire"\nurl')
    newsroom.configure(r'sources = \["world"\]\n', 'sources = ["wire"]\ntop = 2\nlatest = 2\n')
    newsroom.now = SATURDAY
    for row in list(newsroom.store.subscribers.list("daily")):
        newsroom.store.subscribers.erase(row.email, newsroom.now)
    for edition in ("daily", "weekly"):
        newsroom.store.subscribers.add(
            "dana@reader.example", edition=edition, confirmed=True, now=newsroom.now
        )
    return newsroom


def publish(room: Newsroom, *days_ago: float, comments: int = 1, first: int = 0) -> None:
    """Publish one story for each of these ages, with so many comments."""
    for number, days in enumerate(days_ago, start=first):
        at = SATURDAY - timedelta(days=days, hours=1)
        article = Article(
            id=f"{SUBJECTS[number]}",
            source_id="wire",
            url=f"https://news.example/{number}",
            title=f"{SUBJECTS[number]} {'abcdefgh'[number] * 9}",
            published=at,
            comments=comments,
        )
        room.store.articles.save("wire", [article], at)


def mailed(room: Newsroom, edition: str) -> tuple[str, str]:
    """Send the edition; give its mail's subject and text."""
    room.mailbox.kept.clear()
    assert room.send(SendOrder(edition)).sent_now == 1
    ((_, data),) = room.mailbox.kept
    mail = email.message_from_bytes(data, policy=email.policy.default)
    part = mail.get_body(("plain",))
    assert part is not None
    return str(mail["Subject"]), str(part.get_content())


def composed(room: Newsroom, edition: str, key: str = "2026-11-28") -> Composition:
    slot = named_slot(edition_named(room.settings, edition), key)
    page = compose_for(compose_issue(room.settings, room.store, slot).issue, "")
    assert page is not None
    return page


def test_a_weekly_ranks_over_its_week(room: Newsroom) -> None:
    """What many read days ago leads it; a daily of that day asks what is new."""
    publish(room, 3.1, comments=90)
    publish(room, 3.2, 3.3, 3.4, 1.1, 1.2, 1.3, 1.4, first=1)
    week, day = composed(room, "weekly"), composed(room, "daily")
    assert week.lead is not None
    assert day.lead is not None
    assert week.lead.id == "Harbour"
    assert day.lead.id == "Museum"
    assert "Harbour" not in {story.id for story in day.stories}


def test_the_look_back_reaches_past_the_slot_before(room: Newsroom) -> None:
    """Whatever the schedule: an article of just after the last slot is no older than this issue."""
    weekly, daily = (edition_named(room.settings, name) for name in ("weekly", "daily"))
    slot = named_slot(weekly, "2026-11-28")
    assert hours_since_last(weekly, slot) == 168
    assert look_back_hours(weekly, slot) == 216
    assert look_back_hours(daily, named_slot(daily, "2026-11-28")) == 72
    weekdays = daily.model_copy(update={"schedule": "0 7 * * 1-5"})
    assert look_back_hours(weekdays, named_slot(weekdays, "2026-11-30")) == 120
    once = daily.model_copy(update={"look_back_hours": 30.0})
    assert look_back_hours(once, named_slot(once, "2026-11-28")) == 30
    publish(room, 6.99, 7.5)
    issue = compose_issue(room.settings, room.store, slot)
    assert {one.reason for one in issue.choice.verdicts} == {Reason.IN}


def test_summer_time_makes_no_days_of_hours(room: Newsroom) -> None:
    """A day of 23 or 25 hours is a day: scores differ no more than the clocks."""
    zone = room.settings.edition[0].model_copy(update={"timezone": "Europe/London"})
    gaps = {
        day: hours_since_last(zone, Slot("daily", day, named_slot(zone, day).at))
        for day in ("2026-03-29", "2026-10-25", "2026-10-26")
    }
    assert gaps == {"2026-03-29": 23, "2026-10-25": 25, "2026-10-26": 24}


def test_a_weekly_repeats_what_a_daily_told_unless_told_not_to(room: Newsroom) -> None:
    """By configuration, from the daily's mail to the weekly's."""
    publish(room, 0.1, 0.2, 0.3, 0.4)
    _, daily = mailed(room, "daily")
    room.now += timedelta(minutes=31)
    told = {story.id for story in composed(room, "weekly").stories}
    assert told == set(SUBJECTS[:4])
    assert all(name in daily for name in told)
    room.configure('id = "weekly"\n', 'id = "weekly"\nwithout_stories_of = ["daily"]\n')
    assert room.send(SendOrder("weekly")).words.startswith("nothing new")


@pytest.mark.parametrize("order", [("daily", "weekly"), ("weekly", "daily")])
def test_one_reader_does_not_get_one_lead_twice_in_a_day(
    room: Newsroom, order: tuple[str, str]
) -> None:
    """Whichever is sent first, and also when the earlier slot is the later mail."""
    publish(room, 0.1, comments=90)
    publish(room, 0.2, 0.3, 0.4, first=1)
    room.now += timedelta(minutes=31)
    (first, one), (second, other) = (mailed(room, edition) for edition in order)
    assert first.startswith("Harbour")
    assert not second.startswith("Harbour")
    assert "Harbour" in one
    assert "Harbour" in other
    alike = {story.id for story in composed(room, "weekly").stories}
    assert "Harbour" in alike


@pytest.mark.parametrize("theme", ["frontpage", "briefing", "letter", "plain"])
def test_where_nothing_else_can_lead_nothing_does(room: Newsroom, theme: str) -> None:
    """The mail goes out without a lead, in every theme, and its subject does not repeat one."""
    publish(room, 0.1)
    assert mailed(room, "daily")[0].startswith("Harbour")
    room.now += timedelta(minutes=31)
    room.configure('id = "weekly"\n', f'id = "weekly"\ntheme = "{theme}"\n')
    subject, text = mailed(room, "weekly")
    assert subject == "The week, November 28, 2026"
    assert text.count("Harbour aaaaaaaaa") == 1


def test_the_cap_on_leads_can_be_lifted_and_ends_after_its_hours(room: Newsroom) -> None:
    """0 lets it; a lead of longer ago may lead again."""
    publish(room, 1.1, comments=90)
    publish(room, 1.2, 1.3, 1.4, first=1)
    room.now -= timedelta(days=1)
    assert mailed(room, "daily")[0].startswith("Harbour")
    room.now += timedelta(days=1, minutes=31)
    lead = composed(room, "weekly").lead
    assert lead is not None
    assert lead.id == "Harbour"
    room.configure('id = "weekly"\n', 'id = "weekly"\nlead_apart_hours = 48\n')
    lead = composed(room, "weekly").lead
    assert lead is not None
    assert lead.id != "Harbour"
    room.configure("lead_apart_hours = 48", "lead_apart_hours = 0")
    lead = composed(room, "weekly").lead
    assert lead is not None
    assert lead.id == "Harbour"


def test_an_older_slot_sent_later_tells_nothing_again(room: Newsroom) -> None:
    """The slots' order is not the order of the mails, and the readers are the same."""
    publish(room, *(1 + 0.01 * number for number in range(1, 9)))
    _, newer = mailed(room, "daily")
    older = {story.id for story in composed(room, "daily", "2026-11-27").stories}
    assert older == set(SUBJECTS) - {name for name in SUBJECTS if name in newer}
    assert 0 < len(older) < len(SUBJECTS)


def test_what_did_not_fit_is_carried_over_until_it_was_told(room: Newsroom) -> None:
    """Every story reaches the reader of a daily, in one of the issues of its look-back."""
    publish(room, *(0.01 * number for number in range(1, 9)))
    told: list[str] = []
    for _ in range(2):
        told.append(mailed(room, "daily")[1])
        room.now += timedelta(days=1)
    assert [sum(name in text for name in SUBJECTS) for text in told] == [5, 3]
    assert all(sum(name in text for text in told) == 1 for name in SUBJECTS)
    assert room.store.issues.carriers("daily", before=NEVER).keys() == set(SUBJECTS)
    assert room.send(SendOrder("daily")).words.startswith("nothing new")
