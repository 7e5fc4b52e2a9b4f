"""What must be true before an issue is planned: a quiet day is not a broken feed (invariant 9)."""

from __future__ import annotations

from digest.config import EditionSettings, Settings
from digest.errors import GateHeld
from digest.store import Store


def hold_sick_sources(settings: Settings, store: Store, edition: EditionSettings) -> None:
    """Raise GateHeld when a required source of the edition failed, or was never collected.

    A source that is not required may fail: its section then shows what is known.
    """
    wanted = {name for section in settings.sections_of(edition) for name in section.sources}
    required = [source.id for source in settings.source if source.required and source.id in wanted]
    known = store.sources.get(required)
    faults = []
    for name in required:
        if name not in known or known[name].last_success is None:
            faults.append(f"{name}: never collected")
        elif known[name].last_error:
            faults.append(f"{name}: {known[name].last_error}")
    if faults:
        raise GateHeld(
            f"a required source is not well ({'; '.join(faults)})",
            where=edition.id,
            fix="Mend it and run `digest collect`, or set required = false for it",
        )
