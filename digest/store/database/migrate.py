"""Keeping the tables at the version this code knows.

SQLite belongs to one machine, so it is brought up to date when it is opened. A PostgreSQL serves
several: there the operator says when (`digest db upgrade`), and a store that is behind is refused.
Each migration runs whole or not at all, and only one process at a time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from digest.errors import StoreError
from digest.store.database.faults import shown

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is slow to import and seldom needed: a test holds this equal to its newest revision.
HEAD = "0020"

_MIGRATIONS = Path(__file__).parent.parent / "migrations"
_ADVISORY_LOCK = 0x64696765  # any number, as long as every Digest asks for the same one


def make_current(engine: Engine) -> None:
    """Check the version when a store is opened; bring SQLite up to date, refuse PostgreSQL."""
    with engine.execution_options(postgresql_readonly=True).begin() as connection:
        found = _revision(connection)
    if found == HEAD:
        return
    if engine.dialect.name == "sqlite":
        upgrade(engine)
        return
    _refuse_newer(found, engine)
    state = f"is at version {found}, this Digest needs {HEAD}" if found else "has no tables yet"
    raise StoreError(
        f"the database {state}",
        where=shown(engine.url),
        fix="Make a backup and run `digest db upgrade`.",
    )


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Bring the tables up to date; give the versions before and after.

    A second process that asks meanwhile waits, and then finds nothing left to do.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ADVISORY_LOCK})
        found = _revision(connection)
        if found != HEAD:
            _refuse_newer(found, engine)
            run(connection, "head")
    return found, HEAD


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_newer(found: str | None, engine: Engine) -> None:
    if found is None or found in known_revisions():
        return
    raise StoreError(
        f"the database is at version {found}, which is newer than this Digest ({HEAD})",
        where=shown(engine.url),
        fix="Install the newer Digest that wrote it, or restore the backup made before it.",
    )


def known_revisions() -> frozenset[str]:
    """Return every version this code can come from."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def run(connection: Connection, revision: str) -> None:
    """Migrate up to a revision inside the caller's transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
