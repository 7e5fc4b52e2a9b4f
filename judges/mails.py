"""The mails that are judged, made by the product's own code: composed, rendered, joined to bytes.

Every theme, in scripts that run both ways and in such as have no capitals, at three lengths.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from digest.config import Settings
from digest.editorial import compose
from digest.models.articles import Picture
from digest.models.editors import EditorsNote, ExtraLink, Sponsor
from digest.models.issues import Issue, IssueSection
from digest.models.site import Brand, SocialLink
from digest.models.stories import Story
from digest.pipeline.configured.loading import parse_settings
from digest.pipeline.desk.building import mail_files
from digest.pipeline.mails.budget import render_within_budget
from digest.pipeline.mails.sample import sample_issue, sample_pictures
from judges.verdict import JudgedMail

THEMES = ("frontpage", "briefing", "letter", "plain")
LANGUAGES = ("en", "ar", "he", "ja", "hi")
LENGTHS = ("usual", "long", "short")
"""The sample issue; one of everything a newsroom may add; two stories without any picture."""

_HOST = "https://harbour.example"
_SIZE = (400, 96)
_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="800" height="192" viewBox="0 0 400 96">
<g fill="none" stroke="{ink}" stroke-width="7" stroke-linecap="round">
<circle cx="50" cy="22" r="9"/><path d="M50 32v48M34 42h32M22 60q4 22 28 22t28-22"/></g>
<text x="104" y="63" font-family="Georgia, serif" font-size="41" fill="{ink}">Harbour Post</text>
</svg>"""
_BANNER = """<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="400">
<rect width="1200" height="400" fill="#2d5a74"/><circle cx="930" cy="200" r="120" fill="#f2a97f"/>
<path d="M0 300q150-40 300 0t300 0 300 0 300 0v100H0z" fill="#1b394f"/></svg>"""
PICTURES = {
    **sample_pictures(),
    f"{_HOST}/logo.png": _LOGO.format(ink="#10324a").encode(),
    f"{_HOST}/logo-dark.png": _LOGO.format(ink="#f3ead9").encode(),
    f"{_HOST}/books.png": _BANNER.encode(),
}
"""Address → drawing, of every picture that the mails show."""

_BRAND = Brand(
    logo_light=Picture(f"{_HOST}/logo.png", *_SIZE, "Harbour Post"),
    logo_dark=Picture(f"{_HOST}/logo-dark.png", *_SIZE, "Harbour Post"),
    footer="Owned by its readers since 1907.",
    social=(
        SocialLink("Mastodon", "https://social.example/@harbour"),
        SocialLink("Bluesky", "https://sky.example/harbour"),
    ),
    share=("mail", "whatsapp"),
)
_NOTE = EditorsNote(
    f"Good *morning*, and [thank you]({_HOST}/letters) for your letters.\n\nWe read every one.",
    "Maren Holloway",
)
_CONFIGURATION = """
[site]
name = "The Harbour Post"
url = "https://harbour.example"
public_url = "https://harbour.example/digest"
postal_address = "4 Quay Street, Porthaven"
[mail]
from = "The Harbour Post <digest@harbour.example>"
[[source]]
id = "world"
url = "https://harbour.example/feed"
[[section]]
id = "world"
title = "World News"
sources = ["world"]
[[edition]]
id = "sample"
title = "The Morning Tide"
sections = ["world"]
"""


def judged_mails(themes: tuple[str, ...], languages: tuple[str, ...]) -> Iterator[JudgedMail]:
    """Make the mails of these themes and languages, each at every length."""
    with tempfile.TemporaryDirectory() as folder:
        settings = parse_settings(_CONFIGURATION, Path(folder) / "digest.toml", {})
        for theme in themes:
            for language in languages:
                for length in LENGTHS:
                    yield _mail(settings, theme, language, length)


def _mail(settings: Settings, theme: str, language: str, length: str) -> JudgedMail:
    issue = _ISSUES[length](theme, language)
    composition = compose(issue, frozenset())
    assert composition is not None  # noqa: S101 - the sample always has stories
    content = sha256(repr(issue).encode()).hexdigest()
    fitted = render_within_budget(settings, issue, content, [composition])
    files = mail_files(settings, issue, fitted.rendered)
    variant = composition.variant
    html = files[f"{variant}.html"].decode()
    return JudgedMail(theme, language, length, html, files[f"{variant}.eml"])


def _long(theme: str, language: str) -> Issue:
    """Return six sections with everything that a newsroom and its editors may add."""
    issue = sample_issue(theme, language, _BRAND)
    parts = issue.sections * 2 if len(issue.sections) > 2 else issue.sections * 3  # noqa: PLR2004
    numbered = list(enumerate(parts))
    sponsor = Sponsor("Books for long winters", "Advertisement", "https://books.example/winter")
    banner = Picture(f"{_HOST}/books.png", 1200, 400, "A lamp, a chair, a shelf of books")
    first = f"{parts[1].id}1"
    return replace(
        issue,
        sections=tuple(_section(part, number) for number, part in numbered),
        stories=tuple(
            _story(story, number)
            for number, part in numbered
            for story in issue.stories
            if part.id in story.sections
        ),
        note=issue.note or _NOTE,
        sponsors=(sponsor, replace(sponsor, picture=banner, section=first)),
        links=(
            ExtraLink("The crossword", f"{_HOST}/crossword"),
            ExtraLink("Tide tables for the week", f"{_HOST}/tides"),
        ),
    )


def _section(part: IssueSection, number: int) -> IssueSection:
    return replace(
        part,
        id=f"{part.id}{number}",
        by_score=tuple(f"{name}-{number}" for name in part.by_score),
        by_date=tuple(f"{name}-{number}" for name in part.by_date),
    )


def _story(story: Story, number: int) -> Story:
    """Return the story once more, under an address of its own, and told by another site too."""
    name = f"{story.id}-{number}"
    article = replace(story.article, id=name, url=f"{_HOST}/{name}/?from=feed&day=monday")
    also = replace(article, id=f"{name}-also", url=f"https://coast.example/{name}/")
    section = f"{story.sections[0]}{number}"
    return replace(story, id=name, article=article, also=(also,), sections=(section,))


def _short(theme: str, language: str) -> Issue:
    """Return one section with two stories, no picture and nothing added."""
    issue = sample_issue(theme, language)
    part = issue.sections[0]
    best = part.by_score[:2]
    two = [story for story in issue.stories if story.id in best]
    return replace(
        issue,
        sections=(replace(part, by_score=best, by_date=best, scores=part.scores[:2]),),
        stories=tuple(
            replace(story, article=replace(story.article, picture=None)) for story in two
        ),
        note=None,
    )


_ISSUES = {"usual": sample_issue, "long": _long, "short": _short}
