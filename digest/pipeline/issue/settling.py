"""The quiet period of a source: an article is told once it has not changed for so long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from digest.config import Settings
from digest.editorial.overlay.wishes import Overlay
from digest.models.articles import KnownArticle

_NAMED = 3


def split(
    settings: Settings,
    articles: Sequence[KnownArticle],
    at: datetime,
    first_collects: Mapping[str, datetime],
    overlay: Overlay,
) -> tuple[tuple[KnownArticle, ...], tuple[KnownArticle, ...]]:
    """Return the articles that are told at `at`, and those that still settle.

    What a source brought at its first collect settles no more, nor does a story that the editors
    lead with or pin.
    """
    periods = {one.id: timedelta(minutes=one.settle_minutes) for one in settings.source}
    wanted = {wish.story for wish in overlay.pins}
    wanted |= {overlay.lead.story} if overlay.lead else set()
    told: list[KnownArticle] = []
    settling: list[KnownArticle] = []
    for known in articles:
        first = first_collects.get(known.article.source_id)
        period = periods.get(known.article.source_id, timedelta(0))
        waits = period and known.first_seen != first and not _names(known) & wanted
        quiet = _last_change(known) + period
        (settling if waits and quiet > at >= _last_change(known) else told).append(known)
    return tuple(told), tuple(settling)


def sentence(settling: Iterable[KnownArticle]) -> str:
    """Say what still settles; "" where nothing does."""
    titles = [known.article.title for known in settling]
    if not titles:
        return ""
    named = ", ".join(f'"{title}"' for title in titles[:_NAMED])
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    return f"told once they have not changed for a while (settle_minutes): {named}{more}"


def _last_change(known: KnownArticle) -> datetime:
    """Return its own moment of change, else its date, else when it was first seen.

    A post that was scheduled was changed before it came out: then its date counts.
    """
    said = (known.article.updated, known.article.published)
    return max(filter(None, said), default=known.first_seen)


def _names(known: KnownArticle) -> set[str]:
    return {known.article.id, known.article.url, known.article.title}
