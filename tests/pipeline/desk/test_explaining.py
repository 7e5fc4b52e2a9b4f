"""Why an issue is as it is, from a real store and real overlay files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.config import Settings
from digest.errors import ConfigError, UsageError
from digest.frozen import thaw
from digest.models.articles import Article, KnownArticle
from digest.models.compositions import Rendered
from digest.models.issues import IssueState
from digest.models.stories import Reason
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.desk.building import build_issue
from digest.pipeline.desk.explaining import Explanation, explain_issue
from digest.pipeline.desk.linting import LintOrder, lint_issue
from digest.pipeline.issue.composing import compose_issue
from digest.pipeline.issue.slots import edition_named, named_slot
from digest.pipeline.operator.correcting import CorrectionOrder, correct_issue
from digest.pipeline.sending.sending import SendOrder
from digest.store import AudiencePlan, NewIssue, Store, StoredIssue, open_store

if TYPE_CHECKING:
    from tests.conftest import SampleToml
    from tests.pipeline.conftest import Newsroom

AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
KEY = "2026-11-23"
EDITIONS = """
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world"]
[[edition]]
id = "noon"
title = "At noon"
sections = ["world"]
schedule = "0 12 * * *"
"""
SUBJECTS = ("Harbour wall", "School meals", "Night train", "Lighthouse sold", "Salt road", "Bees")


@pytest.fixture
def settings(tmp_path: Path, sample_toml: SampleToml) -> Settings:
    """Return the configuration of a newsroom in a folder of its own."""
    toml = sample_toml(EDITIONS, section="top = 1\nlatest = 2")
    return parse_settings(toml, tmp_path / "digest.toml", {})


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """Yield a store with six articles, the first the newest."""
    with open_store(sqlite_url, tmp_path, ["a-key-to-remember-the-erased"]) as store:
        store.articles.save("feed", [article(number) for number in range(6)], AT)
        yield store


def article(number: int) -> Article:
    return Article(
        id=f"a{number}",
        source_id="feed",
        url=f"https://news.example/{number}",
        title=f"{SUBJECTS[number]} makes news of its own kind",
        published=AT - timedelta(hours=number + 1),
    )


def explain(settings: Settings, store: Store, story: str | None = None) -> Explanation:
    return explain_issue(settings, store, "daily", KEY, story, AT)


TECH_SECTION = """[[section]]
id = "tech"
title = "Tech"
sources = ["tech"]

"""
TECH_SOURCE = """[[source]]
id = "tech"
url = "https://news.example/tech/"

