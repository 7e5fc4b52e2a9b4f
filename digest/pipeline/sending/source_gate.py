"""The conditions before an issue is planned: a quiet day is not a broken feed (invariant 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from digest.config import EditionSettings, Settings
from digest.errors import GateHeld
from digest.pipeline.gathering.source_health import SourceHealth, health_of
from digest.store import Store


def hold_sick_sources(
    settings: Settings, store: Store, edition: EditionSettings, now: datetime
) -> None:
    """Raise GateHeld when what the edition requires is failing, late, retired or never collected.

    A required source counts by itself, a required section with each of its sources but those that
    say `required = false`: one of those may be ill as long as another is well. A source that
    is not required may fail: its section then shows the articles that are known.
    """
    sections = settings.sections_of(edition)
    wanted = {name for section in sections for name in section.sources}
    sources = [source for source in settings.source if source.id in wanted]
    rows = health_of(store, sources, now)
    required = {source.id for source in sources if source.required}
    excused = {source.id for source in sources if source.required is False}
    for section in sections:
        if section.required:
            required |= _relied_on(section.sources, excused, rows)
    sick = [row for name, row in rows.items() if name in required and not row.health.is_well]
    if sick:
        words = "; ".join(
            f"{row.source.id} is {row.health.state}: {row.health.reason}" for row in sick
        )
        raise GateHeld(
            f"a required source is not well ({words})",
            where=edition.id,
            fix="Mend it and run `digest collect`, or let that source be ill: required = false",
        )


def _relied_on(
    names: Iterable[str], excused: AbstractSet[str], rows: Mapping[str, SourceHealth]
) -> frozenset[str]:
    """Return the sources of a required section that must be well: all but the excused ones.

    Excused ones may not all be ill together with everything else, for then nothing is left of it.
    """
    listed = frozenset(names)
    if any(rows[name].health.is_well for name in listed):
        return listed - excused
    return listed
