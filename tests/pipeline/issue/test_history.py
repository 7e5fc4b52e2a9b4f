"""What was told before, over several real sends: each reader gets each story once."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.models.articles import Article
from digest.models.issues import Telling
from digest.models.stories import Reason
from digest.pipeline.desk.backtesting import backtest_edition
from digest.pipeline.desk.explaining import explain_issue
from digest.pipeline.issue.composing import ComposedIssue, compose_issue
from digest.pipeline.issue.history import Past
from digest.pipeline.issue.slots import edition_named, named_slot

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

READERS = {
    "all@reader.example": (),
    "world@reader.example": ("world",),
    "tech@reader.example": ("tech",),
}
TITLES = {
    "w0": "Harbour", "w1": "Tramway", "w2": "Library", "w3": "Orchard",
    "t0": "Museum", "t1": "Ferries", "t2": "Quarries",
}  # fmt: skip


@pytest.fixture
def narrow(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom of two sections with a lead and one story each: too few for its news."""
    newsroom.configure('id = "world"\nurl', 'id = "wire"\nurl')
    newsroom.configure(r'sources = \["world"\]\n', 'sources = ["wire"]\ntop = 0\nlatest = 1\n')
    newsroom.toml = newsroom.toml.replace(
        'sections = ["world"]\n', 'sections = ["world", "tech"]\n'
    ) + (
        '[[source]]\nid = "tech"\nurl = "https://tech.example/feed/"\n'
        '[[section]]\nid = "tech"\ntitle = "Tech"\nsources = ["tech"]\ntop = 0\nlatest = 1\n'
    )
    for row in list(newsroom.store.subscribers.list("daily")):
        newsroom.store.subscribers.erase(row.email, newsroom.now)
    for address, sections in READERS.items():
        newsroom.store.subscribers.add(
            address, edition="daily", confirmed=True, now=newsroom.now, sections=sections
        )
    return newsroom


def publish(room: Newsroom, *names: str) -> None:
    for number, name in enumerate(names):
        at = room.now - timedelta(hours=1 + number)
        source = {"w": "wire", "t": "tech"}[name[0]]
        article = Article(
            id=name,
            source_id=source,
            url=f"https://news.example/{name}",
            title=f"{TITLES[name]} in the news",
            published=at,
        )
        room.store.articles.save(source, [article], at)


def received(room: Newsroom) -> dict[str, list[str]]:
    """Send what is due; give the stories of each reader's mail, by name."""
    room.mailbox.kept.clear()
    room.send()
    found = {}
    for address, data in room.mailbox.kept:
        part = email.message_from_bytes(data, policy=email.policy.default).get_body(("plain",))
        assert part is not None
        text = str(part.get_content())
        found[address.partition("@")[0]] = [
            name for name, title in TITLES.items() if f"{title} in the news" in text
        ]
    return found


def composed(room: Newsroom, key: str) -> ComposedIssue:
    slot = named_slot(edition_named(room.settings, "daily"), key)
    return compose_issue(room.settings, room.store, slot)


def test_every_reader_gets_every_story_of_the_chosen_sections_once(narrow: Newsroom) -> None:
    """Each day what had no room for them before; when all is told there is no mail."""
    publish(narrow, *TITLES)
    mails = []
    for _ in range(4):
        mails.append(received(narrow))
        narrow.now += timedelta(days=1)
    assert [sorted(mail) for mail in mails] == [
        ["all", "tech", "world"], ["all", "tech", "world"], ["all"], [],
    ]  # fmt: skip
    for reader, wanted in (("all", "wt"), ("world", "w"), ("tech", "t")):
        told = [name for mail in mails for name in mail.get(reader, [])]
        assert sorted(told) == sorted(name for name in TITLES if name[0] in wanted)


def test_who_had_it_and_who_waits_is_said(narrow: Newsroom) -> None:
    """The verdict on a story that had room in some mails only; then on one that all have."""
    publish(narrow, "w0", "t0", "t1")
    assert received(narrow) == {"all": ["w0", "t0"], "world": ["w0"], "tech": ["t0", "t1"]}
    told = explain_issue(narrow.settings, narrow.store, "daily", "2026-11-23", "t1", narrow.now)
    assert told.articles[0].where == "tech, latest for its readers alone"
    assert told.articles[0].detail.startswith("carried over for readers of all sections; tech: 2")
    narrow.now += timedelta(days=1)
    coming = explain_issue(narrow.settings, narrow.store, "daily", "2026-11-24", "t1", narrow.now)
    assert coming.articles[0].is_in
    verdicts = {one.article_id: one for one in composed(narrow, "2026-11-24").choice.verdicts}
    assert verdicts["t1"].reason is Reason.IN
    assert "daily/2026-11-23 told it to some readers, not to those of all sections" in (
        verdicts["t1"].detail
    )
    assert (verdicts["t0"].reason, verdicts["t0"].detail) == (
        Reason.SENT_BEFORE, "in daily/2026-11-23",
    )  # fmt: skip


def test_a_test_of_the_past_tells_each_choice_what_it_was_not_told(narrow: Newsroom) -> None:
    """The reader of everything gets on the third day what had no room before."""
    publish(narrow, *TITLES)
    narrow.now += timedelta(days=2)
    tested = backtest_edition(narrow.settings, narrow.store, "daily", days=3, now=narrow.now)
    assert [one.stories for one in tested.slots] == [3, 3, 1]
    assert [one.parted for one in tested.slots] == [1, 1, 0]
    assert any("had room in some mails only" in note for note in tested.notes)


def test_who_changes_the_choice_gets_what_the_new_one_was_not_told(narrow: Newsroom) -> None:
    """From then on the new choice's history counts: what it was told is not told again."""
    publish(narrow, "w0", "w1", "t0", "t1")
    assert received(narrow)["world"] == ["w0", "w1"]
    reader = narrow.store.subscribers.find_by_email("world@reader.example")
    assert reader is not None
    narrow.store.subscribers.set_sections(reader.public_id, "daily", ("tech",), narrow.now)
    narrow.now += timedelta(days=1)
    assert received(narrow) == {"all": ["t1"]}


def test_what_other_editions_carried_counts_as_told_to_all() -> None:
    """It is kept apart from what this edition's own issues told whom."""
    own = Telling("daily/1", {}, {"all": frozenset({"a"})})
    past = Past().then(own).beside({"b": "weekly/1"})
    assert (sorted(past.everyone), past.recent, past.told_in) == (["b"], (own,), {"b": "weekly/1"})
