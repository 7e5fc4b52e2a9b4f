"""Podcasts, told by items with nothing to read; a read-aloud file beside an article is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from digest.errors import SourceUnreadable

_MOSTLY = 0.8  # of the items: then the feed as a whole is a podcast
_SHORTEST = 20  # characters of a text that is one
_SAID = re.compile(
    r"\b(?:podcasts?|(?:this|in this) episode|show ?notes|in dieser (?:folge|episode)|"
    r"cet \u00e9pisode|este epis\u00f3dio|este episodio|questo episodio|deze aflevering)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LOOKED_AT = 20_000


def is_episode(
    files: Iterable[tuple[str, str]], texts: Sequence[str], *, marked: bool = False
) -> bool:
    """Tell an episode by its files (address, type), its texts, and a podcast's own marks."""
    recorded = [url for url, kind in files if kind.startswith(("audio/", "video/"))]
    if not recorded:
        return False
    start = " ".join(texts)[:_LOOKED_AT]
    if marked or len(" ".join(_TAG.sub(" ", start).split())) < _SHORTEST:
        return True
    return bool(_SAID.search(start)) or any(url and url in start for url in recorded)


def refuse_podcast(episodes: Sequence[bool]) -> None:
    """Raise SourceUnreadable where most of a feed's items are episodes."""
    if episodes and sum(episodes) / len(episodes) >= _MOSTLY:
        raise SourceUnreadable(
            "this feed is a podcast: its items are audio or video files with nothing to read",
            fix="Use the feed of the articles",
        )
