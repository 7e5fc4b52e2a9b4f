"""What rendering hands out: an issue's variants, and pages of which only the size is asked yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.models.compositions import Rendered
from digest.render.assembly import Assembly
from digest.render.pieces import Run
from digest.render.views import VariantView


class RenderedIssue(Mapping[str, Rendered]):
    """Variant → Rendered, each put together when it is looked at: kept are the pieces they share.

    An issue in 255 variants so takes the room of one; put one together again costs microseconds.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._made: dict[str, Callable[[], Rendered]] = {}

    def __getitem__(self, variant: str) -> Rendered:
        """Put the variant together."""
        return self._made[variant]()

    def __iter__(self) -> Iterator[str]:
        """Name the variants in the order they were asked for."""
        return iter(self._made)

    def __len__(self) -> int:
        """Count the variants."""
        return len(self._made)

    def put(self, variant: str, make: Callable[[], Rendered]) -> None:
        """Take a variant in; it is made when somebody asks."""
        self._made[variant] = make

    def only(self, variants: Iterable[str]) -> RenderedIssue:
        """Return some of the variants, in this order."""
        some = RenderedIssue()
        for variant in variants:
            some.put(variant, self._made[variant])
        return some


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A variant's HTML as it stands while stories may still leave it; it has no text part yet.

    `runs` are its pieces, `holes` are token → name, as in Rendered.
    """

    view: VariantView
    runs: Sequence[Run]
    assembly: Assembly
    holes: Mapping[str, str]

    @property
    def variant(self) -> str:
        """The variant's name."""
        return self.view.variant

    def html(self) -> str:
        """Put the page together."""
        return self.assembly.page(self.runs, self.view)

    def blocks(self) -> tuple[str, ...]:
        """Return the page cut where its blocks meet."""
        return self.assembly.blocks(self.runs, self.view)

    def weights(self) -> dict[str, int]:
        """Return story → bytes of HTML that the page would be shorter by without it.

        Nearly: what stands after it may move up into a larger block.
        """
        return self.assembly.weights(self.runs)
