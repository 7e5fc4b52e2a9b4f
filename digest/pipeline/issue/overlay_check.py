"""Every overlay file looked at before a send needs it: all its faults at once.

The next issue's wishes are matched with what was collected, as a send would match them. Files of
later slots are only read: their stories may not be written yet.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from digest import schedule
from digest.config import EditionSettings, Settings
from digest.editorial import section_faults, unheeded
from digest.errors import ConfigError, UsageError
from digest.pipeline.issue.composing import compose_issue
from digest.pipeline.issue.overlays import STANDING, read_one, refuse
from digest.pipeline.issue.policy import plan_of
from digest.pipeline.issue.slots import coming_slot, slot_to_look_at
from digest.plurals import counted
from digest.store import Store

_PAST = timedelta(days=2)  # older files may stay, whatever the schedule was then


def check_overlays(settings: Settings, store: Store | None, now: datetime) -> str:
    """Say in words how many files there are, and what the next issues' wish in vain.

    Raises ConfigError with every fault of every file: what cannot be read or matches nothing, and
    a file that no issue will ever look at. Without a store nothing is matched.
    """
    files = sorted((settings.folder / "overlays").glob("*/*.toml"))
    faults = [fault for file in files for fault in _faults(settings, file, now)]
    vain: list[str] = []
    if store is not None and files:
        for edition in settings.edition:
            try:
                slot = slot_to_look_at(store, edition, None, now)
                vain += unheeded(compose_issue(settings, store, slot).choice)
            except ConfigError as error:
                faults += str(error).splitlines()
    refuse(faults)
    return "\n".join([counted(len(files), "file") if files else "none", *vain])


def _faults(settings: Settings, file: Path, now: datetime) -> Iterator[str]:
    editions = {edition.id: edition for edition in settings.edition}
    shown, edition = str(file.relative_to(settings.folder)), editions.get(file.parent.name)
    if edition is None:
        close = difflib.get_close_matches(file.parent.name, editions, n=1)
        hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(editions)}."
        yield f'{shown}: there is no edition "{file.parent.name}". {hint}'
        return
    try:
        overlay = read_one(settings.folder, edition.id, file.stem)
        slot = coming_slot(edition, now)
        yield from section_faults(overlay, plan_of(settings, edition, slot))
    except ConfigError as error:
        yield from str(error).splitlines()
    if file.stem != STANDING and file.stem >= (now - _PAST).date().isoformat():
        yield from _not_a_slot(edition, file.stem, shown)


def _not_a_slot(edition: EditionSettings, name: str, shown: str) -> Iterator[str]:
    try:
        schedule.slot_named(edition.id, edition.schedule, edition.timezone, name)
    except UsageError as error:
        yield f"{shown}: {error.what}. {error.fix}"
