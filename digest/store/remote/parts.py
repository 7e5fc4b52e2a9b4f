"""The sealed files of a state: a manifest, the whole database, and the changes since.

    STATE       {"sequence", "holder", "until", "parts": [[name, sha256 of the sealed part], …]}
    000007-…    the first part is the database whole, each later one a change of pages
    MARK        {"sequence", "remembered"}: kept apart, so that a state that was set back is noticed

Parts are packed before they are sealed, and never change; only STATE and MARK are replaced. Once
the changes weigh as much as the whole, or are many, the database is written whole again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from digest.store.remote.contract import MARK, STATE
from digest.store.remote.pages import applied, change_between
from digest.store.remote.sealed_box import NotOurs, SealedBox

_MOST_CHANGES = 50
_NAME_BYTES = 4
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lock:
    """Who sends by this state, and until when it is theirs unless they push again."""

    holder: str = ""
    until: datetime = _LONG_AGO


@dataclass(frozen=True, slots=True)
class SealedState:
    """A state as it is kept: its number, its lock, its parts by name, and the database they make.

    `sequence` grows by one with every push; 0 is a state that was never pushed.
    """

    sequence: int = 0
    lock: Lock = Lock()
    parts: Mapping[str, bytes] | None = None
    database: bytes = b""

    def followed_by(self, database: bytes, lock: Lock, box: SealedBox, known: int) -> SealedState:
        """Return the state after this one and after number `known`, in few new bytes."""
        sequence = max(self.sequence, known) + 1
        name = f"{sequence:06}-{secrets.token_hex(_NAME_BYTES)}"
        parts = dict(self.parts or {})
        change = change_between(self.database, database)
        if not parts or _is_heavy(parts):
            parts = {name: box.seal(name, zlib.compress(database))}
        elif change:
            parts[name] = box.seal(name, zlib.compress(change))
        return SealedState(sequence, lock, parts, database)

    def files(self, box: SealedBox) -> dict[str, bytes]:
        """Return what a remote keeps of it."""
        parts = self.parts or {}
        manifest = {
            "sequence": self.sequence,
            "holder": self.lock.holder,
            "until": self.lock.until.isoformat(),
            "parts": [[name, _digest(sealed)] for name, sealed in parts.items()],
        }
        return {STATE: box.seal(STATE, json.dumps(manifest).encode()), **parts}


def state_of(files: Mapping[str, bytes], box: SealedBox) -> SealedState:
    """Open a state. NotOurs if it was sealed by others, or is not whole."""
    try:
        manifest = json.loads(box.open(STATE, files[STATE]))
        parts: dict[str, bytes] = {}
        database = b""
        for name, digest in manifest["parts"]:
            parts[name] = files[name]
            if _digest(parts[name]) != digest:
                raise NotOurs
            plain = zlib.decompress(box.open(name, parts[name]))
            database = plain if len(parts) == 1 else applied(database, plain)
        lock = Lock(manifest["holder"], datetime.fromisoformat(manifest["until"]))
        return SealedState(manifest["sequence"], lock, parts, database)
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise NotOurs from error


def sealed_mark(sequence: int, remembered: str, box: SealedBox) -> bytes:
    """Return the mark beside a state: its number, and what is remembered of its ledger."""
    plain = json.dumps({"sequence": sequence, "remembered": remembered})
    return box.seal(MARK, plain.encode())


def mark_of(sealed: bytes, box: SealedBox) -> tuple[int, str]:
    """Return the number and the text of a mark. NotOurs if it was sealed by others."""
    try:
        plain = json.loads(box.open(MARK, sealed))
        return int(plain["sequence"]), str(plain["remembered"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotOurs from error


def _is_heavy(parts: Mapping[str, bytes]) -> bool:
    whole, *changes = map(len, parts.values())
    return len(changes) >= _MOST_CHANGES or sum(changes) > whole


def _digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()
