"""Facts of blocks, summed for a mail, are the facts of the whole mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.models.compositions import Composition, Rendered
from digest.render import load_theme, render, themes_in
from digest.render.lint import Expectations, KnownBlocks, Mail, lint_ends
from digest.render.lint.elements import parsed
from digest.render.lint.facts import PageFacts, facts_of

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom

THEMES = ("briefing", "frontpage", "letter", "plain")
PIECES = (
    *("<div>", "</div>", '<div style="display:none">', "<p>", "</p>", "<table><tr><td>"),
    *("</td></tr></table>", "<b>", "</b>", "<h2>", "</h2>", '<a href="https://x.example">', "</a>"),
    *("<h3><a href=' /y '>why", "</a></h3>", "<style>p{}", "</style>", "<!-- quiet", "-->", "word"),
    *("two words ", " \n", "&am", "p;", "<di", "v>", "<title>t", "</title>", "</body></html>"),
    *("<?x y>", "<!--edge of a block-->"),
)
BREAKS = (
    ("Quay Street", "Other Street"),
    ("unsubscribeurl", "viewurl"),
    ("https://news.example/world/1/", "https://news.example/gone/"),
    ("<a ", '<a style="display:none" '),
    ("<table", '<table style="mso-hide:all"'),
    ("</a>", ""),
    ("</td>", "</div>"),
    ("Also today", "Later"),
    ("<h", "<h2><h"),
    ("<body", "<i"),
)


def variants(newsroom: Newsroom) -> list[Composition]:
    """Return a composition for each choice of sections, all of one issue."""
    whole = newsroom.everything()
    return [
        replace(
            whole,
            variant="+".join(part.id for part in parts),
            sections=parts,
            preheader=f"{whole.preheader} and {len(parts)} sections",
        )
        for count in (3, 2, 1)
        for parts in combinations(whole.sections, count)
    ]


def rendered(newsroom: Newsroom, themes: Path, theme: str, language: str) -> list[Rendered]:
    """Render each of them in a theme and a language."""
    chosen = [replace(part, language=language) for part in variants(newsroom)]
    issue = newsroom.issue(newsroom.everything(), language)
    made = render(issue, chosen, load_theme(theme, [themes]), newsroom.nonce)
    return [made[part.variant] for part in chosen]


def same(one: PageFacts, other: PageFacts) -> bool:
    """Compare them; where a run of text is cut means nothing."""
    words, others = (" ".join(" ".join(facts.shown).split()) for facts in (one, other))
    texts = "".join(one.texts) == "".join(other.texts)
    return (one.links, one.headlines, words) == (other.links, other.headlines, others) and texts


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", ["en", "he"])
def test_every_variant_has_the_facts_of_its_whole_page(
    newsroom: Newsroom, themes: Path, theme: str, language: str
) -> None:
    """In every theme all blocks can be read one by one, and most of them are known before."""
    assert set(THEMES) == set(themes_in([themes]))
    known = KnownBlocks()
    for mail in rendered(newsroom, themes, theme, language):
        assert "".join(mail.blocks) == mail.html
        summed = known.facts(mail.blocks)
        assert summed is not None
        assert same(summed, facts_of(parsed(mail.html)))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("old", "new"), BREAKS)
def test_broken_blocks_are_found_as_in_the_whole_mail(
    newsroom: Newsroom, themes: Path, theme: str, old: str, new: str
) -> None:
    """Whatever is broken in a block, each variant is refused for what the whole is refused for."""
    known = KnownBlocks()
    for mail, part in zip(rendered(newsroom, themes, theme, "en"), variants(newsroom), strict=True):
        for broken in (slice(None), slice(1), slice(-1, None), slice(2, 3)):
            blocks = list(mail.blocks)
            blocks[broken] = [one.replace(old, new) for one in blocks[broken]]
            whole = Mail("".join(blocks), mail.text, mail.subject, part.preheader)
            want = Expectations(
                tuple((story.article.title, story.article.url) for story in part.stories),
                next(token for token, hole in mail.holes.items() if hole == "unsubscribe_url"),
                "1 Quay Street, Saltmouth",
            )
            by_blocks = lint_ends(replace(whole, blocks=tuple(blocks)), want, known)
            assert by_blocks == lint_ends(whole, want)


@example(pieces=["-->", "-->"], cuts=[1])
@example(pieces=["<div>", "<div>", "</body></html>", "-->", "-->"], cuts=[4])
@example(pieces=["word", "</div>", "word"], cuts=[1, 2])
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=14),
    cuts=st.lists(st.integers(0, 14), max_size=5),
)
def test_no_cut_makes_other_facts(pieces: Sequence[str], cuts: Sequence[int]) -> None:
    """Blocks of any markup, cut anywhere, have the facts of the whole, or are read as a whole."""
    start = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>'
    blocks = [start]
    for number, piece in enumerate(pieces):
        if number in cuts:
            blocks.append("")
        blocks[-1] += piece
    known = KnownBlocks()
    for _ in range(2):
        summed = known.facts(blocks)
        assert summed is None or same(summed, facts_of(parsed("".join(blocks))))


def test_everything_between_tags_is_read() -> None:
    """Words behind an instruction, and behind a comment as ours are, can be seen."""
    said = "<p>one<?x y>two<!--edge of a block-->three</p>"
    assert "".join(facts_of(parsed(f"<html><body>{said}</body></html>")).shown) == "onetwothree"


def test_blocks_of_another_page_do_not_count() -> None:
    """A page that is not its blocks joined is read as it is."""
    page = '<html><body><p><a href="https://x.example/u">Bye</a></p></body></html>'
    want = Expectations(unsubscribe_url="https://x.example/u")
    mail = Mail(page, blocks=("<html><body>", "</body></html>"))
    assert lint_ends(mail, want, KnownBlocks()) == ()
