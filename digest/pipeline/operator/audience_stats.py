"""How the audience stands, and how it came and went: figures for the terminal and for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest.store import Store
from subscribers.lifecycle import State
from subscribers.values import Counts, Growth

_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class AudienceStats:
    """Counts as of now, and growth week by week; `weeks` are the Mondays they begin with."""

    counts: Counts
    weeks: tuple[datetime, ...]
    growth: dict[str, Growth]

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints, and what a page plots."""
        return {
            "subscribers": self.counts.subscribers,
            "suppressed": dict(self.counts.by_reason),
            "weeks": [week.date().isoformat() for week in self.weeks],
            "editions": {
                edition: {
                    **{str(state): number for state, number in states.items()},
                    "came": list(self.growth[edition].came),
                    "left": list(self.growth[edition].left),
                }
                for edition, states in self.counts.by_edition.items()
            },
        }

    def sentences(self) -> list[str]:
        """Say it to a person, with a plot a line."""
        lines = [f"{self.counts.subscribers} people."]
        for edition, states in self.counts.by_edition.items():
            told = ", ".join(f"{states[state]} {state}" for state in State)
            grown = self.growth[edition]
            most = max(*grown.came, *grown.left, 1)
            lines += [
                f"{edition}: {told}",
                f"  came {plot(grown.came, most)} {sum(grown.came)}",
                f"  left {plot(grown.left, most)} {sum(grown.left)}",
            ]
        if self.counts.by_edition:
            lines.append(f"A column a week, the first begins on {self.weeks[0]:%Y-%m-%d}.")
        reasons = ", ".join(f"{number} {why}" for why, number in self.counts.by_reason.items())
        if reasons:
            lines.append(f"Addresses that get no mail: {reasons}.")
        return lines


def audience_stats(store: Store, now: datetime, weeks: int) -> AudienceStats:
    """Count the audience, and who came and left in the last `weeks` weeks, this one included."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    edges = [monday + timedelta(weeks=number) for number in range(1 - weeks, 2)]
    counts = store.subscribers.counts()
    growth = store.subscribers.growth(edges)
    return AudienceStats(counts, tuple(edges[:-1]), growth)


def plot(values: tuple[int, ...], most: int) -> str:
    """Return a column for each value, `most` the full height; a blank is 0."""
    return "".join(_bar(value, most) for value in values)


def _bar(value: int, most: int) -> str:
    if value <= 0:
        return " "
    return _BARS[min(len(_BARS) - 1, (value * len(_BARS) - 1) // max(most, 1))]
