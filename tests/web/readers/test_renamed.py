"""An edition that was renamed: readers, issues, archive and links go on under its present id."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from digest.models.deliveries import ClaimRequest
from digest.models.issues import Slot
from digest.pipeline.operator.ledger_guard import compare
from digest.store.values import SlotOutcome, SlotState
from subscribers.consent import Proof, Way
from subscribers.lifecycle import State

from .conftest import TOML, Pressroom

NORA = "nora@reader.example"
_SLOT = "2026-11-23"


@pytest.fixture
def renamed(room: Pressroom) -> Pressroom:
    """Return a newsroom that sent an issue, and renamed its edition then."""
    room.subscribed(NORA)
    room.send_issue()
    _rename(room)
    return room


def _rename(room: Pressroom) -> None:
    room.toml = TOML.replace('id = "daily"', 'id = "morning"\nwas = ["daily"]')
    room.store.rename_edition("daily", "morning", room.now)


def test_its_issues_are_its_own(renamed: Pressroom) -> None:
    """Nothing is told twice, and no run begins with slots that were served."""
    store = renamed.store
    tomorrow = Slot("morning", "2026-11-24", renamed.now + timedelta(days=1))
    told = store.issues.history(tomorrow, renamed.now - timedelta(days=7)).recent
    assert [one.issue for one in told] == [f"morning/{_SLOT}"]
    assert store.issues.list("daily") == ()
    assert store.slots.served("morning", renamed.now - timedelta(days=1)) == {_SLOT}


def test_its_ledger_is_the_one_that_is_remembered(renamed: Pressroom) -> None:
    """The mark outside the store names the issue by its former id."""
    found = compare(renamed.settings, renamed.store)
    assert (str(found.difference), found.short) == ("", {})


def test_its_archive_and_every_link_go_on(renamed: Pressroom) -> None:
    """Under both ids; and in a mail that was sent before."""
    mail = renamed.issue_mail("daily", NORA)
    view = next(word for word in mail.split() if "/v/" in word).partition(".example")[2]
    with renamed.pages() as client:
        for path in ("/archive/morning", "/archive/daily"):
            page = client.get(path)
            assert f"/archive/morning/{_SLOT}" in page.text, path
        for path in (f"/archive/morning/{_SLOT}", f"/archive/daily/{_SLOT}", view):
            assert _shows_the_issue(client, path), path


def _shows_the_issue(client: httpx.Client, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 200 and "Harbour" in answer.text


def test_an_issue_on_its_way_still_finds_its_readers(room: Pressroom) -> None:
    """Planned under the former id and claimed after: nobody looks as if they had left."""
    room.subscribed(NORA)
    room.send_issue()
    engine = room.store._engine  # noqa: SLF001 - as a run leaves it that was killed
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE delivery SET state = 'pending'")
        connection.exec_driver_sql("UPDATE issue SET state = 'sending'")
    _rename(room)
    (issue,) = room.store.issues.list("morning")
    claims = room.store.ledger.claim(issue.id, ClaimRequest("us", 10, 1800.0), room.now)
    assert [one.recipient.addr_spec for one in claims] == [NORA]


def test_the_schedule_goes_on_where_it_was(room: Pressroom) -> None:
    """The cursor that came further counts, and a missed slot was told of once."""
    slots, day = room.store.slots, timedelta(days=1)
    missed = SlotOutcome(
        Slot("daily", "2026-11-22", room.now - day), SlotState.MISSED, "late", room.now
    )
    slots.advance("daily", room.now, [missed])
    slots.advance("morning", room.now - day, [])
    _rename(room)
    assert (slots.cursor("daily"), slots.cursor("morning")) == (None, room.now)
    assert [one.slot.key for one in slots.outcomes("morning", room.now - 2 * day)] == ["2026-11-22"]


def test_proof_goes_along_and_nobody_is_raised(room: Pressroom) -> None:
    """Somebody who asked under the former id still has to confirm: no operator's word does."""
    readers = room.store.subscribers
    readers.ask(NORA, edition="daily", proof=Proof(Way.FORM, "Yes."), now=room.now)
    _rename(room)
    record = readers.find_by_email(NORA)
    assert record is not None
    assert [one.edition for one in record.consent] == ["morning"]
    assert readers.confirm_operators_word("morning", "fair, 2026", room.now) == 0
    assert room.state(NORA, "morning") is State.PENDING


@pytest.mark.parametrize(
    ("by_themselves", "state"), [(False, State.UNSUBSCRIBED), (True, State.ACTIVE)]
)
def test_who_left_the_former_one_has_left(
    room: Pressroom, *, by_themselves: bool, state: State
) -> None:
    """A list put them into the present one meanwhile; only their own word for it counts."""
    readers = room.store.subscribers
    who = room.subscribed(NORA)
    readers.unsubscribe(who, "daily", room.now)
    if by_themselves:
        readers.ask(NORA, edition="morning", proof=Proof(Way.FORM), now=room.now)
        readers.confirm(who, "morning", room.now)
    else:
        readers.add(NORA, edition="morning", confirmed=True, now=room.now)
    _rename(room)
    assert room.state(NORA, "morning") is state
    assert room.state(NORA, "daily") is None
    _rename(room)
    assert room.state(NORA, "morning") is state
