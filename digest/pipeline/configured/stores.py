"""From `store.url` to an open store, with what a place needs that outlives this machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from digest.config import Settings
from digest.store import Access, Store, access_variables, open_store


def configured_store(
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    adopting: bool = False,
    gone: Callable[[str], bool] = lambda _: False,
) -> Store:
    """Open the store. StoreError; LedgerRefused for a state that is not as it was left.

    The clock is that of signed requests, and `gone` knows of a run whether it is no more. With
    `adopting` such a state is taken as it is.
    """
    held = {name: settings.secrets.value(name) for name in store_variables(settings)}
    set_ones = {name: value for name, value in held.items() if value}
    access = Access(clock, set_ones, adopting=adopting, gone=gone)
    return open_store(settings.store.url, settings.folder, settings.secret_keys, access)


def store_variables(settings: Settings) -> tuple[str, ...]:
    """Name the variables that the store is reached with."""
    return access_variables(settings.store.url)
