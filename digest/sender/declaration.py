"""A transport's declaration: its table, its secrets, how it opens and is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Generic, NamedTuple, TypeVar

from pydantic import Field

from digest.extension.secret import Secret
from digest.extension.table import Table
from digest.sender.transport import CallTransport, Transport


class TransportSettings(Table):
    """The keys that the table of every transport has; a transport adds its own."""

    connections: Annotated[int, Field(ge=1, le=200)] = 16

    def sends_eight_bit(self) -> bool:
        """Tell whether, by the operator's word, 8bit mails arrive as they are (RFC 6152)."""
        return False


SettingsT = TypeVar("SettingsT", bound=TransportSettings)


@dataclass(frozen=True, slots=True)
class Opening(Generic[SettingsT]):
    """The parts that a transport is opened with.

    `secrets` are the declared variables that are set, by name. Relative paths start at `folder`,
    that of digest.toml. `label` names what is sent: "daily/2026-11-23". With `eight_bit` the mails
    need 8BITMIME.
    """

    settings: SettingsT
    secrets: Mapping[str, str] = field(repr=False)
    folder: Path
    label: str = ""
    eight_bit: bool = False


class Greeting(NamedTuple):
    """The answer of a transport that was tried, in words that follow its name."""

    words: str
    takes_eight_bit: bool = False


Check = Callable[[], Awaitable[Greeting]]
"""Tries one way out without sending anything. Raises TransportError or ConfigError."""


async def _connects(transport: Transport | CallTransport) -> None:
    await (await transport.connect()).close()


@dataclass(frozen=True, slots=True)
class TransportKind(Generic[SettingsT]):
    """One way for mail to leave; its table in digest.toml has its `name`.

    `keys` is the model of that table, `absent` what stands in for it where there is none.
    `secrets` says which variables of the environment those settings read. `open` may raise
    ConfigError. `checks` are what `digest doctor` tries, one a server; without them a connection
    is opened and closed. `changes` says what it does to our headers, where it does not keep them.
    """

    name: str
    keys: type[SettingsT]
    open: Callable[[Opening[SettingsT]], Transport | CallTransport]
    secrets: Callable[[SettingsT], Sequence[Secret]] = field(default=lambda _: ())
    checks: Callable[[Opening[SettingsT]], Sequence[Check]] | None = None
    absent: Mapping[str, object] = field(default_factory=dict)
    changes: str = ""

    def checks_of(self, opening: Opening[SettingsT]) -> Sequence[Check]:
        """Return what can be tried without sending."""
        if self.checks is not None:
            return self.checks(opening)

        async def look() -> Greeting:
            await _connects(self.open(opening))
            return Greeting(f"{self.name} can be used")

        return (look,)
