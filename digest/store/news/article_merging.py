"""Two copies of one article become one: which words win. Pure.

The copy that is newer speaks first, and where it says nothing the other one is heard: an older
copy, or a barer one from another source, never takes a title or a picture away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from digest.models.articles import Article, Picture

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_WORDS = (
    "url",
    "title",
    "author",
    "published",
    "picture",
    "tags",
    "language",
    "reading_minutes",
)
_SIGNALS = ("comments", "popularity")


def merge(known: Article, met: Article) -> Article:
    """Return `known` as it is after `met`, another copy of the same article, came in."""
    newer = met.source_id == known.source_id and _age(met) >= _age(known)
    first, second = (met, known) if newer else (known, met)
    told: dict[str, Any] = {
        name: _first(getattr(first, name), getattr(second, name)) for name in _WORDS
    }
    told["picture"] = _measured(told["picture"], known.picture)
    said = first if first.excerpt else second  # the same words, as text and as HTML
    return replace(
        known,
        **told,
        **_signals(known, met),
        excerpt=said.excerpt,
        excerpt_html=said.excerpt_html,
        updated=_latest(known, met),
    )


def _measured(picture: Picture | None, known: Picture | None) -> Picture | None:
    """Return a picture with the size that is known of it, where its feed says none again."""
    if picture is None or known is None or picture.width or picture.url != known.url:
        return picture
    return replace(picture, width=known.width, height=known.height)


def _signals(known: Article, met: Article) -> dict[str, Any]:
    # Each source counts on a scale of its own, so that only the same one may speak again.
    if met.source_id != known.source_id:
        return {name: _first(getattr(known, name), getattr(met, name)) for name in _SIGNALS}
    return {name: _first(getattr(met, name), getattr(known, name)) for name in _SIGNALS}


def _age(article: Article) -> datetime:
    return article.updated or article.published or _LONG_AGO


def _latest(known: Article, met: Article) -> datetime | None:
    times = [time for time in (known.updated, met.updated) if time]
    return max(times, default=None)


def _first(preferred: object, otherwise: object) -> object:
    return otherwise if preferred is None or preferred in ("", ()) else preferred
