"""Statements compiled once for all engines of a session, as they are for one that stays open.

SQLAlchemy keeps what it compiled with the engine, and nearly every test opens its own: a fifth of
the time of those that send went into compiling the same statements again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache

_MOST = 4_000
_kept: LRUCache[Any, Any] = LRUCache(_MOST)


class _OfOneKind:
    """The cache as one engine sees it: what was compiled for a database of the same kind."""

    def __init__(self, kind: tuple[object, ...]) -> None:
        self._kind = kind

    def get(self, key: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a Compiled, to SQLAlchemy alone
        return _kept.get((self._kind, *key[1:]))

    def __setitem__(self, key: tuple[Any, ...], compiled: object) -> None:
        _kept[(self._kind, *key[1:])] = compiled


def share_statements() -> None:
    """Have every engine of this process look among what all have compiled."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    """Put the kind of database in the place of the engine's own dialect, a key's first part."""
    dialect = connection.dialect
    kind = (dialect.name, dialect.driver, getattr(dialect, "server_version_info", None))
    connection.execution_options(compiled_cache=_OfOneKind(kind))
