"""One variant as a sequence of pieces: the theme's flow says which, each piece is rendered once.

A piece is a block ("lead" of story 7) or one half of a frame ("page", what stands before and
after what is inside). The flow itself writes nothing, so a variant is its pieces and no more. A
part is a flow of its own for what it is given, such as one section: its pieces are remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Literal

from jinja2.runtime import Macro

from digest.errors import RenderError
from digest.render.environment import safe_markup, tightened
from digest.render.pieces import Piece, Run, about, identity
from digest.render.shape import (
    SectionStandIn,
    Shape,
    StandIn,
    Step,
    StepKind,
    Value,
    shape_of,
    stand_in,
    step,
    values_of,
)
from digest.render.theme import Theme
from digest.render.views import SectionHead, SectionView, StoryView, VariantView

Kind = Literal["html", "txt"]
_WHOLE = (SectionView, SectionStandIn)
_SHARED = (StoryView, SectionHead, StandIn, str, int)
_Take = Callable[[StepKind, str, dict[str, object]], None]


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where variants differ: `pick` takes a variant's values, `known` are their runs.

    Places that ask for the same share `known`.
    """

    step: Step
    pick: Callable[[Sequence[Value | None]], object]
    known: dict[object, Run]


@dataclass(slots=True)
class Flow:
    """Renders the pieces of one issue in one language and one kind, each once, as flows ask.

    `values` is what every template of the issue may use, `inside_token` marks a frame's inside.
    `sources` are the pieces as rendered; `fresh` are the sequences that brought something new and
    were not taken yet.
    """

    theme: Theme
    kind: Kind
    values: Mapping[str, object]
    inside_token: str
    sources: dict[Piece, str] = field(default_factory=dict)
    fresh: list[tuple[Piece, ...]] = field(default_factory=list)
    _plans: dict[Shape, list[Run | _Place] | None] = field(default_factory=dict)
    _known: dict[Hashable, dict[object, Run]] = field(default_factory=dict)
    _runs: dict[Hashable, Run] = field(default_factory=dict)

    def runs(self, variant: VariantView) -> list[Run]:
        """Return the variant as runs, in order. Raises RenderError of the template at fault."""
        before = len(self.sources)
        plan = self._plan_of(variant)
        if plan is None:
            runs = [self._once(piece, (piece,)) for piece in self.pieces(variant)]
        else:
            values = values_of(variant)
            runs = [
                one
                if isinstance(one, Run)
                else one.known.get(one.pick(values)) or self._resolved(one, values)
                for one in plan
            ]
        if len(self.sources) > before:
            self.fresh.append(tuple(piece for run in runs for piece in run.pieces))
        return runs

    def taken(self) -> list[tuple[Piece, ...]]:
        """Return the sequences that brought something new since this was last asked."""
        fresh, self.fresh = self.fresh, []
        return fresh

    def pieces(self, variant: VariantView) -> tuple[Piece, ...]:
        """Return the variant's pieces in order, by running the flow for this very variant."""
        pieces: list[Piece] = []
        offered = {"variant": variant, "lead": variant.lead, "sections": variant.sections}
        self._walk(
            f"flow.{self.kind}", offered, self._into(pieces), lambda: f'variant "{variant.variant}"'
        )
        return tuple(pieces)

    def _plan_of(self, variant: VariantView) -> list[Run | _Place] | None:
        """Return the plan of the variant's shape, or None where the flow looks into the variant."""
        shape = shape_of(variant)
        if shape not in self._plans:
            steps = self._noted(shape)
            self._plans[shape] = None if steps is None else list(self._planned(steps))
        return self._plans[shape]

    def _noted(self, shape: Shape) -> list[Step] | None:
        """Run the flow with stand-ins and note what it asks for.

        A fault is not told here: with a real variant in hand it is told better.
        """
        steps: list[Step] = []
        some = stand_in(shape)

        def note(kind: StepKind, name: str, given: dict[str, object]) -> None:
            self._check(kind, name, given)
            steps.append(step(kind, name, given))

        offered = {"variant": some, "lead": some.lead, "sections": some.sections}
        try:
            self._walk(f"flow.{self.kind}", offered, note, lambda: "any variant")
        except RenderError:
            return None
        return steps

    def _planned(self, steps: Sequence[Step]) -> Iterator[Run | _Place]:
        """Yield a run for neighbours that are the same in every variant, a place for each other."""
        for differs, neighbours in groupby(steps, lambda one: bool(one.places)):
            if differs:
                for one in neighbours:
                    known = self._known.setdefault(one.asked, {})
                    yield _Place(one, itemgetter(*one.places), known)
            else:
                fixed = tuple(neighbours)
                pieces = [piece for one in fixed for piece in self._asked(one, ())]
                yield self._once(tuple(one.asked for one in fixed), tuple(pieces))

    def _resolved(self, place: _Place, values: Sequence[Value | None]) -> Run:
        """Return the run of a place with these values for the first time; places alike share it."""
        found = tuple(values[index] for index in place.step.places)
        run = place.known[place.pick(values)] = Run(tuple(self._asked(place.step, found)))
        return run

    def _asked(self, one: Step, found: Sequence[Value | None]) -> list[Piece]:
        """Return the pieces of a step whose values were found."""
        given: dict[str, object] = {**dict(one.fixed), **dict(zip(one.names, found, strict=True))}
        pieces: list[Piece] = []
        self._into(pieces)(one.kind, one.name, given)
        return pieces

    def _once(self, known_by: Hashable, pieces: tuple[Piece, ...]) -> Run:
        if known_by not in self._runs:
            self._runs[known_by] = Run(pieces)
        return self._runs[known_by]

    def _walk(
        self, template: str, offered: Mapping[str, object], take: _Take, about: Callable[[], str]
    ) -> None:
        """Run a flow or a part; `take` is told everything it asks for, in order."""

        def block(name: str, **given: object) -> str:
            take("block", name, given)
            return ""

        def frame(name: str, caller: Macro | Callable[[], str], **given: object) -> str:
            take("open", name, given)
            self._silent(caller(), template)
            take("close", name, given)
            return ""

        def part(name: str, **given: object) -> str:
            take("part", name, given)
            return ""

        calls = {"block": block, "frame": frame, "part": part}
        written = self.theme.templates.render(template, {**self.values, **offered, **calls}, about)
        self._silent(written, template)

    def _into(self, pieces: list[Piece]) -> _Take:
        """Return what turns everything asked for into pieces, rendered if they are new."""

        def take(kind: StepKind, name: str, given: dict[str, object]) -> None:
            self._check(kind, name, given)
            if kind == "part":
                self._declared("part", name)
                self._walk(f"parts/{name}.{self.kind}", given, take, partial(about, given))
            else:
                pieces.append(self._piece(kind, name, given))

        return take

    def _piece(
        self, kind: Literal["open", "close", "block"], name: str, given: dict[str, object]
    ) -> Piece:
        known_by = tuple((key, identity(value)) for key, value in sorted(given.items()))
        piece = Piece(kind, name, known_by)
        if piece not in self.sources:
            if kind == "block":
                self.sources[piece] = self._rendered("block", name, given)
            else:
                before, after = self._halves(name, given)
                self.sources[Piece("open", name, known_by)] = before
                self.sources[Piece("close", name, known_by)] = after
        return piece

    def _halves(self, name: str, given: dict[str, object]) -> tuple[str, str]:
        inside = {"inside": safe_markup(self.inside_token), **given}
        before, token, after = self._rendered("frame", name, inside).partition(self.inside_token)
        if not token or self.inside_token in after:
            raise RenderError(
                "a frame must say {{ inside }} exactly once",
                where=str(self.theme.templates.path(f"frames/{name}.{self.kind}")),
                fix="Put {{ inside }} where the blocks go",
            )
        return before, after

    def _rendered(
        self, what: Literal["block", "frame"], name: str, given: dict[str, object]
    ) -> str:
        self._declared(what, name)
        file = f"{what}s/{name}.{self.kind}"
        out = self.theme.templates.render(file, {**self.values, **given}, partial(about, given))
        return tightened(out) if self.kind == "html" else out

    def _declared(self, what: Literal["block", "frame", "part"], name: str) -> None:
        known = {"block": self.theme.blocks, "frame": self.theme.frames, "part": self.theme.parts}
        if name not in known[what]:
            raise RenderError(
                f'the flow asks for "{name}", which theme.toml does not declare',
                where=str(self.theme.templates.path(f"flow.{self.kind}")),
                fix=f"Declared {what}s: {', '.join(sorted(known[what])) or 'none'}",
            )

    def _check(self, kind: StepKind, name: str, given: dict[str, object]) -> None:
        """Refuse arguments that may differ from variant to variant.

        A whole section is for parts: a block rendered for one variant would show its stories in
        another.
        """
        for key, value in given.items():
            whole, known = isinstance(value, _WHOLE), isinstance(value, _SHARED)
            if kind != "part" if whole else not known:
                raise RenderError(
                    f'"{name}" is given {key}, which may differ from variant to variant',
                    where=str(self.theme.templates.path(f"flow.{self.kind}")),
                    fix="Give it a story, a section's head (section.head), a text or a number",
                )

    def _silent(self, written: str, name: str) -> None:
        """Refuse text of the flow's own: it would belong to no piece and be lost."""
        if stray := written.strip():
            raise RenderError(
                f'the flow writes "{stray[:60]}" outside any block',
                where=str(self.theme.templates.path(name)),
                fix="Move it into a block or a frame",
            )
