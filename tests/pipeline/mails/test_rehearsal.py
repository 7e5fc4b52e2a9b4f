"""Mails before the plan: looked at once, however often readers change their minds meanwhile."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from digest.errors import ExitCode
from digest.models.articles import Article
from digest.pipeline.issue.composing import compose_all, compose_issue
from digest.pipeline.issue.slots import due_slot, edition_named
from digest.pipeline.mails.rehearsal import Rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.pipeline.mails.budget import Fitted
    from digest.store.ledger.ledger import Ledger
    from tests.pipeline.conftest import Newsroom

_TECH = """
[[source]]
id = "tech"
url = "https://tech.example/feed/"
[[section]]
id = "tech"
title = "Tech"
sources = ["tech"]
"""


@pytest.fixture
def two_sections(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom with two sections; its three readers get both."""
    newsroom.toml += _TECH
    newsroom.configure(r'(recheck = "off"\nsections = )\["world"\]', r'\1["world", "tech"]')
    at = newsroom.now - timedelta(hours=1)
    story = Article(
        "t", "tech", "https://tech.example/t", "A chip that listens", "It hears.", published=at
    )
    newsroom.store.articles.save("tech", [story], at)
    return newsroom


def test_what_was_looked_at_is_not_looked_at_again(two_sections: Newsroom) -> None:
    """A variant more is looked at alone; the others are there as they were."""
    settings, store = two_sections.settings, two_sections.store
    slot = due_slot(edition_named(settings, "daily"), two_sections.now)
    assert slot is not None
    composed = compose_issue(settings, store, slot)
    looked: list[list[str]] = []

    def look(fitted: Fitted) -> None:
        looked.append([one.variant for one in fitted.rendered.values()])

    rehearsal = Rehearsal(settings, composed.issue, composed.frozen.sha256, look)

    def of(*audience: str) -> Fitted:
        parts = compose_all(composed.issue, list(audience)).values()
        return rehearsal.of([part for part in parts if part is not None])

    first = of("")
    again = of("", "tech")
    assert looked == [["all"], ["tech"]]
    assert again.rendered["all"] == first.rendered["all"]
    assert of("tech", "").compositions.keys() == {"all", "tech"}
    assert len(looked) == 2


def test_what_was_held_is_looked_at_again(two_sections: Newsroom) -> None:
    """A mail that was not well the first time is no better the second."""
    settings, store = two_sections.settings, two_sections.store
    slot = due_slot(edition_named(settings, "daily"), two_sections.now)
    assert slot is not None
    composed = compose_issue(settings, store, slot)

    def never(_: Fitted) -> None:
        raise ValueError("not well")

    rehearsal = Rehearsal(settings, composed.issue, composed.frozen.sha256, never)
    parts = [part for part in compose_all(composed.issue, [""]).values() if part is not None]
    for _ in range(2):
        with pytest.raises(ValueError, match="not well"):
            rehearsal.of(parts)


class _Joined:
    """A ledger to which somebody comes right after it was asked who its readers are."""

    def __init__(self, ledger: Ledger, join: Callable[[], None]) -> None:
        self._ledger = ledger
        self._join = join

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a ledger has
        return getattr(self._ledger, name)

    def audience(self, edition: str) -> tuple[str, ...]:
        found = self._ledger.audience(edition)
        self._join()
        return found


def test_who_comes_between_composing_and_planning_gets_the_mail_too(
    two_sections: Newsroom,
) -> None:
    """With a choice of sections that nobody had: the plan is made once more, with it."""
    before = two_sections.store

    def join() -> None:
        before.subscribers.add(
            "late@reader.example",
            edition="daily",
            confirmed=True,
            now=two_sections.now,
            sections=["tech"],
        )

    store = copy.copy(before)
    store.ledger = cast("Ledger", _Joined(before.ledger, join))
    two_sections.store = store
    assert two_sections.send().exit_code is ExitCode.DONE
    sent = dict(two_sections.mailbox.kept)
    assert len(sent) == 4
    assert b"A chip that listens" in sent["late@reader.example"]
    assert b"Harbour reopens" not in sent["late@reader.example"]
