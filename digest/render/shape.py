"""A flow run once for all variants of one shape: what it asks for, not what it is asked with.

Which blocks a variant is made of depends on little: whether there is a lead, and how many sections
there are. So the flow is run with stand-ins that may be handed on to blocks, frames and parts but
not looked into, and what it asked for is remembered as steps. A flow that looks all the same is
run for each variant: slower, and just as right.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal, NoReturn

from digest.render.views import SectionHead, SectionView, StoryView, VariantView

StepKind = Literal["open", "close", "block", "part"]
Value = StoryView | SectionView | SectionHead | str | int
Shape = tuple[bool, int]
"""Whether there is a lead, and how many sections."""
_LEADING = 2  # lead and its section stand before the sections and their heads


class Looked(Exception):
    """A flow looked into a stand-in."""


def _looked(*_: object) -> NoReturn:
    raise Looked


class StandIn:
    """Stands for a value of the variant; may be handed on and nothing else.

    `place` says where the value is among a variant's `values_of`.
    """

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place

    __getattr__ = __getitem__ = __eq__ = __hash__ = _looked
    __str__ = __len__ = __iter__ = __contains__ = _looked


class TextStandIn(StandIn):
    """Stands for a text, which may be empty: asking whether it is would be looking."""

    __slots__ = ()

    __bool__ = _looked


class StoryStandIn(StandIn):
    """Stands for a story or a head, which is always there."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """Be there, as what it stands for is."""
        return True


class SectionStandIn(StoryStandIn):
    """Stands for a section: its head may be handed on, its stories may not be looked at."""

    __slots__ = ("head",)

    def __init__(self, number: int) -> None:
        super().__init__(_LEADING + 2 * number)
        self.head = StoryStandIn(_LEADING + 2 * number + 1)


@dataclass(frozen=True, slots=True)
class VariantStandIn:
    """A placeholder for a variant: it has its shape and nothing else."""

    lead: StoryStandIn | None
    lead_section: TextStandIn
    sections: tuple[SectionStandIn, ...]

    __getattr__ = _looked


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a flow asked for.

    `fixed` are the arguments that are the same in every variant of the shape; `names` are those
    that each variant has at a place of its own, one of `places` for each.
    """

    kind: StepKind
    name: str
    fixed: tuple[tuple[str, Value], ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[int, ...] = ()

    @property
    def asked(self) -> Hashable:
        """Name what is asked for, wherever its values are found."""
        typed = tuple((key, type(value).__name__, value) for key, value in self.fixed)
        return self.kind, self.name, typed, self.names


def shape_of(variant: VariantView) -> Shape:
    """Return the variant's shape: variants of one shape have the same steps."""
    return variant.lead is not None, len(variant.sections)


def stand_in(shape: Shape) -> VariantStandIn:
    """Return what stands for any variant of the shape."""
    led, count = shape
    return VariantStandIn(
        lead=StoryStandIn(0) if led else None,
        lead_section=TextStandIn(1),
        sections=tuple(SectionStandIn(number) for number in range(count)),
    )


def step(kind: StepKind, name: str, given: dict[str, object]) -> Step:
    """Note what a flow asked for with these arguments; their kinds were checked before."""
    found = {key: value.place for key, value in given.items() if isinstance(value, StandIn)}
    fixed = sorted((key, value) for key, value in given.items() if key not in found)
    names = tuple(sorted(found))
    return Step(kind, name, tuple(fixed), names, tuple(found[key] for key in names))  # type: ignore[arg-type]


def values_of(variant: VariantView) -> list[Value | None]:
    """Return what may differ between variants of one shape, in the order of the placeholders."""
    values: list[Value | None] = [variant.lead, variant.lead_section]
    for section in variant.sections:
        values += (section, section.head)
    return values
