"""Which database this is, as far as the database itself can tell.

PostgreSQL knows its cluster (`system_identifier`), the history that it follows (`timeline_id`) and
the database (`oid`). A dump that is restored elsewhere has another cluster or another oid; a
restore to a point in time and a fail-over begin a new timeline. An SQLite file knows nothing of
the kind: a copy is the same to the byte.

A server that was promoted writes its timeline at once where its recovery ends; its checkpoint has
it only once the first one is done, which takes minutes where there is much to write.

Source: PostgreSQL 18, sections 9.28.12 and 26.3.6, and CreateEndOfRecoveryRecord in its
xlog.c (November 2026).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_ALLOWED = text(
    "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')"
    " AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE')"
    " AND has_function_privilege('pg_control_recovery()', 'EXECUTE')"
)
_IDENTITY = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()),"
    " (SELECT greatest(timeline_id, min_recovery_end_timeline)"
    " FROM pg_control_checkpoint(), pg_control_recovery()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def identity_of(connection: Connection) -> str:
    """Return "cluster/timeline/oid" of a PostgreSQL; "" where the database does not say.

    Some hosts forbid the functions to ordinary roles; then only the mark file guards the ledger.
    """
    if connection.dialect.name != "postgresql" or not connection.execute(_ALLOWED).scalar():
        return ""
    return "/".join(str(part) for part in connection.execute(_IDENTITY).one())
