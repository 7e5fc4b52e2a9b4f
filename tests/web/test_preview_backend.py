"""The preview's backend: what is seen is what would be sent, and an edit shows at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError
from digest.models.articles import Article
from digest.models.compositions import Rendered
from digest.pipeline.configured.loading import load_settings
from digest.pipeline.desk.explaining import explanation, packed
from digest.pipeline.issue.composing import compose_issue
from digest.pipeline.issue.slots import edition_named, named_slot
from digest.store import AudiencePlan, NewIssue, open_store
from digest.web.preview_backend import PreviewBackend

if TYPE_CHECKING:
    from tests.conftest import SampleToml

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EDITIONS = """
[[edition]]
id = "weekly"
title = "The week"
sections = ["world"]
[[edition]]
id = "daily"
title = "Daily briefing"
sections = ["world"]
"""


@pytest.fixture
def folder(sqlite_url: str, tmp_path: Path, sample_toml: SampleToml) -> Path:
    """Return a newsroom's folder with three articles collected."""
    (tmp_path / "digest.toml").write_text(sample_toml(EDITIONS))
    with open_store(sqlite_url, tmp_path) as store:
        store.articles.save("feed", [article(number) for number in range(3)], NOW)
    return tmp_path


@pytest.fixture
def backend(folder: Path) -> Iterator[PreviewBackend]:
    """Yield the backend of that newsroom."""
    backend = PreviewBackend(folder / "digest.toml", {}, lambda: NOW, "daily")
    yield backend
    backend.close()


def article(number: int) -> Article:
    subject = ("Harbour wall", "School meals", "Night train", "Lighthouse sold")[number]
    return Article(
        id=str(number),
        source_id="feed",
        url=f"https://news.example/{number}",
        title=f"{subject} makes news of its own kind",
        excerpt=f"What happened to the {subject.lower()}.",
        published=NOW - timedelta(hours=number + 6),
    )


def test_the_edition_asked_for_comes_first(backend: PreviewBackend) -> None:
    """`digest preview daily` opens daily."""
    assert [edition.id for edition in backend.editions()] == ["daily", "weekly"]


def test_a_preview_shows_the_issue_and_why(backend: PreviewBackend) -> None:
    """HTML and text without holes, and a verdict for each article."""
    page = backend.preview("daily", frozenset(), "")
    assert "Harbour wall" in page.html
    assert "Harbour wall" in page.text
    assert "digesthole" not in page.html + page.text
    assert len(page.verdicts) == 3


def test_what_is_remembered_between_looks_changes_nothing(
    backend: PreviewBackend, folder: Path
) -> None:
    """After an article came, another changed and one told an old story again: a fresh look."""
    assert "Lighthouse" not in backend.preview("daily", frozenset(), "").html
    changed = dataclasses.replace(article(1), title="School dinners make news of their own kind")
    again = dataclasses.replace(article(2), id="again", url="https://other.example/night-train")
    with open_store("sqlite:///digest.db", folder) as store:
        store.articles.save("feed", [article(3), changed, again], NOW)
    fresh = PreviewBackend(folder / "digest.toml", {}, lambda: NOW, "daily")
    page = backend.preview("daily", frozenset(), "")
    assert page == fresh.preview("daily", frozenset(), "")
    assert page == backend.preview("daily", frozenset(), "")
    assert "Lighthouse" in page.html
    fresh.close()


def test_the_stamp_changes_with_everything_an_issue_depends_on(
    backend: PreviewBackend, folder: Path
) -> None:
    """Configuration, a theme's file, an overlay, an article: each renews the page."""
    stamps = [backend.stamp(), backend.stamp()]
    assert stamps[0] == stamps[1]
    toml = folder / "digest.toml"
    toml.write_text(toml.read_text().replace("Daily briefing", "Morning paper"))
    stamps.append(backend.stamp())
    theme = folder / "themes" / "frontpage"
    theme.mkdir(parents=True)
    (theme / "note.txt").write_text("x")
    stamps.append(backend.stamp())
    overlay = folder / "overlays" / "daily"
    overlay.mkdir(parents=True)
    (overlay / "2026-11-24.toml").write_text("")
    stamps.append(backend.stamp())
    with open_store("sqlite:///digest.db", folder) as store:
        store.articles.save("feed", [article(3)], NOW)
    stamps.append(backend.stamp())
    assert len(set(stamps)) == len(stamps) - 1
    assert "Morning paper" in backend.preview("daily", frozenset(), "").html


