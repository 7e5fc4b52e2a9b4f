"""Pieces → inlined slices."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import RenderError
from digest.models.compositions import Composition
from digest.models.issues import Issue
from digest.render import Renderer, Theme, hole_tokens, render
from digest.render.environment import safe_markup
from digest.render.flow import Flow
from digest.render.html import inlined, together
from digest.render.pieces import Piece
from digest.render.views import Viewer

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom

_SECTIONS = ("world", "culture", "tech")
_TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&\"' \n{}%א"), max_size=60
)


def _directly(newsroom: Newsroom, issue: Issue, composition: Composition, theme: Theme) -> str:
    """Render and inline one variant as a whole document, without any cutting."""
    viewer = Viewer(issue, composition.language)
    variant = viewer.variant(composition)
    values: dict[str, object] = {
        "edition": viewer.edition,
        "words": viewer.words,
        "css": lambda name: safe_markup(theme.head_css[name]),
        "colour": theme.palette,
        "hole": hole_tokens(theme, newsroom.nonce),
        "subject": variant.subject,
        "preheader": variant.preheader,
    }
    flow = Flow(theme, "html", values, "insidedirectly")
    pieces = flow.pieces(variant)
    return inlined(theme, "".join(flow.sources[piece] for piece in pieces))


@st.composite
def _compositions(draw: st.DrawFn, newsroom: Newsroom) -> list[Composition]:
    """Draw an issue's compositions: random sets of sections, stories, roles and texts."""
    texts = {
        (name, number): draw(_TEXT)
        for name in _SECTIONS
        for number in range(3)
    }  # fmt: skip
    stories = {
        key: newsroom.story(key[0], key[1], title=text or "x", excerpt=text, author=text[:9])
        for key, text in texts.items()
    }
    made = []
    subsets = draw(st.lists(st.permutations(_SECTIONS), min_size=1, max_size=4))
    for index, order in enumerate(subsets):
        chosen = order[: draw(st.integers(1, 3))]
        parts = []
        for name in chosen:
            mixed = draw(st.permutations([stories[name, number] for number in range(3)]))
            cut = draw(st.integers(0, 3))
            part = newsroom.section(name, f"<{name}> & more", mixed[:cut], mixed[cut:])
            parts.append(replace(part, url=draw(st.sampled_from(["", "https://news.example/s"]))))
        lead = draw(st.none() | st.sampled_from(sorted(stories.values(), key=lambda s: s.id)))
        made.append(newsroom.composition(lead, parts, variant=f"variant{index}"))
    return made


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_sliced_variant_is_the_variant_rendered_directly(
    data: st.DataObject, newsroom: Newsroom, frontpage: Theme
) -> None:
    """Byte for byte, whatever other variants were rendered with it or before it."""
    compositions = data.draw(_compositions(newsroom))
    issue = newsroom.issue(newsroom.everything())
    rendered = render(issue, compositions, frontpage, newsroom.nonce)
    renderer = Renderer(issue, frontpage, newsroom.nonce)
    for composition in compositions:
        direct = _directly(newsroom, issue, composition, frontpage)
        assert rendered[composition.variant].html == direct
        after_others = renderer.render([composition])
        assert after_others[composition.variant] == rendered[composition.variant]


def _pieces(text: str) -> list[Piece]:
    """Read "<a b c>" as frame a with the blocks b and c inside it."""
    pieces: list[Piece] = []
    frames: list[str] = []
    for token in re.findall(r"<\w|\w|>", text):
        if token == ">":
            pieces.append(Piece("close", frames.pop(), ()))
        elif token[0] == "<":
            frames.append(token[1])
            pieces.append(Piece("open", token[1], ()))
        else:
            pieces.append(Piece("block", token, ()))
    return pieces


@pytest.mark.parametrize(
    ("sequences", "expected"),
    [
        (["<p a b>"], "<p a b>"),
        (["<p a b>", "<p b c>"], "<p a b c>"),
        (["<p <f a>>", "<p <f a b> c>"], "<p <f a> <f b> c>"),
        (["<p <f <g a>>>", "<p <f <g a> <h b>>>"], "<p <f <g a>> <f <h b>>>"),
        (["<p <f a> b>", "<p <f a> b>"], "<p <f a> b>"),
    ],
)
def test_sequences_are_woven_into_one_well_formed_document(
    sequences: list[str], expected: str
) -> None:
    """Each piece is there, frames come along with what is new, nothing comes twice for nothing."""
    woven = together([_pieces(text) for text in sequences])
    assert [piece for piece, _ in woven] == _pieces(expected)
    assert {piece for piece, first in woven if first} == {
        piece for text in sequences for piece in _pieces(text)
    }


def test_variants_in_different_pages_cannot_share_a_document() -> None:
    """A theme has one outermost frame."""
    with pytest.raises(RenderError, match="outermost frame"):
        together([_pieces("<p a>"), _pieces("<q a>")])


def test_conditional_comments_survive(newsroom: Newsroom, frontpage: Theme) -> None:
    """Outlook's ghost columns come out as they went in, each opened and closed."""
    composition = newsroom.everything()
    html = render(newsroom.issue(composition), [composition], frontpage, newsroom.nonce)["all"].html
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->")
    assert '<td width="384" valign="top">' in html
    assert "<o:PixelsPerInch>96</o:PixelsPerInch>" in html
    assert inlined(
        frontpage, "<html><body><!--[if !mso]><!--><p>a</p><!--<![endif]--></body></html>"
    ).endswith("<body><!--[if !mso]><!--><p>a</p><!--<![endif]--></body></html>")


def test_css_does_not_touch_the_attributes_outlook_needs(frontpage: Theme) -> None:
    """`width: 100%` for phones leaves the width in pixels for Outlook as it is."""
    html = inlined(
        frontpage,
        '<html><body><img class="picture idle fill" width="560" height="373" alt=""></body></html>',
    )
    assert 'width="560" height="373"' in html
    assert "width:100%" in html
    assert 'class="fill"' in html


def test_dressing_by_look_gives_what_premailer_gives_each_element(
    newsroom: Newsroom, frontpage: Theme
) -> None:
    """The same bytes as with a sheet whose selectors keep premailer at every element."""
    far = replace(frontpage, inline_css=f"{frontpage.inline_css}\n.a .b {{ color: #000000 }}\n")
    composition = newsroom.everything()
    issue = newsroom.issue(composition)
    assert render(issue, [composition], far, newsroom.nonce) == render(
        issue, [composition], frontpage, newsroom.nonce
    )


def test_a_selector_that_looks_around_still_works(frontpage: Theme) -> None:
    """A descendant selector reaches only what stands there."""
    theme = replace(frontpage, inline_css=".a p { color: #a00 }")
    html = inlined(theme, '<html><body><div class="a"><p>x</p></div><p>y</p></body></html>')
    assert '<p style="color:#a00">x</p></div><p>y</p>' in html


def test_the_documents_head_is_kept_as_it_is(newsroom: Newsroom, frontpage: Theme) -> None:
    """Media queries and dark mode reach the reader word for word."""
    composition = newsroom.everything()
    html = render(newsroom.issue(composition), [composition], frontpage, newsroom.nonce)["all"].html
    for css in frontpage.head_css.values():
        assert f"<style>{css}</style>" in html
    assert "data-premailer" not in html
