"""Content files → newsroom. Reads the TOML beside it; knows nothing of HTTP or HTML."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from digest.demo.site.entries import (
    Author,
    Comment,
    Illustration,
    Newsroom,
    Post,
    Section,
    Tag,
)

CONTENT = Path(__file__).resolve().parent / "content"
_SLUG_LENGTH = 72
_FIRST_POST = 1204
# WordPress numbers posts, pictures and revisions from one sequence.
_POST_STEP = 7


def slugify(title: str) -> str:
    """Make an address part as WordPress does: ASCII, lower case, hyphens, cut at a word."""
    plain = title.replace("ø", "o").replace("Ø", "O").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    plain = re.sub("['\u2019]", "", plain)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug if len(slug) <= _SLUG_LENGTH else slug[: _SLUG_LENGTH + 1].rpartition("-")[0]


def typographic(text: str) -> str:
    """Turn straight quotes into curly ones, as WordPress does when it shows a text."""
    text = re.sub(r'(^|[\s(\u2014])"', "\\1\u201c", text).replace('"', "\u201d")
    return re.sub(r"(^|[\s(\u201c])'", "\\1\u2018", text).replace("'", "\u2019")


def read_newsroom(now: datetime) -> Newsroom:
    """Read every content file; ages become dates before `now`, oldest article first by number."""
    site = _load(CONTENT / "site.toml")
    sections = tuple(
        Section(number, row["slug"], row["name"], row["description"])
        for number, row in enumerate(site["section"], start=2)
    )
    authors = tuple(
        Author(number, row["slug"], row["name"], row["about"])
        for number, row in enumerate(site["author"], start=1)
    )
    drafts = _drafts(sections)
    tags = _tags(drafts, first=2 + len(sections))
    reader = _PostReader(now, sections, authors, tags)
    posts = tuple(reader.post(draft, order) for order, draft in enumerate(drafts))
    return Newsroom(site["name"], site["tagline"], site["language"], sections, authors, tags, posts)


def _load(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _drafts(sections: Sequence[Section]) -> list[dict[str, Any]]:
    drafts = [
        {**row, "section": section.slug}
        for section in sections
        for row in _load(CONTENT / f"{section.slug}.toml")["post"]
    ]
    return sorted(drafts, key=lambda row: (-row["age"], row["title"]))


def _tags(drafts: Sequence[dict[str, Any]], first: int) -> tuple[Tag, ...]:
    names = sorted({name for row in drafts for name in row["tags"]}, key=str.lower)
    return tuple(Tag(number, slugify(name), name) for number, name in enumerate(names, first))


@dataclass(frozen=True)
class _PostReader:
    """Turns a row of a content file into a post."""

    now: datetime
    sections: tuple[Section, ...]
    authors: tuple[Author, ...]
    tags: tuple[Tag, ...]

    def post(self, row: dict[str, Any], order: int) -> Post:
        number = _FIRST_POST + order * _POST_STEP
        at = _whole(self.now - timedelta(minutes=row["age"]))
        slug = slugify(row["title"])
        homes = (row["section"], *row.get("also", []))
        comments = self._comments(row, number, at)
        return Post(
            id=number,
            slug=slug,
            title=typographic(row["title"]),
            at=at,
            modified=at,
            author=next(one for one in self.authors if one.slug == row["author"]),
            sections=tuple(one for home in homes for one in self.sections if one.slug == home),
            tags=tuple(one for name in row["tags"] for one in self.tags if one.name == name),
            body=paragraphs(typographic(row["body"])),
            views=row["views"],
            comment_count=row["comments"],
            comments=comments,
            picture=Illustration(number + 1, f"{slug}.jpg", row["alt"]) if "alt" in row else None,
        )

    def _comments(self, row: dict[str, Any], number: int, at: datetime) -> tuple[Comment, ...]:
        said = row.get("said", [])
        step = timedelta(minutes=row["age"]) / (len(said) + 1)
        return tuple(
            Comment(number * 10 + place, name, typographic(text), _whole(at + step * place))
            for place, (name, text) in enumerate(said, start=1)
        )


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def paragraphs(text: str) -> tuple[str, ...]:
    """Split at empty lines; a heading ("## …") is a part of its own even without one."""
    parts = re.split(r"\n\s*\n|(?<=\n)(?=## )|(?<=^)(?=## )", text.strip())
    lines = [
        re.split(r"\n", part, maxsplit=1) if part.startswith("## ") else [part] for part in parts
    ]
    return tuple(" ".join(one.split()) for part in lines for one in part if one.strip())
