"""The size of a mail, kept by rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.models.stories import Reason
from digest.pipeline.issue.composing import ComposedIssue, compose_for, compose_issue
from digest.pipeline.issue.slots import named_slot
from digest.pipeline.mails.as_told import as_sent
from digest.pipeline.mails.budget import Fitted, render_within_budget
from digest.pipeline.mails.rendering import filled, reader_values, render_variants, sample_recipient

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

_KB = 25
_TIGHT = {"frontpage": 25, "briefing": 20, "letter": 18, "plain": 10}
"""Kilobytes that 60 stories do not fit into, by theme."""


@pytest.fixture
def crowded(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom whose section would show 40 stories, with room for fewer."""
    newsroom.configure('title = "World News"\n', 'title = "World News"\ntop = 20\nlatest = 20\n')
    newsroom.configure('title = "Daily briefing"\n', 'title = "Daily"\nmax_html_kb = 25\n')
    newsroom.write(number=60)
    return newsroom


def _tight(theme: str) -> str:
    return f'title = "Daily"\ntheme = "{theme}"\nmax_html_kb = {_TIGHT[theme]}\n'


def _composed(newsroom: Newsroom) -> ComposedIssue:
    settings = newsroom.settings
    slot = named_slot(settings.edition[0], "2026-11-23")
    return compose_issue(settings, newsroom.store, slot)


def _fitted(newsroom: Newsroom, composed: ComposedIssue) -> Fitted:
    whole = compose_for(composed.issue, "")
    assert whole is not None
    return render_within_budget(newsroom.settings, composed.issue, composed.frozen.sha256, [whole])


def test_the_lowest_ranked_leave_until_it_fits(crowded: Newsroom) -> None:
    """With a reader's own links filled in; the lead stays, and most of the room is used."""
    composed = _composed(crowded)
    whole = compose_for(composed.issue, "")
    assert whole is not None
    fitted = _fitted(crowded, composed)
    part, left = fitted.compositions["all"], fitted.left["all"]
    values = reader_values(crowded.settings, composed.issue)(sample_recipient("all"))
    size = len(filled(fitted.rendered["all"], values)[0].encode())
    assert 0.7 * _KB * 1000 < size <= _KB * 1000
    assert part.lead == whole.lead
    assert {story.id for story in (*part.stories, *left)} == {story.id for story in whole.stories}
    assert len(part.stories) + len(left) == len(whole.stories)
    spoken = f"{part.subject} {part.preheader}"
    free = [story for story in part.stories if story.article.title not in spoken]
    assert max(story.score for story in left) <= min(
        story.score for story in free if story is not part.lead
    )


@pytest.mark.parametrize("theme", ["frontpage", "briefing", "letter", "plain"])
def test_what_fits_is_as_rendered_afresh(crowded: Newsroom, theme: str) -> None:
    """In every theme: blocks put together anew are what this composition gives by itself."""
    crowded.configure('title = "Daily"\nmax_html_kb = 25\n', _tight(theme))
    crowded.configure("top = 20\nlatest = 20\n", "top = 30\nlatest = 30\n")
    composed = _composed(crowded)
    fitted = _fitted(crowded, composed)
    part, sha256 = fitted.compositions["all"], composed.frozen.sha256
    assert fitted.left["all"]
    assert 0.85 * _TIGHT[theme] < len(fitted.rendered["all"].html.encode()) / 1000 <= _TIGHT[theme]
    afresh = render_variants(crowded.settings, composed.issue, sha256, [part])
    assert fitted.rendered["all"] == afresh["all"]


def test_a_theme_that_hides_its_stories_keeps_to_the_budget_too(crowded: Newsroom) -> None:
    """Its blocks are given words instead of stories, so each is taken for its share."""
    own = crowded.settings.folder / "themes" / "frontpage"
    (own / "parts").mkdir(parents=True)
    (own / "blocks").mkdir()
    (own / "parts" / "section.html").write_text(
        "{% for story in section.top + section.latest %}"
        '{{ block("label", text=story.title ~ " " ~ story.excerpt) }}{% endfor %}'
    )
    (own / "blocks" / "label.html").write_text("<p>{{ text * 6 }}</p>")
    fitted = _fitted(crowded, _composed(crowded))
    assert fitted.left["all"]
    assert len(fitted.rendered["all"].html.encode()) <= _KB * 1000


def test_the_section_links_to_the_site_instead(crowded: Newsroom) -> None:
    """What left can be found: its section had no address, and now has the site's."""
    composed = _composed(crowded)
    fitted = _fitted(crowded, composed)
    assert fitted.compositions["all"].sections[0].url == "https://news.example"
    assert 'aria-label="More' in fitted.rendered["all"].html
    assert f"{len(fitted.left['all'])} left to keep to 25 KB" in fitted.note("all")


def test_explain_says_why_it_is_not_in(crowded: Newsroom) -> None:
    """The verdict is that of the mail, not that of the choice."""
    composed = _composed(crowded)
    left = {story.article.id for story in _fitted(crowded, composed).left["all"]}
    verdicts = as_sent(crowded.settings, crowded.store, composed).choice.verdicts
    told = {one.article_id for one in verdicts if one.detail.startswith("left to keep to 25 KB")}
    assert told == left
    assert all(one.reason is Reason.CARRIED for one in verdicts if one.article_id in left)


def test_a_pinned_story_stays_however_low_it_ranks(crowded: Newsroom, tmp_path: Path) -> None:
    """A pin stands above every cap, and above the budget too."""
    lowest = _fitted(crowded, _composed(crowded)).left["all"][0]
    file = tmp_path / "overlays" / "daily" / "2026-11-23.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[[pin]]\nstory = "{lowest.id}"\nplace = 3\n')
    fitted = _fitted(crowded, _composed(crowded))
    assert lowest.id in {story.id for story in fitted.compositions["all"].stories}
    assert fitted.left["all"]


def test_what_left_is_carried_over(crowded: Newsroom) -> None:
    """The ledger records only what was shown, so the next issue may tell the rest."""
    composed = _composed(crowded)
    left = {story.article.id for story in _fitted(crowded, composed).left["all"]}
    crowded.subscribe("amara@reader.example")
    crowded.send()
    shown = set(crowded.store.issues.carriers("daily", before=crowded.now.replace(day=24)))
    assert shown
    assert not shown & left


def test_what_fits_is_left_alone(newsroom: Newsroom) -> None:
    """An issue within its budget is rendered once, as composed."""
    newsroom.write(number=4)
    composed = _composed(newsroom)
    fitted = _fitted(newsroom, composed)
    assert fitted.left == {}
    assert fitted.compositions["all"] == compose_for(composed.issue, "")
    assert not fitted.note("all")
    assert as_sent(newsroom.settings, newsroom.store, composed) == composed
