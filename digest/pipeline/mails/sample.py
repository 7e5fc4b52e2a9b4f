"""A sample issue: what a theme looks like before there is any news, in the reader's language.

The stories are those of a newsroom that does not exist; they ship as templates/sample.
"""

from __future__ import annotations

import base64
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digest.editorial import compose
from digest.inline_html import words_of
from digest.models.articles import Article, Picture
from digest.models.editors import EditorsNote
from digest.models.issues import Issue, IssueSection, Slot
from digest.models.site import Brand, SiteFacts
from digest.models.stories import Story
from digest.pipeline.mails.rendering import filled, sample_recipient, sample_values
from digest.render import load_theme, render
from digest.resources import search_path, templates_folder

_HOST = "https://harbour.example"
_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
_PICTURES = ("harbour", "town", "fields")
_PICTURE_SIZE = (1200, 800)
_TOP, _LATEST = 3, 3
_NONCE = "sampleissue0"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample issue in a theme, with the sample reader's links and its pictures inside."""

    issue: Issue
    variant: str
    subject: str
    preheader: str
    html: str
    text: str


def sample_sections(language: str) -> tuple[tuple[str, str], ...]:
    """Return (id, title) of the sample's sections in a language."""
    return tuple((part["id"], part["title"]) for part in _told(language)["sections"])


def sample(
    folder: Path,
    theme: str,
    language: str = "en",
    brand: Brand | None = None,
    chosen: frozenset[str] = frozenset(),
) -> Sample:
    """Render the sample issue in a theme, the newsroom's own files first; no section is all.

    Raises RenderError as rendering an issue does, also for a language that is none.
    """
    issue = sample_issue(theme, language, brand)
    composition = compose(issue, chosen)
    if composition is None:
        composition = compose(issue, frozenset())
    assert composition is not None  # noqa: S101 - the sample always has stories
    loaded = load_theme(theme, search_path(folder))
    rendered = render(issue, [composition], loaded, _NONCE)[composition.variant]
    values = sample_values(issue)(sample_recipient(composition.variant))
    html, text = filled(rendered, values)
    return Sample(
        issue, composition.variant, rendered.subject, composition.preheader, _pictured(html), text
    )


def sample_issue(theme: str, language: str = "en", brand: Brand | None = None) -> Issue:
    """Return the sample issue itself, as composing would have frozen it."""
    told = _told(language)
    stories = [
        _story(told, part, number, headline, 1.0 / (number + 1 + place / 10))
        for place, part in enumerate(told["sections"])
        for number, headline in enumerate(part["headlines"])
    ]
    return Issue(
        slot=Slot("sample", "2026-11-23", _AT),
        edition_title=told["edition"],
        timezone="UTC",
        language=language,
        theme=theme,
        site=SiteFacts(
            told["site"], _HOST, f"{_HOST}/digest", "4 Quay Street, Porthaven", brand or Brand()
        ),
        from_header=f"{told['site']} <digest@harbour.example>",
        subject="{{ lead.title }}",
        preheader="{{ headlines }}",
        sections=tuple(_section(part, stories) for part in told["sections"]),
        stories=tuple(stories),
        note=EditorsNote(told["note"], told["author"]) if told["note"] else None,
    )


def sample_pictures() -> dict[str, bytes]:
    """Return each picture's address with its drawing, an SVG."""
    folder = templates_folder() / "sample"
    return {_picture_url(name): (folder / f"{name}.svg").read_bytes() for name in _PICTURES}


def _pictured(html: str) -> str:
    """Put the pictures into the page: it is looked at without a server of theirs."""
    for url, drawing in sample_pictures().items():
        data = base64.b64encode(drawing).decode()
        html = html.replace(url, f"data:image/svg+xml;base64,{data}")
    return html


def _section(part: dict[str, Any], stories: list[Story]) -> IssueSection:
    own = [story for story in stories if part["id"] in story.sections]
    return IssueSection(
        id=part["id"],
        title=part["title"],
        url=f"{_HOST}/{part['id']}/",
        top=_TOP,
        latest=_LATEST,
        by_score=tuple(story.id for story in own),
        by_date=tuple(story.id for story in reversed(own)),
        scores=tuple(story.score for story in own),
    )


def _story(
    told: dict[str, Any], part: dict[str, Any], number: int, headline: str, score: float
) -> Story:
    section, excerpts = part["id"], part["excerpts"]
    said = excerpts[number] if number < len(excerpts) else ""
    picture = Picture(_picture_url(_PICTURES[number % len(_PICTURES)]), *_PICTURE_SIZE, headline)
    article = Article(
        id=f"{section}-{number}",
        source_id=section,
        url=f"{_HOST}/{section}/{number}/",
        title=headline,
        excerpt=words_of(said),
        excerpt_html=said if said != words_of(said) else "",
        author=told["author"],
        published=_AT - timedelta(minutes=95 * number + 20),
        picture=picture,
        reading_minutes=number + 2,
    )
    return Story(article.id, article, sections=(section,), score=score)


def _picture_url(name: str) -> str:
    return f"{_HOST}/pictures/{name}.jpg"


def _told(language: str) -> dict[str, Any]:
    file = templates_folder() / "sample" / "stories.toml"
    languages = tomllib.loads(file.read_text(encoding="utf-8"))
    found: dict[str, Any] = languages.get(language.replace("_", "-").split("-")[0], languages["en"])
    return found
