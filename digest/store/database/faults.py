"""Every database fault becomes a StoreError that says what to do. No password is ever shown.

SQLite names its faults by result code (https://sqlite.org/rescode.html), PostgreSQL by SQLSTATE
(https://www.postgresql.org/docs/current/errcodes-appendix.html); only a connection that never came
about has no code, and there libpq's words are all there is.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    ProgrammingError,
)

from digest.errors import StoreError, StoreRefused


class _Meaning(NamedTuple):
    what: str
    fix: str


_WAIT = "Another Digest or a backup holds it. Wait for that to end and run this again."
_ROOM = "Free some room there and run this again: what was not written was not done."
_NOT_OURS = "Point store.url at a database of Digest's own, or restore a backup."

_SQLITE = {
    "SQLITE_BUSY": _Meaning("the database is locked", _WAIT),
    "SQLITE_LOCKED": _Meaning("the database is locked", _WAIT),
    "SQLITE_FULL": _Meaning("the disk is full", _ROOM),
    "SQLITE_READONLY": _Meaning(
        "the database may only be read", "Give this user the right to write the file and folder."
    ),
    "SQLITE_CANTOPEN": _Meaning(
        "the database cannot be opened", "Make the folder, or give this user the right to write it."
    ),
    "SQLITE_PERM": _Meaning("access is denied", "Give this user the right to read and write it."),
    "SQLITE_IOERR": _Meaning(
        "the disk failed to read or write", "Check the disk and the free room, then run this again."
    ),
    "SQLITE_NOTADB": _Meaning("this file is not an SQLite database", _NOT_OURS),
    "SQLITE_CORRUPT": _Meaning("the database is damaged", _NOT_OURS),
}

_POSTGRES = {
    "28": _Meaning(
        "the server refused the login", "Check user and password in store.url or DIGEST_STORE_URL."
    ),
    "3D": _Meaning("there is no such database", "Create it, or correct its name in store.url."),
    "42501": _Meaning("this user lacks the right to do that", "Grant it, or use another user."),
    "53100": _Meaning("the server's disk is full", _ROOM),
    "53": _Meaning("the server has no resources left", "Wait, or raise its limits; run again."),
    "55": _Meaning("the row or table is locked", _WAIT),
    "40": _Meaning("two transactions were in each other's way", "Run this again."),
    "57": _Meaning("the server is shutting down or starting", "Wait a moment and run this again."),
    "25006": _Meaning(
        "the database may only be read", "Connect to the primary server, not to a replica."
    ),
    "08": _Meaning("the connection broke", "Check that the server runs, then run this again."),
}

# (what libpq says, SQLSTATE class that would have said it)
_LIBPQ = (
    ("password authentication failed", "28"),
    ("no password supplied", "28"),
    ("no pg_hba.conf entry", "28"),
    ("role", "28"),
    ("does not exist", "3D"),
    ("starting up", "57"),
)
# A row that is too much for an index or a page: the row's fault, though it comes as the server's.
_TOO_LARGE = frozenset({"SQLITE_TOOBIG", "54000"})
_UNREACHABLE = _Meaning(
    "the server cannot be reached", "Check host, port and that PostgreSQL runs there."
)
_OUTDATED = _Meaning("the tables are not those this version knows", "Run `digest db upgrade`.")


def translate(engine: Engine, where: str) -> None:
    """Let every fault of this engine surface as StoreError; `where` names it without password."""

    @event.listens_for(engine, "handle_error")
    def _raise_as_ours(context: ExceptionContext) -> None:
        ours = _ours(context.original_exception, context.sqlalchemy_exception, where)
        if ours is not None:
            raise ours from context.original_exception


def of_the_driver(fault: Exception, connection: Connection) -> Exception:
    """Return what a fault surfaces as when the driver was asked directly: the same."""
    dialect = connection.dialect
    wrapped = DBAPIError.instance(None, None, fault, dialect.loaded_dbapi.Error, dialect=dialect)
    return _ours(fault, wrapped, shown(connection.engine.url)) or wrapped


def _ours(fault: BaseException, wrapped: object, where: str) -> StoreError | None:
    """Return the StoreError; None for what the caller is to see as it is: a row that is there."""
    if isinstance(wrapped, IntegrityError):
        return None
    if not isinstance(wrapped, DatabaseError | InterfaceError):
        return None
    if isinstance(wrapped, DataError) or _code(fault) in _TOO_LARGE:
        return StoreRefused(
            f"a row is not taken ({_code(fault) or type(fault).__name__})",
            where=where,
            fix="Report this, with what it was to hold.",
        )
    return store_error(fault, where, programming=isinstance(wrapped, ProgrammingError))


def shown(url: URL) -> str:
    """Name a database for a person: the file, or host and name; never the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    if "password" in url.query:  # libpq takes it there too (its manual, "Connection URIs")
        url = url.update_query_dict({"password": "***"})
    return url.render_as_string(hide_password=True).replace("+psycopg", "")


def store_error(fault: BaseException, where: str, *, programming: bool = False) -> StoreError:
    """Say what a driver's exception means."""
    meaning = _meaning(fault, programming=programming)
    return StoreError(meaning.what, where=where, fix=meaning.fix)


def _meaning(fault: BaseException, *, programming: bool) -> _Meaning:
    if isinstance(fault, sqlite3.Error):
        return _sqlite_meaning(fault)
    sqlstate = getattr(fault, "sqlstate", None)
    if sqlstate:
        by_code = _POSTGRES.get(sqlstate) or _POSTGRES.get(sqlstate[:2])
        if by_code is None and programming:
            return _OUTDATED
        return by_code or _Meaning(f"PostgreSQL refused ({sqlstate})", "See the server's log.")
    words = str(fault)
    return next((_POSTGRES[code] for said, code in _LIBPQ if said in words), _UNREACHABLE)


def _code(fault: BaseException | None) -> str:
    """Return SQLSTATE or SQLite's result code; "" where there is none."""
    return str(getattr(fault, "sqlstate", None) or getattr(fault, "sqlite_errorname", None) or "")


def _sqlite_meaning(fault: sqlite3.Error) -> _Meaning:
    name = str(getattr(fault, "sqlite_errorname", ""))
    primary = "_".join(name.split("_")[:2])
    if primary in _SQLITE:
        return _SQLITE[primary]
    if "no such table" in str(fault) or "no such column" in str(fault):
        return _OUTDATED
    return _Meaning(f"SQLite refused ({name or fault})", "Run `digest doctor`.")
