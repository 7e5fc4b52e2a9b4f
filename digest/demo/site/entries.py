"""The posts and pages of the demo newsroom, as frozen values. No behaviour beyond naming, no IO."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PICTURE_WIDTH = 1200
PICTURE_HEIGHT = 675


@dataclass(frozen=True, slots=True)
class Section:
    """A category of the site; `slug` is its part of the address."""

    id: int
    slug: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic that articles of any section may share."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Author:
    """A byline."""

    id: int
    slug: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment, plain text."""

    id: int
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture in the media library: the file's name and its alternative text."""

    id: int
    file: str
    alt: str


@dataclass(frozen=True, slots=True)
class Post:
    """One published article. `body` is plain text: paragraphs, and headings that begin "## ".

    `comment_count` counts all comments, of which `comments` are the ones shown.
    """

    id: int
    slug: str
    title: str
    at: datetime
    modified: datetime
    author: Author
    sections: tuple[Section, ...]
    tags: tuple[Tag, ...]
    body: tuple[str, ...]
    views: int
    comment_count: int
    comments: tuple[Comment, ...] = ()
    picture: Illustration | None = None

    @property
    def path(self) -> str:
        """Return the permalink's path: "/2026/11/23/a-headline/"."""
        return f"/{self.at:%Y/%m/%d}/{self.slug}/"

    @property
    def excerpt(self) -> str:
        """Return the first paragraph."""
        return self.body[0]

    @property
    def reading_minutes(self) -> int:
        """Count at 200 words a minute, one minute at least."""
        return max(1, round(sum(len(part.split()) for part in self.body) / 200))


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Everything the content files hold, dated."""

    name: str
    tagline: str
    language: str
    sections: tuple[Section, ...]
    authors: tuple[Author, ...]
    tags: tuple[Tag, ...]
    posts: tuple[Post, ...]
