"""A correction reaches exactly those who have the story, under the mail that told it."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError, GateHeld, UsageError
from digest.frozen import thaw
from digest.models.articles import Article
from digest.models.issues import IssueState
from digest.pipeline.operator.correcting import CorrectionOrder, PreparedCorrection, correct_issue
from digest.pipeline.operator.orders import resume_issue
from digest.pipeline.sending.sending import SendOrder

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

ISSUE = "daily/2026-11-23"
CORRECTION = "2026-11-23-correction-1"
EVERYTHING, WORLD, TECH = (f"{name}@reader.example" for name in ("all", "world", "tech"))
TECH_TABLES = """\
[[source]]
id = "tech"
url = "https://news.example/tech/"

[[section]]
id = "tech"
title = "Tech"
sources = ["tech"]

[[edition]]
id = "daily"
"""


@pytest.fixture
def ready(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom with readers of all, of world and of tech, before it sends."""
    newsroom.configure(r'\[\[edition\]\]\nid = "daily"\n', TECH_TABLES)
    newsroom.configure(r'sections = \["world"\]\n$', 'sections = ["world", "tech"]\n')
    for row in list(newsroom.store.subscribers.list("daily")):
        newsroom.store.subscribers.erase(row.email, newsroom.now)
    for address, sections in ((EVERYTHING, ()), (WORLD, ("world",)), (TECH, ("tech",))):
        newsroom.store.subscribers.add(
            address, edition="daily", confirmed=True, now=newsroom.now, sections=sections
        )
    story = Article(
        id="wrong",
        source_id="tech",
        url="https://news.example/tech/wrong",
        title="Bridge costs 12 million",
        published=newsroom.now.replace(hour=5),
    )
    newsroom.store.articles.save("tech", [story], newsroom.now)
    return newsroom


@pytest.fixture
def sent(ready: Newsroom) -> Newsroom:
    """Return the newsroom whose issue went to all three."""
    ready.send()
    assert set(ready.mailbox.recipients) == {EVERYTHING, WORLD, TECH}
    return ready


def order(**changes: str) -> CorrectionOrder:
    given = {"issue": ISSUE, "story": "wrong", "text": "It costs **21 million**.", **changes}
    return CorrectionOrder(**given)


def prepare(newsroom: Newsroom, *, dry_run: bool = False, **changes: str) -> PreparedCorrection:
    return correct_issue(
        newsroom.settings, newsroom.store, order(**changes), newsroom.now, dry_run=dry_run
    )


def test_it_reaches_those_who_have_the_story_and_nobody_else(sent: Newsroom) -> None:
    """Held until resumed; then it stands under each reader's own mail, with the right words."""
    originals = {address: email.message_from_bytes(data) for address, data in sent.mailbox.kept}
    prepared = prepare(sent, headline="Bridge costs 21 million", byline="Ann Ames")
    assert (prepared.readers, prepared.issue) == (2, f"daily/{CORRECTION}")
    assert prepared.subject == "Correction: Bridge costs 21 million"
    later = SendOrder("daily", slot=CORRECTION)
    with pytest.raises(GateHeld):
        sent.send(later)
    sent.mailbox.kept.clear()
    resume_issue(sent.store, prepared.issue, sent.now)
    report = sent.send(later)
    assert sorted(sent.mailbox.recipients) == sorted([EVERYTHING, TECH])
    assert report.planned == 2
    for address, data in sent.mailbox.kept:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        assert mail["Subject"] == "Correction: Bridge costs 21 million"
        assert mail["In-Reply-To"] == mail["References"] == originals[address]["Message-ID"]
        assert mail["Message-ID"] != originals[address]["Message-ID"]
        body = mail.get_body(("plain",))
        assert isinstance(body, EmailMessage)
        text = body.get_content()
        assert "It costs 21 million." in text
        assert "Ann Ames" in text
    assert sent.send(later).sent_now == 0


