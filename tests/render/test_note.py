"""The editor's note: a little Markdown, and nothing that is active."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from digest.models.editors import EditorsNote
from digest.render.note import note_view


def _markup(text: str) -> str:
    view = note_view(EditorsNote(text))
    return "|".join(view.paragraphs) if view else ""


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("One.\n\nTwo\nlines.", "One.|Two lines."),
        ("**strong** and *soft*", "<b>strong</b> and <i>soft</i>"),
        ("snake_case_name stays", "snake_case_name stays"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("<b>&</b>", "&lt;b&gt;&amp;&lt;/b&gt;"),
        (
            "[a *list*](https://news.example/?a=1&b=2)",
            '<a href="https://news.example/?a=1&amp;b=2" class="ink">a <i>list</i></a>',
        ),
        ("[x](javascript:alert)", "x"),
        ("see https://news.example/a_b_c", "see https://news.example/a_b_c"),
    ],
)
def test_a_little_markdown_is_understood(text: str, markup: str) -> None:
    """Paragraphs, emphasis and links; the rest is text."""
    assert _markup(text) == markup


def test_the_text_part_names_the_address() -> None:
    """A link's address stands after its words, a bad one is left out."""
    view = note_view(EditorsNote("**Read** [this](https://news.example/x) or [that](ftp:x).", "Mo"))
    assert view
    assert view.lines == ("Read this <https://news.example/x> or that.",)
    assert view.byline == "Mo"


@pytest.mark.parametrize("note", [None, EditorsNote(""), EditorsNote(" \n\n ")])
def test_an_empty_note_is_none(note: EditorsNote | None) -> None:
    """No heading without a word below it."""
    assert note_view(note) is None


@given(
    st.text(st.characters(codec="utf-8"), max_size=60)
    | st.text("*_[]()<>\"'& ahref:/", max_size=60)
)
def test_no_note_becomes_active(text: str) -> None:
    """Only b, i and a with a checked address come out, whatever goes in."""
    page = LexborHTMLParser(f"<div>{_markup(text)}</div>")
    assert {node.tag for node in page.css("body *")} <= {"div", "b", "i", "a"}
    for node in page.css("a"):
        assert (node.attributes.get("href") or "").startswith(("http://", "https://", "mailto:"))
        assert set(node.attributes) == {"href", "class"}
