"""Issue → HTML and text, through the front door."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from digest.errors import RenderError
from digest.models.compositions import Rendered
from digest.render import Theme, render

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom


def _rendered(newsroom: Newsroom, theme: Theme, **article: object) -> Rendered:
    lead = newsroom.story("world", 1, **article)
    section = newsroom.section(
        "world", "World", [newsroom.story("world", 2, **article)],
        [newsroom.story("world", 3, **article)],
    )  # fmt: skip
    composition = newsroom.composition(lead, [section])
    return render(newsroom.issue(composition), [composition], theme, newsroom.nonce)["all"]


def test_the_same_issue_gives_the_same_bytes(newsroom: Newsroom, frontpage: Theme) -> None:
    """Nothing depends on a clock, a hash seed or what was rendered before."""
    composition = newsroom.everything()
    issue = newsroom.issue(composition)
    first = render(issue, [composition], frontpage, newsroom.nonce)
    assert render(issue, [composition], frontpage, newsroom.nonce) == first


def test_every_story_is_in_both_parts_once(newsroom: Newsroom, frontpage: Theme) -> None:
    """HTML and text show the same stories with the same addresses."""
    composition = newsroom.everything()
    issue = newsroom.issue(composition)
    rendered = render(issue, [composition], frontpage, newsroom.nonce)["all"]
    tree = LexborHTMLParser(rendered.html)
    headlines = [
        link.attributes["href"] for link in tree.css("a[href*='from=feed']") if link.text()
    ]
    for story in composition.stories:
        assert (
            rendered.text.count(f"\n{story.article.url}\n")
            + rendered.text.count(f"\n  {story.article.url}\n")
            == 1
        )
        assert story.article.url in headlines


def test_only_the_chosen_sections_are_shown(newsroom: Newsroom, frontpage: Theme) -> None:
    """A variant holds nothing of the other variants it was rendered with."""
    whole = newsroom.everything()
    part = replace(whole, variant="tech", lead=None, lead_section="", sections=whole.sections[2:])
    rendered = render(newsroom.issue(whole), [whole, part], frontpage, newsroom.nonce)
    assert list(rendered) == ["all", "tech"]
    for text in (rendered["tech"].html, rendered["tech"].text):
        assert "Tech Trends".lower() in text.lower()
        assert "Travel" not in text
        assert "/world/" not in text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}{% raw %}{{ hole.unsubscribe_url }}",
        "--><!--[if mso]><b>",
        "</style></title><style>*{display:none}",
        "&lt;b&gt; &amp;amp; ]]>",
    ],
)
def test_feed_text_is_data(newsroom: Newsroom, frontpage: Theme, text: str) -> None:
    """Whatever a feed says is shown as it was said, and does nothing."""
    rendered = _rendered(newsroom, frontpage, title=text, excerpt=text, author=text)
    plain = _rendered(newsroom, frontpage, title="x", excerpt="x", author="x")
    tree, usual = LexborHTMLParser(rendered.html), LexborHTMLParser(plain.html)
    assert tree.css("h2")[0].text(strip=True) == text
    assert text in rendered.text.replace("\n", " ")
    assert len(tree.css("*")) == len(usual.css("*"))
    assert rendered.html.count("<!--") == plain.html.count("<!--") + (
        0 if "<!--" not in text else rendered.html.count(text)
    )


def test_a_token_of_another_nonce_is_only_text(newsroom: Newsroom, frontpage: Theme) -> None:
    """A feed that imitates a hole gets no reader's address."""
    fake = "digesthole000000000000unsubscribeurl"
    rendered = _rendered(newsroom, frontpage, title=fake)
    assert fake not in rendered.holes
    assert fake in rendered.text


def test_a_feed_that_knows_the_nonce_is_refused(newsroom: Newsroom, frontpage: Theme) -> None:
    """Rather no mail than a reader's own address in somebody's headline."""
    with pytest.raises(RenderError, match="nonce"):
        _rendered(newsroom, frontpage, excerpt=f"own{newsroom.nonce}subject")


@pytest.mark.parametrize("nonce", ["", "short", "with-a-dash", "naïve1234"])
def test_a_nonce_must_survive_every_encoding(
    newsroom: Newsroom, frontpage: Theme, nonce: str
) -> None:
    """ASCII letters and digits, long enough not to be met by chance."""
    composition = newsroom.everything()
    with pytest.raises(RenderError, match="cannot mark holes"):
        render(newsroom.issue(composition), [composition], frontpage, nonce)


def test_the_holes_stand_verbatim_in_both_parts(newsroom: Newsroom, frontpage: Theme) -> None:
    """Each declared value has its token, and unsubscribing is possible at both ends of the mail."""
    rendered = _rendered(newsroom, frontpage)
    assert set(rendered.holes.values()) == {"unsubscribe_url", "preferences_url", "view_url"}
    for token, name in rendered.holes.items():
        assert re.fullmatch(r"[A-Za-z0-9]+", token)
        assert token in rendered.html
        assert token in rendered.text
        if name == "unsubscribe_url":
            assert rendered.html.index(token) < len(rendered.html) / 2
            assert rendered.html.rindex(token) > len(rendered.html) / 2


def test_subject_and_preheader_are_the_variants_own(newsroom: Newsroom, frontpage: Theme) -> None:
    """Two variants cut from one document keep their own first words."""
    whole = newsroom.everything()
    other = replace(whole, variant="other", subject="A < B & C", preheader='"quoted" \u202etext')
    rendered = render(newsroom.issue(whole), [whole, other], frontpage, newsroom.nonce)
    assert "<title>A &lt; B &amp; C</title>" in rendered["other"].html
    assert '"quoted" text' in rendered["other"].html
    assert rendered["other"].subject == "A < B & C"
    assert f"<title>{whole.subject}</title>" in rendered["all"].html


def test_no_mail_without_variants(newsroom: Newsroom, frontpage: Theme) -> None:
    """Nobody to render for is no error."""
    assert render(newsroom.issue(newsroom.everything()), [], frontpage, newsroom.nonce) == {}


def test_the_text_part_keeps_its_lines_short(newsroom: Newsroom, frontpage: Theme) -> None:
    """Only an address may be longer than 72 characters."""
    text = _rendered(newsroom, frontpage, title="long headline " * 30).text
    lines = [line for line in text.splitlines() if "://" not in line and "digesthole" not in line]
    assert max(len(line) for line in lines) <= 72


def test_two_languages_are_rendered_side_by_side(newsroom: Newsroom, frontpage: Theme) -> None:
    """Each variant is in its own language and direction."""
    whole = newsroom.everything()
    hebrew = replace(whole, variant="he", language="he")
    rendered = render(newsroom.issue(whole), [whole, hebrew], frontpage, newsroom.nonce)
    assert '<html lang="he" dir="rtl">' in rendered["he"].html
    assert '<html lang="en-GB" dir="ltr">' in rendered["all"].html


def test_a_variant_is_put_together_when_it_is_looked_at(
    newsroom: Newsroom, frontpage: Theme
) -> None:
    """Looked at twice it is the same; what is kept are the pieces, not the pages."""
    part = newsroom.everything()
    rendered = render(newsroom.issue(part), [part], frontpage, newsroom.nonce)
    assert list(rendered) == [part.variant]
    assert len(rendered) == 1
    assert rendered[part.variant] == rendered[part.variant]
    assert rendered[part.variant] is not rendered[part.variant]
