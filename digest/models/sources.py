"""A source's own rules: how its items are read, and which of them are not for the newsletter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceRules:
    """The rules of one source.

    `timezone` is that of dates which name none; `offset` are hours added to every date.
    """

    timezone: str = "UTC"
    offset: float = 0.0
