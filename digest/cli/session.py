"""The beginning of every command: the shared options, and the configuration and store they name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from digest.cli.runner import hide_from_log
from digest.log import log

if TYPE_CHECKING:
    from digest.config import Settings
    from digest.store import Store

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")
]
EditionName = Annotated[str, typer.Argument(metavar="EDITION", help="An edition's id: daily.")]
SlotKey = Annotated[
    str | None,
    typer.Option("--slot", metavar="SLOT", help="The slot's key, as in 2026-11-23."),
]


Again = Annotated[
    bool, typer.Option("--again", help="Compose a slot that was planned afresh, as of today.")
]
Ephemeral = Annotated[
    bool,
    typer.Option("--ephemeral", help="Send in CI though the ledger is lost with the disk."),
]


def settings_of(context: typer.Context) -> Settings:
    """Read the configuration that `--config` names, and the environment, once."""
    from digest.pipeline.configured.loading import load_settings

    path: Path = context.obj
    settings = load_settings(path, os.environ)
    hidden = (*settings.secrets.texts(), urlsplit(settings.store.url).password or "")
    log.hide(*hidden)
    hide_from_log(*hidden)
    return settings


@contextmanager
def opened(context: typer.Context, *, adopting: bool = False) -> Iterator[tuple[Settings, Store]]:
    """Yield settings and an open store; the store is closed whatever happens.

    With `adopting` a store that is not as it was left is opened all the same.
    """
    from digest.pipeline.configured.stores import configured_store
    from digest.pipeline.sending.workers import is_gone

    settings = settings_of(context)
    store = configured_store(settings, now, adopting=adopting, gone=is_gone)
    try:
        _adopt_former_names(settings, store)
        yield settings, store
    finally:
        store.close()


def _adopt_former_names(settings: Settings, store: Store) -> None:
    """Let what is kept under an edition's former ids go on under its id, once the file says so."""
    for edition in settings.edition:
        for former in edition.was:
            store.rename_edition(former, edition.id, now())


def wall_clock() -> datetime:
    """Return this machine's time, in UTC."""
    return datetime.now(UTC)


_CLOCK: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=wall_clock)


@contextmanager
def told_by(clock: Callable[[], datetime]) -> Iterator[None]:
    """Have commands in this thread take the time from a clock, while the block lasts."""
    before = _CLOCK.set(clock)
    try:
        yield
    finally:
        _CLOCK.reset(before)


def now() -> datetime:
    """Read the clock: here, at the top, and nowhere below."""
    return _CLOCK.get()()
