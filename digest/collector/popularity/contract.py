"""The contract of a popularity adapter: frozen values, and what an adapter must do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

from pydantic import Field

from digest.errors import SourceError
from digest.extension.table import OptionalHttpUrl, Table

if TYPE_CHECKING:
    # A command that only reads digest.toml must not pay for the alphabets behind a document.
    from digest.collector.http.document import HttpRequest

Keys = TypeVar("Keys", bound=Table)


class AtVendor(Table):
    """The keys of a service with an address of its own: another one, and its name for our site."""

    url: OptionalHttpUrl = ""
    site: Annotated[str, Field(min_length=1, description="what the service calls yours")]


@dataclass(frozen=True, slots=True)
class Counter(Generic[Keys]):
    """A service that is asked; `keys` are those that its adapter declares.

    `home` is the news site: what an answer's bare paths belong to. `text` is the answer itself
    where it is a file of ours and nobody need be asked. `secret` is never shown.
    `own_sources` are the utm_source of our mails' links, `own_campaigns` how their utm_campaign
    begins: who came by them is left out where the service can tell, so that a story does not rank
    high for having been sent.
    """

    id: str
    kind: str
    home: str
    keys: Keys
    window_hours: float = 24.0
    limit: int = 500
    secret: str = field(default="", repr=False)
    own_sources: tuple[str, ...] = ()
    own_campaigns: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """The reads of one page in the window; `url` may be a bare path of the news site."""

    url: str
    count: float


@dataclass(frozen=True, slots=True)
class PopularityResult:
    """The outcome of one counter: figures, or why there are none."""

    counter_id: str
    figures: tuple[Figure, ...] = ()
    window_hours: float = 0.0
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class Adapter(Generic[Keys]):
    """One way of counting.

    `keys` is the model of its own keys in [[popularity]]. The secret is the variable
    DIGEST_POPULARITY_<ID>; one that `may_be_a_file` is read from the file it names, unless it
    begins like JSON. `file` returns the path of an answer that is a file of ours, or None.

    `ask` returns the question for the window that ends at that moment; its third argument is the
    token that `authorise` led to, or "". `read` reads the answer's text, up to so many rows of it,
    and raises SourceUnreadable or SourceRefused only. `authorise` is for counters that lend
    tokens; its answer's `access_token` (RFC 6749 section 5.1) is handed to `ask`.
    """

    name: str
    keys: type[Keys]
    ask: Callable[[Counter[Keys], datetime, str], HttpRequest]
    read: Callable[[str, int], tuple[Figure, ...]]
    authorise: Callable[[Counter[Keys], datetime], HttpRequest] | None = None
    needs_secret: bool = False
    may_be_a_file: bool = False
    file: Callable[[Keys], Path | None] = field(default=lambda _: None)
