"""The query of a REST client, checked as WordPress checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from digest.demo.site.entries import Post

_LARGEST_PAGE = 100
_ORDERS: dict[str, Callable[[Post], Any]] = {
    "date": lambda post: (post.at, post.id),
    "id": lambda post: post.id,
    "modified": lambda post: (post.modified, post.id),
    "slug": lambda post: post.slug,
    "title": lambda post: post.title,
}

_TERM_ORDERS = ("count", "id", "name", "slug")


class RestFault(Exception):
    """A WordPress error: HTTP status, `code` and message; `params` names what was wrong."""

    def __init__(
        self, status: int, code: str, message: str, params: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.params = params or {}


@dataclass(frozen=True)
class Query:
    """A checked query of a WordPress collection."""

    page: int
    per_page: int
    embed: bool
    order_by: str
    descending: bool
    categories: frozenset[int]
    tags: frozenset[int]
    include: frozenset[int]
    slugs: frozenset[str]
    search: str
    after: datetime | None
    before: datetime | None
    fields: frozenset[str]

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """Check a query for posts. Raises RestFault (400, rest_invalid_param)."""
        return cls._read(asked, orders=tuple(sorted(_ORDERS)), default="date", descending="desc")

    @classmethod
    def read_terms(cls, asked: Mapping[str, str]) -> Self:
        """Check a query for categories, tags or users: their orders differ from posts'."""
        return cls._read(asked, orders=_TERM_ORDERS, default="name", descending="asc")

    @classmethod
    def _read(
        cls, asked: Mapping[str, str], *, orders: tuple[str, ...], default: str, descending: str
    ) -> Self:
        order_by = asked.get("orderby", default)
        if order_by not in orders:
            raise _invalid("orderby", f"orderby is not one of {', '.join(orders)}.")
        return cls(
            page=_whole(asked, "page", 1, None),
            per_page=_whole(asked, "per_page", 10, _LARGEST_PAGE),
            embed="_embed" in asked,
            order_by=order_by,
            descending=asked.get("order", descending) == "desc",
            categories=_numbers(asked, "categories"),
            tags=_numbers(asked, "tags"),
            include=_numbers(asked, "include"),
            slugs=_words(asked, "slug"),
            search=asked.get("search", "").lower(),
            after=_moment(asked, "after"),
            before=_moment(asked, "before"),
            fields=_words(asked, "_fields"),
        )

    def select(self, posts: Iterable[Post]) -> list[Post]:
        """Return the posts that match, in the order asked for."""
        found = [post for post in posts if self._wants(post)]
        return sorted(found, key=_ORDERS[self.order_by], reverse=self.descending)

    def select_terms(self, records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the terms or users that match, in the order asked for."""
        found = [one for one in records if not self.slugs or one["slug"] in self.slugs]
        return sorted(
            found,
            key=lambda one: (one.get(self.order_by, 0), one["id"]),
            reverse=self.descending,
        )

    def narrow(self, record: dict[str, Any]) -> dict[str, Any]:
        """Keep the fields asked for with `_fields`."""
        if not self.fields:
            return record
        return {name: value for name, value in record.items() if name in self.fields}

    def _wants(self, post: Post) -> bool:
        text = " ".join((post.title, *post.body)).lower()
        return (
            (not self.categories or any(one.id in self.categories for one in post.sections))
            and (not self.tags or any(one.id in self.tags for one in post.tags))
            and (not self.include or post.id in self.include)
            and (not self.slugs or post.slug in self.slugs)
            and (self.after is None or post.at > self.after)
            and (self.before is None or post.at < self.before)
            and self.search in text
        )


def _invalid(name: str, why: str) -> RestFault:
    return RestFault(400, "rest_invalid_param", f"Invalid parameter(s): {name}", {name: why})


def _whole(asked: Mapping[str, str], name: str, default: int, largest: int | None) -> int:
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise _invalid(name, f"{name} is not of type integer.")
    number = int(text)
    if number < 1 or (largest is not None and number > largest):
        limit = f"between 1 (inclusive) and {largest} (inclusive)" if largest else "at least 1"
        raise _invalid(name, f"{name} must be {limit}")
    return number


def _words(asked: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(one.strip() for one in asked.get(name, "").split(",") if one.strip())


def _numbers(asked: Mapping[str, str], name: str) -> frozenset[int]:
    words = _words(asked, name)
    if not all(word.isascii() and word.isdigit() for word in words):
        raise _invalid(name, f"{name}[0] is not of type integer.")
    return frozenset(int(word) for word in words)


def _moment(asked: Mapping[str, str], name: str) -> datetime | None:
    if name not in asked:
        return None
    try:
        # A plus sign in a query string is a space.
        moment = datetime.fromisoformat(asked[name].replace(" ", "+"))
    except ValueError:
        raise _invalid(name, "Invalid date.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
