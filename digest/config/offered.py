"""The things that keys of digest.toml may name. The caller, who knows the stages, hands them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from digest.config.settings import Settings
from digest.extension.registry import Registry
from digest.extension.table import Table

Location = tuple[str | int, ...]
"""A place in digest.toml, as in ("source", 1, "url")."""


class Named(Protocol):
    """A source kind or a counter: `keys` are those of its own in the row that names it."""

    @property
    def keys(self) -> type[Table] | None:
        """The model of its own keys; None where it has none."""
        ...


class NamedTransport(Protocol):
    """A transport: `keys` are those of the table with its name."""

    @property
    def keys(self) -> type[Table]:
        """The model of its table."""
        ...

    @property
    def absent(self) -> Mapping[str, object]:
        """The table's contents where digest.toml has none."""
        ...


@dataclass(frozen=True, slots=True)
class Offered:
    """The things of each sort, by name.

    `rules` names the lint rules; it is asked only where a digest.toml speaks of them. `secrets`
    names the variables of the environment that the things named in it read. `clashes`
    finds what the tables of transports and the rest of the settings say against each other: where,
    and in words.
    """

    kinds: Registry[Named]
    counters: Registry[Named]
    transports: Registry[NamedTransport]
    rules: Callable[[], Iterable[str]]
    secrets: Callable[[Settings], Iterable[str]]
    clashes: Callable[[Settings], Iterable[tuple[Location, str]]] = field(default=lambda _: ())
