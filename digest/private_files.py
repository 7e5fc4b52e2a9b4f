"""Files with people in them: for their owner alone (0600, folders 0700), whatever the umask."""

from __future__ import annotations

import os
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700
_OTHERS = 0o077


def private(path: str, flags: int) -> int:
    """Open a file that only its owner may read; the `opener` of `open()`."""
    return os.open(path, flags, FILE_MODE)


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone. OSError."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(FOLDER_MODE, exist_ok=True)


def open_to_others(path: Path) -> bool:
    """Say whether anybody but its owner may read, write or enter a file or folder."""
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False
