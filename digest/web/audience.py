"""The audience on the editors' preview: how many there are, and who came and left week by week.

Numbers only, no address; and only on this machine, as the whole preview is: no page for the public
says how many readers a newsroom has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Route

from digest.pipeline.operator.audience_stats import AudienceStats
from digest.web.pages import Pages
from subscribers.lifecycle import State
from subscribers.values import Growth

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

WEEKS = 26
_PLOT_HEIGHT = 84.0  # of both halves together, in units of the plot
_COLUMN = 12
_WORDS = {
    State.ACTIVE: "active",
    State.PAUSED: "paused",
    State.PENDING: "to confirm",
    State.UNSUBSCRIBED: "left",
}


@dataclass(frozen=True, slots=True)
class WeekColumn:
    """One week of a plot: `up` is the height for who came, `down` the depth for who left."""

    x: int
    monday: str
    came: int
    left: int
    up: float
    down: float


@dataclass(frozen=True, slots=True)
class EditionPlot:
    """One edition: its readers by state, and its weeks; `axis` is where the two halves meet."""

    title: str
    states: tuple[tuple[str, int], ...]
    weeks: tuple[WeekColumn, ...]
    axis: float

    @property
    def came(self) -> int:
        """How many came in all these weeks."""
        return sum(week.came for week in self.weeks)

    @property
    def left(self) -> int:
        """How many left in all these weeks."""
        return sum(week.left for week in self.weeks)


class AudiencePage:
    """The page, over what counts the audience."""

    def __init__(
        self, figures: Callable[[], AudienceStats], titles: Callable[[], dict[str, str]]
    ) -> None:
        """Take the figures of WEEKS weeks as of now, and the editions' titles by id."""
        self._figures = figures
        self._titles = titles
        self._pages = Pages()

    def route(self) -> BaseRoute:
        """Return /audience."""
        return Route("/audience", self.show)

    def show(self, _request: Request) -> Response:
        """Show every edition, those of the configuration first."""
        figures, titles = self._figures(), self._titles()
        order = [*titles, *sorted(figures.counts.by_edition.keys() - titles.keys())]
        plots = [
            _plot(titles.get(name, name), figures, name)
            for name in order
            if name in figures.counts.by_edition
        ]
        context = {
            "figures": figures,
            "plots": plots,
            "width": _COLUMN * len(figures.weeks),
            "height": _PLOT_HEIGHT,
        }
        return self._pages.page("audience.html", context)


def _plot(title: str, figures: AudienceStats, edition: str) -> EditionPlot:
    states, growth = figures.counts.by_edition[edition], figures.growth[edition]
    highest, deepest = max(growth.came, default=0), max(growth.left, default=0)
    unit = _PLOT_HEIGHT / max(highest + deepest, 1)
    return EditionPlot(
        title=title,
        states=tuple((words, states[state]) for state, words in _WORDS.items()),
        weeks=tuple(_columns(figures, growth, unit)),
        axis=round(highest * unit, 1) if highest or deepest else _PLOT_HEIGHT,
    )


def _columns(figures: AudienceStats, growth: Growth, unit: float) -> Iterator[WeekColumn]:
    weeks = zip(figures.weeks, growth.came, growth.left, strict=True)
    for number, (monday, came, left) in enumerate(weeks):
        day = monday.date().isoformat()
        yield WeekColumn(
            _COLUMN * number, day, came, left, round(came * unit, 1), round(left * unit, 1)
        )
