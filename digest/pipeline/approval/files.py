"""Approvals that are committed with the newsroom's files: approvals/<edition>/<slot>.

The first word of the file is the hash; all that follows is for people. Whoever may merge into the
repository may approve.
"""

from __future__ import annotations

import re
from pathlib import Path

from digest.errors import ConfigError
from digest.models.issues import Slot

_HASH = re.compile(r"[0-9a-f]{64}")


def approval_file(folder: Path, slot: Slot) -> Path:
    """Return where the approval of a slot's issue is looked for."""
    return folder / "approvals" / slot.edition / slot.key


def committed_hash(folder: Path, slot: Slot) -> str:
    """Return the hash that the slot's file approves, or "" without a file. Raises ConfigError."""
    path = approval_file(folder, slot)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", "") or "not UTF-8"
        raise ConfigError(
            f"cannot be read ({why})", where=_shown(folder, path), fix="Write the hash into it"
        ) from None
    words = [line.split()[0] for line in text.splitlines() if line.strip()[:1] not in {"", "#"}]
    if not words or not _HASH.fullmatch(words[0].lower()):
        raise ConfigError(
            f'"{words[0] if words else ""}" is not a hash',
            where=_shown(folder, path),
            fix=f"Write the 64 characters that `digest build {slot.edition}` prints",
        )
    return words[0].lower()


def _shown(folder: Path, path: Path) -> str:
    return str(path.relative_to(folder))
