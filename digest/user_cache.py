"""The user's cache folder: what only saves time, and may be deleted at any moment.

A command says where it is (`keep_in`); until then nothing is kept. A file counts only for what made
it, and only while the folder is the user's own: templates run from it, and styles go into mails.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from digest.private_files import make_private_folder, open_to_others

_MOST_FILES = 1_000
_PROOF = 32  # bytes of SHA-256 before the content


class UserCache:
    """Small files by name, in a folder that nobody else may write to; none of it ever raises."""

    def __init__(self) -> None:
        """Begin without a folder."""
        self._folder: Path | None = None

    def keep_in(self, folder: Path | None) -> None:
        """Keep files in this folder from now on, or nowhere."""
        self._folder = folder

    def read(self, name: str, made_by: str) -> bytes | None:
        """Return what was written under this name by the same maker, whole; else None."""
        if self._folder is None or not _is_ours(self._folder):
            return None
        try:
            found = (self._folder / name).read_bytes()
        except OSError:
            return None
        proof, content = found[:_PROOF], found[_PROOF:]
        return content if proof == _proof(made_by, content) else None

    def write(self, name: str, content: bytes, made_by: str) -> None:
        """Put a file in place of an earlier one; if that fails, nothing is kept.

        `made_by` names all that the content depends on.
        """
        if self._folder is None:
            return
        with suppress(OSError):
            make_private_folder(self._folder)
            if not _is_ours(self._folder):
                return
            _make_room(self._folder)
            handle, made = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_proof(made_by, content) + content)
                Path(made).replace(self._folder / name)
            except OSError:
                Path(made).unlink(missing_ok=True)


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Name Digest's folder below the user's caches; None where there is no home."""
    caches = user_folder(environment, "XDG_CACHE_HOME", ".cache")
    return caches / "digest" if caches else None


def user_folder(environment: Mapping[str, str], name: str, below_home: str) -> Path | None:
    """Return the user's folder that a variable names (XDG Base Directory Specification 0.8).

    Without it, the one `below_home`; None where there is no home.
    """
    named, home = environment.get(name, ""), environment.get("HOME", "")
    if Path(named).is_absolute():  # the specification: a relative one is ignored
        return Path(named)
    return Path(home, below_home) if Path(home).is_absolute() else None


def _proof(made_by: str, content: bytes) -> bytes:
    return sha256(made_by.encode() + b"\0" + content).digest()


def _is_ours(folder: Path) -> bool:
    """Say whether the folder is the user's own, and closed to all others."""
    try:
        return folder.stat().st_uid == os.getuid() and not open_to_others(folder)
    except OSError:
        return False


def _make_room(folder: Path) -> None:
    """Begin anew where there are too many files, as templates in ever new folders would make."""
    files = list(folder.iterdir())
    if len(files) > _MOST_FILES:
        for file in files:
            file.unlink(missing_ok=True)


user_cache = UserCache()
