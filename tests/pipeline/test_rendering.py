"""An issue's mails as bytes: what they weigh on the wire, in every script and theme."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from digest.editorial import compose
from digest.mail import ListHeaders, compile_message
from digest.pipeline.rendering import filled, sample_recipient, sample_values
from digest.pipeline.sampling import sample_issue
from digest.pipeline.theming import search_path
from digest.render import load_theme, render

if TYPE_CHECKING:
    from pathlib import Path

    from digest.models import Issue, Rendered, Story

_COPIES = 8


def _numbered(story: Story, number: int) -> Story:
    name = f"{story.id}-{number}"
    return replace(story, id=name, article=replace(story.article, id=name))


def _long(issue: Issue) -> Issue:
    """Give the issue as long as a newspaper's: every story of each section several times."""
    stories = tuple(_numbered(one, number) for number in range(_COPIES) for one in issue.stories)

    def more(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{one}-{number}" for number in range(_COPIES) for one in ids)

    sections = tuple(
        replace(
            one,
            top=_COPIES * 2,
            latest=_COPIES * 2,
            by_score=more(one.by_score),
            by_date=more(one.by_date),
            scores=one.scores * _COPIES,
        )
        for one in issue.sections
    )
    return replace(issue, stories=stories, sections=sections)


def _mail(issue: Issue, rendered: Rendered) -> bytes:
    headers = ListHeaders(
        from_header=issue.from_header,
        reply_to="",
        list_id="daily.news.example",
        list_title=issue.edition_title,
        date=issue.slot.at,
        feedback_id="2026-11-23:daily:digest:news.example",
    )
    values = sample_values(issue)(sample_recipient(rendered.variant))
    compiled = compile_message(rendered, headers)
    return compiled.join(values, "reader@recipient.example", "", "<1@news.example>")


@pytest.mark.parametrize("theme", ["frontpage", "briefing", "letter", "plain"])
@pytest.mark.parametrize("language", ["ja", "uk", "ar"])
def test_an_issue_of_any_script_weighs_little_more_than_its_text(
    tmp_path: Path, theme: str, language: str
) -> None:
    """Its two parts at most 1.38 times their UTF-8, everything around them 1.3 kB.

    So an issue of 65 kB or more is under 1.4 times its text; and no line is over 998 bytes.
    """
    issue = _long(sample_issue(theme, language))
    whole = compose(issue, frozenset())
    assert whole is not None
    loaded = load_theme(theme, search_path(tmp_path))
    rendered = render(issue, [whole], loaded, "samplenonce")[whole.variant]
    data = _mail(issue, rendered)
    said = filled(rendered, sample_values(issue)(sample_recipient(whole.variant)))
    weight = len("".join(said).encode())
    assert len(data) <= 1.38 * weight + 1300
    assert weight < 65_000 or len(data) <= 1.4 * weight
    assert max(map(len, data.split(b"\r\n"))) <= 998
    mail = message_from_bytes(data, policy=policy.default.clone(raise_on_defect=True))
    assert str(mail["Subject"]) == rendered.subject
