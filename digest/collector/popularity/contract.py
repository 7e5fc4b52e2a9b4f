"""The contract of a popularity adapter: frozen values, and what an adapter must do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from digest.errors import SourceError


@dataclass(frozen=True, slots=True)
class Counter:
    """Who is asked. `url` is its address, or "" for the vendor's own; `site` is its name for us.

    `home` is the news site: what an answer's bare paths belong to. `text` is the answer itself
    where it is a file of ours and nobody need be asked. `secret` is never shown.
    """

    id: str
    kind: str
    home: str
    url: str = ""
    site: str = ""
    window_hours: float = 24.0
    limit: int = 500
    secret: str = field(default="", repr=False)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One HTTP request; a body makes it a POST. Headers and body may hold the secret."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """How often one page was read in the window; `url` may be a bare path of the news site."""

    url: str
    count: float


@dataclass(frozen=True, slots=True)
class PopularityResult:
    """What became of one counter: figures, or why there are none."""

    counter_id: str
    figures: tuple[Figure, ...] = ()
    window_hours: float = 0.0
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class Adapter:
    """One way of counting.

    `ask` gives the question for the window that ends at that moment; its third argument is the
    token that `authorise` led to, or "". `read` reads the answer's text, up to so many rows of it,
    and raises SourceUnreadable or SourceRefused only. `authorise` is for counters that lend
    tokens; its answer's `access_token` (RFC 6749 section 5.1) is handed to `ask`.
    """

    name: str
    ask: Callable[[Counter, datetime, str], Question]
    read: Callable[[str, int], tuple[Figure, ...]]
    authorise: Callable[[Counter, datetime], Question] | None = None
