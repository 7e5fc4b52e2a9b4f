"""Looking at people by the command, and forgetting what is old."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from digest.pipeline.operator.audience_stats import plot
from digest.store import open_store
from tests.cli.conftest import Newsroom
from tests.command_clock import clock

ADD = ("subscribers", "add", "--edition", "daily", "--confirmed", "--consent", "our fair")
EMAIL = "amara@reader.example"


def test_a_person_is_shown_with_all_that_is_kept(newsroom: Newsroom) -> None:
    """Subscriptions, consent, what was sent, and why no mail goes there."""
    newsroom(*ADD, EMAIL, "--name", "Amara")
    assert newsroom("send", "daily").code == 0
    newsroom("subscribers", "suppress", EMAIL, "--detail", "asked by phone")
    out = newsroom("subscribers", "show", EMAIL).out
    for words in ("Amara <amara", "daily: active", "by_hand: our fair", "asked by phone", "daily/"):
        assert words in out
    person = json.loads(newsroom("subscribers", "export-person", EMAIL).out)
    assert person["email"] == EMAIL
    assert person["consent"][0]["words"] == "our fair"
    assert person["issues"][0]["state"] == "accepted"
    assert person["suppressions"][0]["detail"] == "asked by phone"
    newsroom("subscribers", "erase", EMAIL)
    said = newsroom("subscribers", "show", EMAIL)
    assert "erasure" in said.out
    assert "Amara" not in said.out


def test_of_whom_nothing_is_kept_it_is_said(newsroom: Newsroom) -> None:
    """With the way to those who are here; exit 2."""
    said = newsroom("subscribers", "show", "stranger@reader.example")
    assert (said.code, "subscribers list" in said.err) == (2, True)


def test_stats_plot_who_came(newsroom: Newsroom) -> None:
    """A line an edition and state, a column a week; the same as JSON."""
    newsroom(*ADD, EMAIL)
    out = newsroom("subscribers", "stats", "--weeks", "4").out
    assert "daily: 0 pending, 1 active, 0 paused, 0 unsubscribed" in out
    assert "came    █ 1" in out
    found = newsroom("subscribers", "stats", "--weeks", "4", "--json").json
    assert found["editions"]["daily"]["came"] == [0, 0, 0, 1]
    assert len(found["weeks"]) == 4


@pytest.mark.parametrize(
    ("values", "shown"), [((0, 1, 8), " ▁█"), ((4, 8), "▄█"), ((), ""), ((1, 1_000), "▁█")]
)
def test_a_plot_shows_the_least_that_is_not_nothing(values: tuple[int, ...], shown: str) -> None:
    """One among thousands is seen, none is not."""
    assert plot(values, max(values, default=0)) == shown


def test_tidy_forgets_who_got_old_issues_and_keeps_the_sums(newsroom: Newsroom) -> None:
    """Nobody is named by them any more; the ledger still agrees with what is remembered of it."""
    newsroom(*ADD, EMAIL)
    key = newsroom("send", "daily", "--json").json["issue"]
    fresh = newsroom("tidy", "--ledger-days", "30", "--json").json
    assert (fresh["deliveries"], fresh["unconfirmed"], fresh["events"]) == (0, 0, 0)
    later = clock() + timedelta(days=1)
    with open_store("sqlite:///digest.db", newsroom.folder) as store:
        assert store.ledger.forget_readers(later, rehearsal=True) == 1
        assert store.ledger.forget_readers(later, rehearsal=False) == 1
        assert store.ledger.forget_readers(later, rehearsal=False) == 0
    counted = newsroom("issues", "show", key, "--json").json
    assert "accepted" in json.dumps(counted)
    assert newsroom("reconcile").code == 0
    assert EMAIL not in newsroom("deliveries", key, "--csv").out
