"""The record of each source → its health: for the table, and for the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.collector.articles.urls import without_secrets
from digest.collector.health import Health, SourceHistory, diagnose
from digest.config import SourceSettings
from digest.store import KnownSource, SourceVolume, Store


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One row of `digest sources`. `usual_a_day` is None until a day of it is known."""

    source: SourceSettings
    health: Health
    known: KnownSource | None
    newest: datetime | None
    usual_a_day: float | None

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        known = self.known
        return {
            "id": self.source.id,
            "url": without_secrets(self.source.url),
            "kind": self.source.kind,
            "state": str(self.health.state),
            "reason": self.health.reason,
            "fix": self.health.fix,
            "last_success": known.last_success if known else None,
            "last_checked": known.last_checked if known else None,
            "last_error": (known.last_error or None) if known else None,
            "not_before": known.rests_until(self.source.url) if known else None,
            "moved_to": (without_secrets(known.moved_to) or None) if known else None,
            "seconds": known.last_seconds if known else None,
            "last_items": known.last_items if known else None,
            "usual_items": round(known.usual_items, 1) if known else None,
            "usual_a_day": self.usual_a_day,
            "newest": self.newest,
        }


def health_of(
    store: Store, sources: Sequence[SourceSettings], now: datetime
) -> Mapping[str, SourceHealth]:
    """Judge these sources, by id in their order."""
    ids = [source.id for source in sources]
    known, volumes = store.sources.get(ids), store.sources.volumes(ids, now)
    return {
        source.id: _row(source, known.get(source.id), volumes.get(source.id), now)
        for source in sources
    }


def _row(
    source: SourceSettings, known: KnownSource | None, volume: SourceVolume | None, now: datetime
) -> SourceHealth:
    days = volume.days if volume else ()
    return SourceHealth(
        source=source,
        health=diagnose(_history(source, known, volume), now),
        known=known,
        newest=volume.newest if volume else None,
        usual_a_day=round(sum(days) / len(days), 1) if days else None,
    )


def _history(
    source: SourceSettings, known: KnownSource | None, volume: SourceVolume | None
) -> SourceHistory | None:
    if known is None:
        return None
    return SourceHistory(
        last_success=known.last_success,
        last_checked=known.last_checked,
        last_error=known.last_error,
        failures_in_a_row=known.failures_in_a_row,
        last_items=known.last_items,
        usual_items=known.usual_items,
        newest=volume.newest if volume else None,
        days=volume.days if volume else (),
        retired=known.is_retired(source.url),
    )
