"""Chooses one of the pictures that a source offers for an article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.collector.articles.markup import Image
from digest.collector.articles.urls import absolute
from digest.models.articles import Picture

WIDE = 600
_SMALLEST = 60
_LARGEST = 2_600
_MIN_SHAPE, _MAX_SHAPE = 0.3, 5.0
_UNKNOWN = 400  # a picture of unknown size ranks between a thumbnail and a wide one
_MOVING = (".svg", ".mp4", ".webm", ".mp3", ".m4a", ".m4v", ".mov", ".ogg", ".pdf", ".swf")
# Counters, smileys, avatars and share buttons: shown in articles, but never what they are about.
# Words and not one pattern of them: "in" is a tenth of the time.
_NOT_NEWS = (
    "pixel",
    "tracking",
    "tracker",
    "/count",
    "counter",
    "beacon",
    "1x1",
    "blank.gif",
    "spacer",
    "transparent.",
    "feedburner.com/~",
    "feeds.wordpress.com",
    "stats.wordpress",
    "s.w.org/images/core/emoji",
    "doubleclick",
    "gravatar.com",
    "/smilies",
    "/smiley",
    "emoji",
    "facebook.com/tr",
    "/share-",
    "/share_",
    "addtoany",
    "feedsportal",
    "googleads",
    "adserv",
    "scorecardresearch",
    "analytics",
    "/ad/",
    "/ads/",
)
_SIZE_IN_NAME = re.compile(r"[-_/](\d{2,4})x(\d{2,4})(?=[-_./?]|$)")
_WIDTH_IN_QUERY = re.compile(r"[?&](?:w|width|imwidth|resize)=(\d{2,4})\b")


def best_picture(offered: Sequence[Image], base: str) -> Picture | None:
    """Choose the picture: wide enough first, then the largest sensible; None if there is none.

    The order of `offered` decides between equals, so a source's own choice comes first.
    """
    fitting = [picture for image in offered[:60] if (picture := _usable(image, base))]
    if not fitting:
        return None
    best = max(range(len(fitting)), key=lambda place: (_rank(fitting[place]), -place))
    chosen = fitting[best]
    if chosen.alt:
        return chosen
    alt = next((other.alt for other in fitting if other.alt and other.url == chosen.url), "")
    return Picture(chosen.url, chosen.width, chosen.height, alt)


def _usable(image: Image, base: str) -> Picture | None:
    url = absolute(image.url, base).partition("#")[0]
    lower = url.lower()
    if not url or any(word in lower for word in _NOT_NEWS):
        return None
    if lower.partition("?")[0].endswith(_MOVING):
        return None
    width, height = _size(image, url)
    if any(side is not None and side < _SMALLEST for side in (width, height)):
        return None
    if width and height and not _MIN_SHAPE <= width / height <= _MAX_SHAPE:
        return None
    return Picture(url, width, height, image.alt)


def _size(image: Image, url: str) -> tuple[int | None, int | None]:
    """Take the size the source gave, else the one its address speaks of."""
    if image.width is not None or image.height is not None:
        return image.width, image.height
    if found := _SIZE_IN_NAME.search(url):
        return int(found[1]), int(found[2])
    if found := _WIDTH_IN_QUERY.search(url):
        return int(found[1]), None
    return None, None


def _rank(picture: Picture) -> tuple[bool, int]:
    width = picture.width or _UNKNOWN
    # An original far wider than any screen costs readers more than it shows them.
    return width >= WIDE, min(width, 2 * WIDE) if width <= _LARGEST else WIDE
