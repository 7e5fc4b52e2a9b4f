"""An issue's mails as bytes: what they weigh on the wire, in every script and theme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from digest.editorial import compose
from digest.mail import ListHeaders, compile_message, name_message
from digest.pipeline.mails.rendering import filled, sample_recipient, sample_values
from digest.pipeline.mails.sample import sample_issue
from digest.render import load_theme, render
from digest.resources import search_path

if TYPE_CHECKING:
    from pathlib import Path

    from digest.models.compositions import Rendered
    from digest.models.issues import Issue
    from digest.models.stories import Story
    from digest.render import Theme


def _numbered(story: Story, number: int) -> Story:
    name = f"{story.id}-{number}"
    return replace(story, id=name, article=replace(story.article, id=name))


def _long(issue: Issue, copies: int) -> Issue:
    """Return the issue as long as a newspaper's: every story of each section several times."""
    stories = tuple(_numbered(one, number) for number in range(copies) for one in issue.stories)

    def more(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{one}-{number}" for number in range(copies) for one in ids)

    sections = tuple(
        replace(
            one,
            top=copies * 2,
            latest=copies * 2,
            by_score=more(one.by_score),
            by_date=more(one.by_date),
            scores=one.scores * copies,
        )
        for one in issue.sections
    )
    return replace(issue, stories=stories, sections=sections)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One issue's mail, as every server takes it and as one with 8BITMIME does, and its parts."""

    rendered: Rendered
    encoded: bytes
    as_it_is: bytes
    parts: int


def _weighed(issue: Issue, theme: Theme) -> _Weighed:
    whole = compose(issue, frozenset())
    assert whole is not None
    rendered = render(issue, [whole], theme, "samplenonce")[whole.variant]
    headers = ListHeaders(
        from_header=issue.from_header,
        reply_to="",
        list_id="daily.news.example",
        list_title=issue.edition_title,
        date=issue.slot.at,
        feedback_id="2026-11-23:daily:digest:news.example",
    )
    values = sample_values(issue)(sample_recipient(rendered.variant))
    signed = {name: f"{link}/{'s' * 90}" for name, link in values.items()}  # as long as real ones

    def mail(*, eight_bit: bool) -> bytes:
        compiled = compile_message(rendered, headers, eight_bit=eight_bit)
        message_id = name_message("daily/2026-11-23", "reader", "news.example")
        return compiled.join(signed, "reader@recipient.example", "", message_id)

    parts = sum(len(part.encode()) for part in filled(rendered, signed))
    return _Weighed(rendered, mail(eight_bit=False), mail(eight_bit=True), parts)


@pytest.mark.parametrize("theme", ["frontpage", "briefing", "letter", "plain"])
@pytest.mark.parametrize("language", ["ja", "uk", "ar"])
def test_an_issue_of_any_script_weighs_at_most_1_4_times_its_utf8(
    tmp_path: Path, theme: str, language: str
) -> None:
    """From the sample issue to a newspaper: what any server takes against the mail unencoded.

    Against its two parts alone, without header and MIME, the same holds from 60 kB on.
    """
    loaded = load_theme(theme, search_path(tmp_path))
    sample = sample_issue(theme, language)
    for issue in (sample, _long(sample, 3), _long(sample, 7)):
        mail = _weighed(issue, loaded)
        assert mail.encoded.isascii()
        assert mail.as_it_is.count(b"Content-Transfer-Encoding: 8bit") == 2
        assert len(mail.encoded) <= 1.4 * len(mail.as_it_is)
        assert len(mail.encoded) <= 1.385 * mail.parts + 1200
        assert len(mail.as_it_is) <= 1.03 * mail.parts + 1200
        assert mail.parts < 60_000 or len(mail.encoded) <= 1.4 * mail.parts
        for data in (mail.encoded, mail.as_it_is):
            assert max(map(len, data.split(b"\r\n"))) <= 998
            read = message_from_bytes(data, policy=policy.default.clone(raise_on_defect=True))
            assert str(read["Subject"]) == mail.rendered.subject
