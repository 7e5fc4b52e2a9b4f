"""Pieces → the plain text part."""

from __future__ import annotations

from digest.render.text import joined


def test_pieces_are_joined_with_at_most_one_empty_line() -> None:
    """Templates may be generous with lines; the reader's screen is not."""
    assert joined(["\n\nA\n\n\n", "\n\nB  \n", "C\n\n"]) == "A\n\nB\nC\n"
