"""The result of a run of the collector: values for the terminal, for `--json`, and for tests."""

from __future__ import annotations

from dataclasses import dataclass

from digest.pipeline.gathering.popularity import PopularityReport


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The result of one source; `error` says what to do, `notes` what was left out.

    `status` is "ok", "unchanged" or "failed", or, where it was not asked, "resting" or "retired".
    `silent` is the site to which no connection came about, if that is why it failed.
    """

    id: str
    status: str
    new: int
    updated: int
    error: str
    seconds: float
    notes: tuple[str, ...] = ()
    silent: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "id": self.id,
            "status": self.status,
            "new": self.new,
            "updated": self.updated,
            "error": self.error or None,
            "notes": list(self.notes),
        }

    def line(self) -> str:
        """Say it in a line: "world: 3 new, 1 updated (0.4 s)"."""
        words = {"ok": "read, nothing new", "failed": f"failed: {self.error}"}
        said = words.get(self.status, self.status)
        counts = [f"{self.new} new"] * bool(self.new) + [f"{self.updated} updated"] * bool(
            self.updated
        )
        asked = f" ({self.seconds:.1f} s)" if self.seconds else ""
        return f"{self.id}: {', '.join(counts) or said}{asked}"


@dataclass(frozen=True, slots=True)
class CollectReport:
    """The result of all sources; `articles` counts everything that the store now holds.

    `withdrawn` counts articles that were found to be gone from their site. `popularity` has one
    row for each counter of readers that is configured.
    """

    sources: tuple[SourceReport, ...]
    articles: int
    withdrawn: int = 0
    popularity: tuple[PopularityReport, ...] = ()

    @property
    def failed(self) -> tuple[SourceReport, ...]:
        """Those that gave nothing and why: not asked, or asked in vain."""
        return tuple(source for source in self.sources if source.error)

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "sources": [source.as_json() for source in self.sources],
            "articles": self.articles,
            "withdrawn": self.withdrawn,
            "popularity": [counter.as_json() for counter in self.popularity],
        }

    def sentence(self) -> str:
        """Say it in a sentence."""
        new = sum(source.new for source in self.sources)
        updated = sum(source.updated for source in self.sources)
        gone = f", {self.withdrawn} withdrawn by their site" if self.withdrawn else ""
        number = len(self.sources)
        return (
            f"{number} source{'s' if number != 1 else ''}: {new} new articles, {updated} updated"
            f"{gone}; {self.articles} in the store."
        )
