"""Files of a newsroom that hold people or secrets, and that other users of the machine may read."""

from __future__ import annotations

from pathlib import Path

from digest.config import Settings
from digest.private_files import open_to_others

_SQLITE = "sqlite:///"


def files_open_to_others(settings: Settings) -> tuple[Path, ...]:
    """Return those that were made before Digest kept them to itself, or were made open since."""
    folder = settings.folder
    found = [folder / ".env", folder / "outbox"]
    if settings.store.url.startswith(_SQLITE):
        database = folder / settings.store.url.removeprefix(_SQLITE)
        found += [database, *(Path(f"{database}{end}") for end in ("-wal", "-shm"))]
    return tuple(path for path in found if open_to_others(path))
