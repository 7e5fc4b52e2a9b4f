"""Numbers in sentences for operators, who read English: "1 article", "2 articles"."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Say how many: `many` is the word for several, `one` with an s if it is not given."""
    return f"{number} {one if number == 1 else many or one + 's'}"
