"""Pieces → the plain text part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.render.text import Chunk, assembled, chunk, joined

_LINES = st.text(st.sampled_from("a \t\n"), max_size=12).map(lambda text: f"{text}\n") | st.just("")


def test_pieces_are_joined_with_at_most_one_empty_line() -> None:
    """Templates may be generous with lines; the reader's screen is not."""
    assert joined(["\n\nA\n\n\n", "\n\nB  \n", "C\n\n"]) == "A\n\nB\nC\n"


@given(st.lists(_LINES, max_size=6))
def test_chunks_tidied_once_are_joined_as_if_all_were_tidied(texts: list[str]) -> None:
    """Only the ends of a chunk meet other text, so only they are looked at."""
    chunks = [chunk(text) for text in texts]
    assert assembled(one for one in chunks if one is not None) == joined(texts)
    assert None not in chunks


def test_a_line_that_goes_on_is_no_chunk() -> None:
    """Whether its trailing space stays depends on what comes after."""
    assert chunk("Latest: ") is None
    assert chunk("Latest\n\n") == Chunk(0, "Latest", 2)
