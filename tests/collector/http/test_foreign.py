"""The table of foreign errors is whole."""

from __future__ import annotations

import inspect

import h2.exceptions
import httpcore
import httpx

from digest.collector.http.foreign import FOREIGN
from digest.errors import SourceError


def test_every_foreign_error_is_in_the_table() -> None:
    """Whatever httpx, httpcore and h2 define as an error finds its way to a SourceError."""
    defined = {
        member
        for module in (httpx, httpcore, h2.exceptions)
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Exception)
    }
    assert len(defined) > 30
    lost = {error for error in defined if not any(cls in FOREIGN for cls in error.__mro__)}
    assert lost == set()
    assert all(issubclass(kind, SourceError) for kind, _, _ in FOREIGN.values())