"""


def wish(settings: Settings, text: str, name: str = KEY) -> None:
    folder = settings.folder / "overlays" / "daily"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text)


def freeze_issue(settings: Settings, store: Store, edition: str, shown: str) -> StoredIssue:
    slot = named_slot(edition_named(settings, edition), KEY)
    composed = compose_issue(settings, store, slot)
    frozen = composed.frozen
    rendered = {"all": Rendered("all", "en", "Subject", "<p>", "text")}
    new = NewIssue(slot, frozen.json, frozen.sha256, {"all": (shown,)}, rendered)
    return store.issues.create(new, IssueState.FINISHED, slot.at)


def test_every_article_is_told_with_its_reason_and_its_score(
    settings: Settings, store: Store
) -> None:
    """What is in comes first; each ranked one shows the terms of its score."""
    told = explain(settings, store)
    reasons = [one.reason for one in told.articles]
    assert reasons == [Reason.IN] * 4 + [Reason.CARRIED] * 2
    assert all("weight 1 x recency" in one.score_words()[0] for one in told.articles)
    first = told.as_json()["articles"]
    assert isinstance(first, list)
    assert first[0].keys() >= {"id", "in", "reason", "sections", "scores", "merged_with", "url"}


@pytest.mark.parametrize("name", ["a5", "https://news.example/5", "bees makes"])
def test_a_story_is_found_by_id_address_or_words(
    settings: Settings, store: Store, name: str
) -> None:
    """One article is told, whatever it was called by."""
    assert [one.article_id for one in explain(settings, store, name).articles] == ["a5"]


def test_an_unknown_story_names_the_nearest(settings: Settings, store: Store) -> None:
    """A slip of the keyboard is met with a suggestion."""
    with pytest.raises(UsageError) as told:
        explain(settings, store, "nite train")
    assert "Night train" in told.value.fix


def test_where_nothing_was_collected_the_way_on_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    """By explain, build and lint: there is nothing to explain, write or look at."""
    with open_store("sqlite:///empty.db", tmp_path) as store:
        noted = [
            explain(settings, store).notes,
            build_issue(settings, store, "daily", KEY, tmp_path / "out", AT).notes,
            lint_issue(settings, store, LintOrder("daily", KEY), AT).notes,
        ]
    for note, *_ in noted:
        assert note.startswith(f"daily/{KEY}: no article of its sections was collected")
        assert "Run `digest collect`" in note


def test_both_overlay_files_are_read(settings: Settings, store: Store) -> None:
    """The issue's own file and the standing one; a fault names the file and its line."""
    wish(settings, '[[drop]]\nstory = "a0"\nwhy = "legal"')
    wish(settings, '[[drop]]\nstory = "a1"', "standing")
    reasons = {one.article_id: one for one in explain(settings, store).articles}
    assert reasons["a0"].reason is Reason.DROPPED
    assert reasons["a0"].detail == "legal"
    assert reasons["a1"].detail == "overlays/daily/standing.toml:1"
    wish(settings, '[[drop]]\nstory = "nothing"')
    with pytest.raises(ConfigError, match=r"overlays/daily/2026-11-23\.toml:1"):
        explain(settings, store)
    (settings.folder / "overlays" / "daily" / f"{KEY}.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="UTF-8"):
        explain(settings, store)


def test_a_sent_issue_is_explained_as_it_was_sent(newsroom: Newsroom) -> None:
    """Whatever the site, the overlay and the configuration say since, word for word."""
    sent = SendOrder("daily")
    newsroom.write(12)
    before = explain_issue(newsroom.settings, newsroom.store, "daily", KEY, None, newsroom.now)
    newsroom.send(sent)
    newsroom.store.articles.save(
        "world",
        [
            replace(known.article, title=f"Rewritten {number}", comments=number)
            for number, known in enumerate(_window(newsroom))
        ],
        newsroom.now + timedelta(hours=1),
    )
    newsroom.write(day=1)
    wish(newsroom.settings, '[[drop]]\nstory = "nothing of the kind"')
    newsroom.configure("Daily briefing", "Another name")
    newsroom.configure("\\[\\[section\\]\\]\n", "[[section]]\nhalf_life_hours = 2\n")
    after = explain_issue(newsroom.settings, newsroom.store, "daily", KEY, None, newsroom.now)
    assert {one.reason for one in after.articles} >= {Reason.IN, Reason.CARRIED}
    assert after == before
    told = {story.article.title for story in thaw(newsroom.issue.content).stories}
    assert {one.title for one in after.articles if one.is_in} <= told
    (one,) = explain_issue(
        newsroom.settings, newsroom.store, "daily", KEY, after.articles[0].article_id, newsroom.now
    ).articles
    assert one == after.articles[0]


def _window(newsroom: Newsroom) -> tuple[KnownArticle, ...]:
    return newsroom.store.articles.window(["world"], newsroom.now - timedelta(days=1), None)


def test_only_what_somebody_was_sent_is_in_a_sent_issue(newsroom: Newsroom) -> None:
    """Room for the readers of a section is no room if nobody chose it."""
    newsroom.configure("\\[\\[section\\]\\]\n", TECH_SECTION + "[[section]]\n")
    newsroom.configure(r'sections = \["world"\]', 'sections = ["tech", "world"]')
    newsroom.configure(r"\[\[section\]\]", TECH_SOURCE + "[[section]]")
    newsroom.store.articles.save("tech", [article(number) for number in range(3)], newsroom.now)
    for row in list(newsroom.store.subscribers.list("daily")):
        newsroom.store.subscribers.erase(row.email, newsroom.now)
    newsroom.store.subscribers.add(
        "dana@reader.example",
        edition="daily",
        confirmed=True,
        now=newsroom.now,
        sections=("tech",),
    )
    newsroom.send()
    told = explain_issue(newsroom.settings, newsroom.store, "daily", KEY, None, newsroom.now)
    shown = set(newsroom.store.issues.carriers("daily", before=newsroom.now + timedelta(days=1)))
    assert {one.article_id for one in told.articles if one.is_in} == shown == {"a0", "a1", "a2"}
    lonely = [one for one in told.articles if "nobody chose" in one.detail]
    assert {one.article_id for one in lonely} == {f"article-0-{number}" for number in range(4)}
    assert {one.reason for one in lonely} == {Reason.CARRIED}


def test_a_correction_is_explained_by_what_it_corrects(newsroom: Newsroom) -> None:
    """It was not chosen, so there is no why."""
    newsroom.send()
    order = CorrectionOrder(f"daily/{KEY}", "article-0-0", "Not so.")
    key = correct_issue(
        newsroom.settings, newsroom.store, order, newsroom.now, dry_run=False
    ).issue.partition("/")[2]
    with pytest.raises(UsageError, match="a correction"):
        explain_issue(newsroom.settings, newsroom.store, "daily", key, None, newsroom.now)


def test_an_issue_without_reasons_is_explained_by_nothing_else(
    settings: Settings, store: Store
) -> None:
    """One of an older Digest kept none; composed again it is explained as of today."""
    issue = freeze_issue(settings, store, "daily", "a0")
    store.ledger.plan(issue.id, AudiencePlan("daily", {}), AT)
    with pytest.raises(UsageError, match="did not keep why") as told:
        explain(settings, store)
    assert f"digest explain daily --slot {KEY} --again" in told.value.fix
    assert explain_issue(settings, store, "daily", KEY, None, AT, again=True).articles


def test_what_led_one_edition_does_not_lead_another_the_same_day(
    settings: Settings, store: Store
) -> None:
    """Unless the configuration says that it may; it is still told."""
    freeze_issue(settings, store, "daily", "a0")
    noon = edition_named(settings, "noon")
    slot = named_slot(noon, KEY)
    issue = compose_issue(settings, store, slot).issue
    assert issue.unled == ("a0",)
    assert "a0" in {story.id for story in issue.stories}
    may = replace_edition(settings, "noon", lead_apart_hours=0.0)
    assert compose_issue(may, store, slot).issue.unled == ()


def test_an_edition_repeats_another_unless_told_not_to(settings: Settings, store: Store) -> None:
    """`without_stories_of` reads the other edition's history too."""
    freeze_issue(settings, store, "daily", "a0")
    slot = named_slot(edition_named(settings, "noon"), KEY)
    told = {story.id for story in compose_issue(settings, store, slot).issue.stories}
    assert "a0" in told
    apart = replace_edition(settings, "noon", without_stories_of=["daily"])
    again = {story.id for story in compose_issue(apart, store, slot).issue.stories}
    assert "a0" not in again


def test_limits_of_the_configuration_reach_the_choice(settings: Settings, store: Store) -> None:
    """Caps, minimum, boosts and the edition's own limits."""
    slot = named_slot(edition_named(settings, "daily"), KEY)
    section = settings.section[0].model_copy(
        update={"per_source": 1, "per_author": 2, "minimum": 2, "weight": 3.0}
    )
    tuned = replace_edition(
        settings.model_copy(update={"section": (section,)}),
        "daily",
        max_stories=7,
        max_age_hours=2.5,
        look_back_hours=2.0,
        boosts={"a1": 5.0},
    )
    composed = compose_issue(tuned, store, slot)
    found = composed.issue.sections[0]
    assert (found.per_source, found.per_author, found.minimum) == (1, 2, 2)
    assert composed.issue.max_stories == 7
    weights = {one.story_id: one.weight for one in composed.choice.terms}
    assert weights == {"a0": 3.0, "a1": 15.0}


def replace_edition(settings: Settings, name: str, **changes: object) -> Settings:
    editions = tuple(
        one.model_copy(update=changes) if one.id == name else one for one in settings.edition
    )
    return settings.model_copy(update={"edition": editions})