def test_a_fault_is_raised_and_mends_itself(backend: PreviewBackend, folder: Path) -> None:
    """The page shows the fault; the next look after the repair is fine, and the stamp moved."""
    before, good = backend.stamp(), (folder / "digest.toml").read_text()
    (folder / "digest.toml").write_text("[site")
    assert backend.stamp() != before
    with pytest.raises(ConfigError, match="not valid TOML"):
        backend.preview("daily", frozenset(), "")
    (folder / "digest.toml").write_text(good)
    assert backend.preview("daily", frozenset(), "").html


def test_what_an_overlay_asks_in_vain_is_worth_a_look(
    backend: PreviewBackend, folder: Path
) -> None:
    """Wishes that cannot be met are left out, and shown beside the mail like idle ones."""
    overlay = folder / "overlays" / "daily"
    overlay.mkdir(parents=True)
    paid = '[[sponsor]]\ntext = "Tea"\nlabel = "Ad"\nexpires = 2026-11-01\n'
    (overlay / "2026-11-23.toml").write_text(paid)
    warnings = backend.preview("daily", frozenset(), "").warnings
    assert any("2026-11-23.toml:1: sponsor" in one for one in warnings)
    (overlay / "2026-11-23.toml").write_text('[[pin]]\nstory = "x"\n[[drop]]\nstory = "y"\n')
    page = backend.preview("daily", frozenset(), "")
    assert page.html
    assert [line.split(":")[1] for line in page.faults] == ["1", "3"]
    assert all("nothing is sent" in line for line in page.warnings[:2])


def test_a_slot_that_has_come_is_told_from_one_to_come(backend: PreviewBackend) -> None:
    """Nobody is told that what is due since the morning goes out then."""
    assert backend.preview("daily", frozenset(), "2026-11-23").due
    assert not backend.preview("daily", frozenset(), "2026-11-24").due


def test_a_slot_that_was_planned_is_shown_as_it_went_out(
    backend: PreviewBackend, folder: Path
) -> None:
    """Its kept page and reasons, for the choices it was sent to; composed again on demand."""
    with open_store("sqlite:///digest.db", folder) as store:
        store.subscribers.add("amara@reader.example", edition="daily", confirmed=True, now=NOW)
        settings = load_settings(folder / "digest.toml", {})
        composed = compose_issue(
            settings, store, named_slot(edition_named(settings, "daily"), "2026-11-23")
        )
        page = Rendered("all", "en", "As it was", "<p>Then</p>", "Then")
        planned, _ = store.issues.create_and_plan(
            NewIssue(
                composed.issue.slot,
                composed.frozen.json,
                composed.frozen.sha256,
                shown={"all": ("0", "1", "2")},
                rendered={"all": page},
                reasons=packed(explanation(composed)),
            ),
            AudiencePlan("daily", {"": "all"}),
            NOW,
        )
        store.articles.save("feed", [article(3)], NOW)
    shown = backend.preview("daily", frozenset(), "2026-11-23")
    assert (shown.html, shown.text, shown.subject) == ("<p>Then</p>", "Then", "As it was")
    assert shown.kept == "as sent: frozen Mon 23 Nov 2026, 12:00 UTC, sending"
    assert (len(shown.verdicts), shown.planned, shown.due) == (3, True, True)
    again = backend.preview("daily", frozenset(), "2026-11-23", again=True)
    assert "Lighthouse" in again.html
    assert (again.kept, again.planned) == ("", True)
    with open_store("sqlite:///digest.db", folder) as store:
        assert store.issues.get(planned.key) == planned


def test_a_choice_that_nobody_was_sent_has_no_kept_page(
    backend: PreviewBackend, folder: Path
) -> None:
    """It says which there are, and why nothing else is known of an issue of an older Digest."""
    with open_store("sqlite:///digest.db", folder) as store:
        settings = load_settings(folder / "digest.toml", {})
        slot = named_slot(edition_named(settings, "daily"), "2026-11-23")
        frozen = compose_issue(settings, store, slot).frozen
        page = Rendered("tech", "en", "As it was", "<p>Then</p>", "Then")
        store.issues.create_and_plan(
            NewIssue(slot, frozen.json, frozen.sha256, {"tech": ("0",)}, {"tech": page}),
            AudiencePlan("daily", {"tech": "tech"}),
            NOW,
        )
    shown = backend.preview("daily", frozenset(), "2026-11-23")
    assert (shown.html, shown.variant, shown.verdicts) == ("", "none", ())
    assert shown.warnings[0].endswith("sent were: tech.")
    assert "did not keep why" in shown.warnings[1]