def test_the_corrected_issue_and_its_history_stay(sent: Newsroom) -> None:
    """Its ledger, its words and what later issues know of it are as they were."""
    before = sent.store.issues.get(ISSUE)
    assert before is not None
    shown = sent.store.issues.carriers("daily", before=sent.now.replace(year=2027))
    prepare(sent)
    assert sent.store.issues.get(ISSUE) == before
    assert sent.store.issues.carriers("daily", before=sent.now.replace(year=2027)) == shown
    correction = sent.store.issues.get(f"daily/{CORRECTION}")
    assert correction is not None
    assert correction.state is IssueState.HELD
    frozen = thaw(correction.content)
    assert frozen.in_reply_to == ISSUE
    assert [story.id for story in frozen.stories] == ["wrong"]


def test_a_look_prepares_nothing(sent: Newsroom) -> None:
    """It says who would get it."""
    assert prepare(sent, dry_run=True).readers == 2
    assert sent.store.issues.get(f"daily/{CORRECTION}") is None


def test_the_same_words_are_not_prepared_twice(sent: Newsroom) -> None:
    """Others are, as a correction of their own."""
    prepare(sent)
    with pytest.raises(UsageError, match="was prepared as daily/2026-11-23-correction-1"):
        prepare(sent)
    assert prepare(sent, text="Or 22.").issue == "daily/2026-11-23-correction-2"


def test_what_cannot_be_corrected_is_told(sent: Newsroom) -> None:
    """An unknown issue or story, a correction itself, and a subject that fails."""
    with pytest.raises(UsageError, match="no issue"):
        prepare(sent, issue="daily/1999-01-01")
    with pytest.raises(UsageError) as unknown:
        prepare(sent, story="bridg costs")
    assert "Bridge costs 12 million" in unknown.value.fix
    with pytest.raises(ConfigError):
        prepare(sent, subject="{{ nothing }}")
    corrected = prepare(sent).issue
    with pytest.raises(UsageError, match="a correction itself"):
        prepare(sent, issue=corrected)


def test_a_story_nobody_received_needs_no_correction(ready: Newsroom) -> None:
    """Who was refused by the server has nothing that could be put right."""
    ready.mailbox.rcpt = {name: ["550 5.1.1 no such user"] for name in (EVERYTHING, TECH)}
    ready.send()
    assert ready.mailbox.recipients == [WORLD]
    with pytest.raises(UsageError, match="nobody has"):
        prepare(ready)
    assert prepare(ready, dry_run=True).as_json()["readers"] == 0


def test_a_correction_is_no_yardstick_for_the_next_issue(ready: Newsroom) -> None:
    """Few get a correction: the morning after, the usual audience is no surprise."""
    ready.configure("(sections = .*\n)$", r"\1surprise_factor = 1.5\n")
    for number in range(200):
        ready.store.subscribers.add(
            f"reader{number}@reader.example",
            edition="daily",
            confirmed=True,
            now=ready.now,
            sections=("world",),
        )
    ready.write()
    ready.send()
    prepare(ready)
    resume_issue(ready.store, f"daily/{CORRECTION}", ready.now)
    assert ready.send(SendOrder("daily", CORRECTION)).sent_now == 2
    ready.now += timedelta(days=1)
    ready.write(day=1)
    assert ready.send().sent_now == 202


def test_who_is_still_to_be_sent_the_issue_is_told(ready: Newsroom) -> None:
    """They would get the wrong words and no correction, unless the issue is stopped first."""
    ready.mailbox.rcpt = {EVERYTHING: ["451 4.7.1 later"]}
    ready.send()
    prepared = prepare(ready)
    assert (prepared.readers, prepared.waiting) == (1, 1)
    assert "1 reader has" in prepared.lines()[0]
    assert "`digest issues pause daily/2026-11-23` stops that" in prepared.lines()[0]
    correction = ready.store.issues.get(f"daily/{CORRECTION}")
    assert correction is not None
    assert [row.addr_spec for row in ready.store.ledger.deliveries(correction.id)] == [TECH]
