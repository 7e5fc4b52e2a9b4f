"""The contract of a remote: a handful of sealed files that change by compare and swap.

A new kind of place is one file that satisfies `Remote`, and one line in `remotes`; the contract's
tests run over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from digest.errors import LedgerRefused

# The names of the files that are replaced; each other file is a part, and never changes.
STATE, MARK, REQUESTS = "state", "mark", "requests"


class RemoteMoved(LedgerRefused):
    """Another run has changed the state since it was read: what we know is not the latest."""


class RemoteFailed(LedgerRefused):
    """The place cannot be reached, read or written: nothing is known of what is there."""


@dataclass(frozen=True, slots=True)
class RemoteState:
    """The files of a place, by name, and the version that a change has to name.

    `files` holds STATE and the parts; `mark` is kept apart from them, so that one can be lost or
    set back without the other. Without a state the version is "".
    """

    version: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    mark: bytes | None = None


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that is kept apart from the state; both values are empty where there is none."""

    version: str = ""
    content: bytes = b""


class Remote(Protocol):
    """A place that keeps the state of one newsroom."""

    @property
    def place(self) -> str:
        """Where it is, for a person; no secret is in it."""
        ...

    def fetch(self) -> RemoteState:
        """Return everything that is there. RemoteFailed if that is not known."""
        ...

    def swap(self, version: str, files: Mapping[str, bytes], mark: bytes) -> str:
        """Put these files in the place of those of `version`; return the new version.

        All of them or none; the mark is never newer than the state. RemoteMoved if the version is
        another by now, RemoteFailed if the outcome is not known.
        """
        ...

    def requests(self) -> SealedFile:
        """Return what was left beside the state for the run that has it. RemoteFailed."""
        ...

    def swap_requests(self, version: str, content: bytes) -> None:
        """Put this in the place of the requests of `version`. RemoteMoved, RemoteFailed."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...

    def set_aside(self, state: RemoteState) -> str:
        """Keep a state that cannot be read under another name, and return that name."""
        ...
