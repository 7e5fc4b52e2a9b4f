"""How long what is kept of an article may be: characters, or how many."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lengths:
    """`item` is how much of an item's own HTML is read; the others are what is kept of it."""

    excerpt: int = 240
    title: int = 300
    author: int = 120
    authors: int = 3
    tag: int = 60
    tags: int = 20
    item: int = 400_000


USUAL = Lengths()
