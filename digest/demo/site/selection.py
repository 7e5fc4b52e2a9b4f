"""The posts of the front page and of an article's foot: pure choices among all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.demo.site.entries import Post, Section

Score = Callable[[Post], float]
_HOT_HOURS = 24.0


@dataclass(frozen=True)
class FrontPage:
    """The blocks of the front page; `latest` pairs each section with its newest articles."""

    lead: Post
    hot: tuple[Post, ...]
    trending: tuple[Post, ...]
    picks: tuple[Post, ...]
    top: tuple[Post, ...]
    popular: tuple[Post, ...]
    latest: tuple[tuple[Section, tuple[Post, ...]], ...]


def front_page(posts: Sequence[Post], sections: Sequence[Section], now: datetime) -> FrontPage:
    """Choose every block from `posts`, newest first; "hot" and the lead have pictures."""
    fresh = [post for post in posts if _hours(post, now) <= _HOT_HOURS and post.picture]
    hot = sorted(fresh, key=lambda post: -post.views / (4 + _hours(post, now))) or list(posts)
    shown = {post.id for post in hot[:5]}
    rest = [post for post in posts if post.id not in shown]
    return FrontPage(
        lead=hot[0],
        hot=tuple(hot[1:5]),
        trending=_by(posts, lambda post: post.views / (12 + _hours(post, now)), 8, shown),
        picks=_picks(posts, sections, shown),
        top=_by(posts, lambda post: post.views, 6, set()),
        popular=_by(posts, lambda post: post.comment_count, 6, set()),
        latest=tuple((one, _at_home(rest, one)[:4]) for one in sections),
    )


def in_section(posts: Sequence[Post], section: Section) -> tuple[Post, ...]:
    """Return a section's posts in the order of `posts`."""
    return tuple(post for post in posts if section in post.sections)


def related(post: Post, posts: Sequence[Post]) -> tuple[Post, ...]:
    """Return the four articles that share most with `post`: tags first, then sections."""

    def nearness(other: Post) -> int:
        tags = len(set(other.tags) & set(post.tags))
        return 3 * tags + len(set(other.sections) & set(post.sections))

    others = [other for other in posts if other.id != post.id and nearness(other)]
    return tuple(sorted(others, key=lambda other: -nearness(other))[:4])


def neighbours(post: Post, posts: Sequence[Post]) -> tuple[Post | None, Post | None]:
    """Return the article published before `post` and the one after it."""
    place = [other.id for other in posts].index(post.id)
    older = posts[place + 1] if place + 1 < len(posts) else None
    return older, posts[place - 1] if place else None


def _at_home(posts: Sequence[Post], section: Section) -> tuple[Post, ...]:
    # An article of two sections would stand twice on one page.
    return tuple(post for post in posts if post.sections[0] == section)


def _picks(posts: Sequence[Post], sections: Sequence[Section], shown: set[int]) -> tuple[Post, ...]:
    # What moved readers to write, for its number of readers: one a section.
    picks = []
    for section in sections:
        own = [post for post in in_section(posts, section) if post.picture and post.id not in shown]
        own.sort(key=lambda post: -post.comment_count / max(post.views, 1))
        picks += own[:1]
        shown = shown | {post.id for post in own[:1]}
    return tuple(picks[1:5])


def _by(posts: Sequence[Post], score: Score, count: int, shown: set[int]) -> tuple[Post, ...]:
    rest = [post for post in posts if post.id not in shown]
    return tuple(sorted(rest, key=lambda post: -score(post))[:count])


def _hours(post: Post, now: datetime) -> float:
    return max((now - post.at).total_seconds() / 3600, 0.0)
