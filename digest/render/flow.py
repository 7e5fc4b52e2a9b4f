"""One variant as a sequence of pieces: the theme's flow says which, each piece is rendered once.

A piece is a block ("lead" of story 7) or one half of a frame ("page", what stands before and
after what is inside). The flow itself writes nothing, so a variant is its pieces and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal

from jinja2.runtime import Macro

from digest.errors import RenderError
from digest.render.environment import safe_markup, tightened
from digest.render.theme import Theme
from digest.render.views import SectionHead, StoryView, VariantView

Kind = Literal["html", "txt"]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a slice is known by: "open", "close" or "block", a name, and what it was called with."""

    part: Literal["open", "close", "block"]
    name: str
    given: Hashable


class Flow:
    """Renders the pieces of one issue in one language and one kind, each once, as flows ask."""

    def __init__(
        self, theme: Theme, kind: Kind, values: dict[str, object], inside_token: str
    ) -> None:
        """Take what every template of the issue may use; `inside_token` marks a frame's inside."""
        self.sources: dict[Piece, str] = {}
        self._theme = theme
        self._kind = kind
        self._values = values
        self._inside = inside_token
        self._pieces: list[Piece] = []

    def pieces(self, variant: VariantView) -> tuple[Piece, ...]:
        """Give the variant's pieces in order. Raises RenderError of the template at fault."""
        self._pieces = []
        name = f"flow.{self._kind}"
        offered: dict[str, object] = {
            "variant": variant, "lead": variant.lead, "sections": variant.sections,
            "block": self._block, "frame": self._frame,
        }  # fmt: skip
        about = f'variant "{variant.variant}"'
        written = self._theme.templates.render(name, {**self._values, **offered}, about)
        self._silent(written, name)
        return tuple(self._pieces)

    def _block(self, name: str, **given: object) -> str:
        piece = Piece("block", name, self._known_by(name, given))
        if piece not in self.sources:
            self.sources[piece] = self._rendered("blocks", name, given)
        self._pieces.append(piece)
        return ""

    def _frame(self, name: str, caller: Macro | Callable[[], str], **given: object) -> str:
        known_by = self._known_by(name, given)
        opening, closing = Piece("open", name, known_by), Piece("close", name, known_by)
        if opening not in self.sources:
            before, after = self._halves(name, given)
            self.sources[opening], self.sources[closing] = before, after
        self._pieces.append(opening)
        self._silent(caller(), f"flow.{self._kind}")
        self._pieces.append(closing)
        return ""

    def _halves(self, name: str, given: dict[str, object]) -> tuple[str, str]:
        inside = {"inside": safe_markup(self._inside), **given}
        before, token, after = self._rendered("frames", name, inside).partition(self._inside)
        if not token or self._inside in after:
            raise RenderError(
                "a frame must say {{ inside }} exactly once",
                where=str(self._theme.templates.path(f"frames/{name}.{self._kind}")),
                fix="Put {{ inside }} where the blocks go",
            )
        return before, after

    def _rendered(self, folder: str, name: str, given: dict[str, object]) -> str:
        known = self._theme.blocks if folder == "blocks" else self._theme.frames
        if name not in known:
            raise RenderError(
                f'the flow asks for "{name}", which theme.toml does not declare',
                where=str(self._theme.templates.path(f"flow.{self._kind}")),
                fix=f"Declared {folder}: {', '.join(sorted(known))}",
            )
        file = f"{folder}/{name}.{self._kind}"
        out = self._theme.templates.render(file, {**self._values, **given}, _about(given))
        return tightened(out) if self._kind == "html" else out

    def _known_by(self, name: str, given: dict[str, object]) -> Hashable:
        """Name a call by its arguments. Only such that are the same in every variant may be given.

        A whole section is not: a block rendered for one variant would show its stories in another.
        """
        for key, value in given.items():
            if not isinstance(value, StoryView | SectionHead | str | int):
                raise RenderError(
                    f'"{name}" is given {key}, which may differ from variant to variant',
                    where=str(self._theme.templates.path(f"flow.{self._kind}")),
                    fix="Give it a story, a section's head (section.head), a text or a number",
                )
        return tuple((key, _identity(value)) for key, value in sorted(given.items()))

    def _silent(self, written: str, name: str) -> None:
        """Refuse text of the flow's own: it would belong to no piece and be lost."""
        if stray := written.strip():
            raise RenderError(
                f'the flow writes "{stray[:60]}" outside any block',
                where=str(self._theme.templates.path(name)),
                fix="Move it into a block or a frame",
            )


def _identity(value: object) -> Hashable:
    if isinstance(value, StoryView | SectionHead):
        return (type(value).__name__, value.id)
    return (type(value).__name__, str(value))


def _about(given: dict[str, object]) -> str:
    """Say which values a template had in hand, for a person."""
    said = (f'{key} "{_title(value)}"' for key, value in sorted(given.items()) if key != "inside")
    return ", ".join(said)


def _title(value: object) -> str:
    return value.title if isinstance(value, StoryView | SectionHead) else str(value)
