"""What the store keeps of sources and articles, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of saving a source's articles: never met before, and told better than before.

    `ids` are the store's ids of those that it knows under another id than they were met with.
    """

    new: int
    updated: int
    ids: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """The end of one look at a source, on its way into the store. `items` counts its articles.

    `url` is the configured one; `moved_to` is where it is asked next time instead. A failure keeps
    that unless it says `forget_move`; `not_before` and `retired` hold until the next look.
    """

    id: str
    url: str
    status: Literal["ok", "unchanged", "failed"]
    kind: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    error: str = ""
    items: int = 0
    seconds: float = 0.0
    not_before: datetime | None = None
    retired: bool = False
    forget_move: bool = False


@dataclass(frozen=True, slots=True)
class KnownSource:
    """The record of a source. `usual_items` is its mean over every look that read it."""

    id: str
    url: str
    kind: str
    etag: str
    last_modified: str
    moved_to: str
    last_success: datetime | None
    last_error: str
    last_checked: datetime | None
    checks: int
    failures_in_a_row: int
    last_items: int
    usual_items: float
    asked_url: str
    last_seconds: float
    not_before: datetime | None
    retired_at: datetime | None

    def address(self, url: str) -> str:
        """Return where to ask for what was configured as `url`: where it moved for good."""
        return self.moved_to if url == self.url and self.moved_to else url

    def is_retired(self, url: str) -> bool:
        """Tell whether the site retired this very address."""
        return self.retired_at is not None and url == self.asked_url

    def rests_until(self, url: str) -> datetime | None:
        """Return the moment before which this address is not to be asked, if there is one."""
        return self.not_before if url == self.asked_url else None

    def validators(self, url: str) -> tuple[str, str]:
        """Return ETag and Last-Modified for a conditional request; they hold for their URL only."""
        return (self.etag, self.last_modified) if url == self.url else ("", "")


@dataclass(frozen=True, slots=True)
class SourceVolume:
    """The volume of a source: `days` are new articles in each whole day back from now.

    Only days since the source was first read are there, the latest first, at most fourteen.
    """

    newest: datetime | None
    first_seen: datetime
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """An article's page as it was read last; `article_id` is "" where it was none."""

    article_id: str
    published: datetime | None
    etag: str
    last_modified: str
    first_read_at: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """A change of an article's `field`, "title" or "picture": what it said before and after."""

    article_id: str
    at: datetime
    field: str
    before: str
    after: str
