"""The demo site's state: what is published now, and the desk that changes it while it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from digest.demo.site.entries import Author, Illustration, Post, Section, Tag
from digest.demo.site.reading import paragraphs, read_newsroom, slugify
from digest.errors import DigestError

_NEW_POST = 50_001
_NEW_TAG = 9_001


class DemoSite:
    """A news site with fresh dates: the same `now` and `base_url` give the same site.

    Articles may be published, edited and withdrawn at any time and from any thread; every feed,
    page and REST answer follows at once, with a later Last-Modified.
    """

    def __init__(self, now: datetime, base_url: str) -> None:
        """Read the content; `now` must be aware, `base_url` may end with a slash or not."""
        self.now = now
        self.base_url = base_url.rstrip("/")
        start = read_newsroom(now)
        self.name = start.name
        self.tagline = start.tagline
        self.language = start.language
        self.sections = start.sections
        self.authors = start.authors
        self._tags = {tag.name: tag for tag in start.tags}
        self._posts = {post.id: post for post in start.posts}
        self._changed = max(post.at for post in start.posts)
        self._numbers = count(_NEW_POST, 7)
        self._tag_numbers = count(_NEW_TAG)
        self._lock = threading.RLock()

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every published article, newest first."""
        with self._lock:
            return tuple(sorted(self._posts.values(), key=_age_order))

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Every tag ever used, by number."""
        with self._lock:
            return tuple(sorted(self._tags.values(), key=lambda tag: tag.id))

    @property
    def changed(self) -> datetime:
        """When anything last changed: what Last-Modified says."""
        return self._changed

    def post(self, number: int) -> Post:
        """Return one article. Raises DigestError when there is none of that number."""
        try:
            return self._posts[number]
        except KeyError:
            raise DigestError(
                f"there is no article {number}",
                where=self.base_url,
                fix="Take a number from DemoSite.posts.",
            ) from None

    def section(self, slug: str) -> Section:
        """Return one section by its slug; raises DigestError naming those that exist."""
        for section in self.sections:
            if section.slug == slug:
                return section
        known = ", ".join(section.slug for section in self.sections)
        raise DigestError(
            f'there is no section "{slug}"', where=self.base_url, fix=f"Choose one of {known}."
        )

    def publish(  # noqa: PLR0913 - each is a field of the article, and named at the call
        self,
        section: str | Sequence[str],
        title: str,
        body: str,
        *,
        author: str = "maren-holloway",
        tags: Iterable[str] = (),
        at: datetime | None = None,
        views: int = 0,
        comment_count: int = 0,
        picture_of: int | None = None,
    ) -> Post:
        """Publish an article now, or dated `at`, in one or several sections (by slug).

        `picture_of` borrows the picture of another article.
        """
        with self._lock:
            homes = (section,) if isinstance(section, str) else tuple(section)
            moment = self._tick()
            number = next(self._numbers)
            borrowed = self.post(picture_of).picture if picture_of is not None else None
            post = Post(
                id=number,
                slug=self._free_slug(slugify(title) or f"p{number}"),
                title=title,
                at=at or moment,
                modified=moment,
                author=self._author(author),
                sections=tuple(self.section(home) for home in homes),
                tags=tuple(self._tag(name) for name in tags),
                body=paragraphs(body),
                views=views,
                comment_count=comment_count,
                picture=Illustration(number + 1, borrowed.file, borrowed.alt) if borrowed else None,
            )
            self._posts[number] = post
            return post

    def edit(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        views: int | None = None,
        comment_count: int | None = None,
    ) -> Post:
        """Change an article in place: its address and its date stay, `modified` moves."""
        with self._lock:
            post = self.post(number)
            post = replace(
                post,
                modified=self._tick(),
                title=post.title if title is None else title,
                body=post.body if body is None else paragraphs(body),
                views=post.views if views is None else views,
                comment_count=post.comment_count if comment_count is None else comment_count,
            )
            self._posts[number] = post
            return post

    def withdraw(self, number: int) -> None:
        """Take an article off the site: its page answers 404 and no list has it."""
        with self._lock:
            del self._posts[self.post(number).id]
            self._tick()

    def _tick(self) -> datetime:
        # HTTP dates count whole seconds: two changes must never share one.
        start = max(self._changed, self.now.replace(microsecond=0))
        self._changed = start + timedelta(seconds=1)
        return self._changed

    def _author(self, slug: str) -> Author:
        for author in self.authors:
            if author.slug == slug:
                return author
        known = ", ".join(author.slug for author in self.authors)
        raise DigestError(
            f'there is no author "{slug}"', where=self.base_url, fix=f"Choose one of {known}."
        )

    def _tag(self, name: str) -> Tag:
        if name not in self._tags:
            self._tags[name] = Tag(next(self._tag_numbers), slugify(name), name)
        return self._tags[name]

    def _free_slug(self, slug: str) -> str:
        taken = {post.slug for post in self._posts.values()}
        return next(
            name
            for name in (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3)))
            if name not in taken
        )


def _age_order(post: Post) -> tuple[float, int]:
    return (-post.at.timestamp(), -post.id)
