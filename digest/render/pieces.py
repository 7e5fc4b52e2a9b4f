"""The pieces of a mail: known, known by what they were called with, and runs of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digest.render.views import SectionHead, SectionView, StoryView


@dataclass(frozen=True, slots=True)
class Piece:
    """The key of a slice: "open", "close" or "block", a name, and what it was called with."""

    part: Literal["open", "close", "block"]
    name: str
    given: tuple[tuple[str, tuple[str, str]], ...]
    """The arguments of a call: by argument, what kind of value and which one."""

    @property
    def story(self) -> str:
        """Name the story that leaves a page with this piece; "" for one that tells of none."""
        if self.part != "block":
            return ""
        return next((which for _, (kind, which) in self.given if kind == StoryView.__name__), "")


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Pieces that always stand together, in every variant that has the same values there."""

    pieces: tuple[Piece, ...]


def identity(value: object) -> tuple[str, str]:
    """Name a value that a piece was called with: its kind, and which one it is."""
    if isinstance(value, StoryView):
        return (type(value).__name__, value.id)
    if isinstance(value, SectionHead):
        return (type(value).__name__, f"{value.id} {value.url}")
    return (type(value).__name__, str(value))


def about(given: dict[str, object]) -> str:
    """Say which values a template had in hand, for a person."""
    said = (f'{key} "{_title(value)}"' for key, value in sorted(given.items()) if key != "inside")
    return ", ".join(said)


def _title(value: object) -> str:
    if isinstance(value, SectionView):
        return value.head.title
    return value.title if isinstance(value, StoryView | SectionHead) else str(value)
