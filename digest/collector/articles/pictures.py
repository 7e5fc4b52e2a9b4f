"""Chooses one of the pictures that a source offers for an article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.collector.articles.images import Image
from digest.collector.articles.urls import absolute
from digest.models.articles import SMALLEST_PICTURE, Picture

# What a program writes for a picture that it does not have.
_UNSAID = frozenset({"undefined", "null", "none", "nan", "false", "[object object]"})
WIDE = 600
_LARGEST = 2_600
_MIN_SHAPE, _MAX_SHAPE = 0.3, 5.0
_UNKNOWN = 400  # a picture of unknown size ranks between a thumbnail and a wide one
# What mail programs show, the best first; every other format they leave blank.
_SHOWN = {"jpeg": 2, "jpg": 2, "pjpeg": 2, "jfif": 2, "png": 2, "x-png": 2, "gif": 2, "webp": 1}
_NEVER = frozenset(
    {
        "svg", "svgz", "svg+xml", "avif", "heic", "heif", "jxl", "tif", "tiff", "bmp",
        "x-icon", "vnd.microsoft.icon", "ico", "psd", "eps", "mp4", "webm", "mp3", "m4a",
        "m4v", "mov", "ogg", "oga", "ogv", "wav", "pdf", "swf", "php3", "html", "htm",
    }
)  # fmt: skip
_FORMAT_IN_QUERY = re.compile(r"[?&](?:format|fm|fmt|ext|type)=([a-z]{2,5})\b", re.IGNORECASE)
_ENDING = re.compile(r"\.([a-z0-9]{2,5})$")
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
    "favicon",
    "apple-touch-icon",
    "/avatar",
    "avatars.",
    "/share.",
    "sharethis",
    "/badge",
    "idsite=",
    "matomo.",
    "piwik.",
    "plausible.io",
    "/stat?",
    "/stats?",
    "/stat.gif",
    "/p.gif",
    "/px.gif",
    "/open.gif",
    "/track",
    "/hit.",
    "/hits/",
    "quantserve",
    "chartbeat",
    "bat.bing.com",
    "feedblitz",
    "mailchimp.com/track",
    "republication-tracker",
    "/wp-includes/images/",
    "/api/event",
    "/collect?",
    "count.theconversation",
    "vgwort.de",
    "ivwbox.de",
    "count.gif",
    "clear.gif",
    "rss-pixel",
    "/loading.",
    "/placeholder.",
    # Counters and rankings of other countries' presses.
    "mc.yandex.", "top100.rambler", "hm.baidu.com", ".cnzz.com", ".51.la/", "hatena.ne.jp/entry/",
    ".a8.net/", "valuecommerce.com", "accesstrade.net", "moshimo.com/af/", "blogmura.com",
    "blog.with2.net", "wcs.naver.", "xiti.com/", "estat.com/", "gemius.", "bigmir.net", "ioam.de",
    "imrworldwide.", "sitestat.", "/hit?", "/watch/",
)  # fmt: skip
# Words too short for a look anywhere: whole parts of a file's name.
_ICON = re.compile(
    r"(?:^|[/_.-])(?:icons?|logo|avatar|profile|share|tweet|spinner|px|emoticon)s?[._-]"
)
_SCRIPT = re.compile(r"/[\w-]+\.(?:php|aspx?|cgi|jsp|pl)$")
_PICTURED = re.compile(
    r"(?:src|url|img|image|file|pic|photo|id|thumb|attachment)\w*=", re.IGNORECASE
)
_SIZE_IN_NAME = re.compile(r"[-_/](\d{2,4})x(\d{2,4})(?=[-_./?]|$)")
_WIDTH_IN_QUERY = re.compile(r"[?&](?:w|width|imwidth|resize)=(\d{2,4})\b")


def best_picture(offered: Sequence[Image], base: str) -> Picture | None:
    """Choose the picture: wide enough first, then the largest sensible; None if there is none.

    The order of `offered` decides between equals, so a source's own choice comes first.
    """
    usable = [(image, found) for image in offered[:60] if (found := _usable(image, base))]
    fitting = [picture for _, picture in usable]
    if not fitting:
        return None
    # Of unknown format may be any: only where one is known to be shown everywhere does it count.
    formats = [_SHOWN.get(_format(image.media_type, image.url.lower()), 2) for image, _ in usable]
    best = max(
        range(len(fitting)),
        key=lambda place: (*_rank(fitting[place], formats[place], usable[place][0]), -place),
    )
    chosen = _widened(fitting[best], usable[best][0], base)
    if chosen.alt:
        return chosen
    alt = next((other.alt for other in fitting if other.alt and other.url == chosen.url), "")
    return Picture(chosen.url, chosen.width, chosen.height, alt)


def _usable(image: Image, base: str) -> Picture | None:
    if image.url.strip().rpartition("/")[2].lower() in _UNSAID:
        return None
    url = absolute(image.url, base).partition("#")[0]
    lower = url.lower()
    if not url or image.hidden or _is_beside_the_news(lower):
        return None
    width, height = _size(image, url)
    large = (width or 0) >= _UNKNOWN or (height or 0) >= _UNKNOWN
    if (not large and _is_furniture(lower, image.media_type)) or _format(
        image.media_type, lower
    ) in _NEVER:
        return None
    if any(side is not None and side < SMALLEST_PICTURE for side in (width, height)):
        return None
    if width and height and not _MIN_SHAPE <= width / height <= _MAX_SHAPE:
        return None
    return Picture(url, width, height, image.alt)


def _is_beside_the_news(url: str) -> bool:
    for word in _NOT_NEWS:  # noqa: SIM110 - half the time of any(), and done for every picture
        if word in url:
            return True
    return False


def _is_furniture(url: str, media_type: str) -> bool:
    """Tell an icon by its name, and a script that counts: one asked for a picture is none."""
    path, _, query = url.partition("?")
    name = path.rpartition("/")[2]
    return (
        bool(_ICON.search(f"/{name}"))
        or "/icons/" in path
        or (not media_type and bool(_SCRIPT.search(path)) and not _PICTURED.search(query))
    )


def _format(media_type: str, url: str) -> str:
    """Return "jpeg", "webp" …, by the type that was said, the query or the ending, or ""."""
    said = media_type.partition(";")[0].strip().lower()
    if said.startswith("image/") and said not in {"image/*", "image/"}:
        return said.removeprefix("image/")
    path = url.partition("?")[0]
    found = _FORMAT_IN_QUERY.search(url) or _ENDING.search(path)
    return found[1].lower() if found else ""


def _size(image: Image, url: str) -> tuple[int | None, int | None]:
    """Take the size the source gave, else the one its address speaks of."""
    if image.width is not None or image.height is not None:
        return image.width, image.height
    if found := _SIZE_IN_NAME.search(url):
        return int(found[1]), int(found[2])
    if found := _WIDTH_IN_QUERY.search(url):
        return int(found[1]), None
    return None, None


def _widened(picture: Picture, image: Image, base: str) -> Picture:
    """Return the chosen picture in the widest size it is offered in."""
    own, wide = picture.width or 0, image.wider_width or 0
    url = absolute(image.wider, base).partition("#")[0] if own < WIDE and own < wide else ""
    return Picture(url, wide, None, picture.alt) if url else picture


def _rank(picture: Picture, shown: int, image: Image) -> tuple[bool, int, int]:
    width = picture.width or _UNKNOWN
    if image.wider_width:
        width = max(width, _UNKNOWN)
    # An original far wider than any screen costs readers more than it shows them.
    return width >= WIDE, shown, min(width, 2 * WIDE) if width <= _LARGEST else WIDE
