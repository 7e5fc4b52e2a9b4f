"""Links by which a reader hands a story on: plain addresses, no script and no count.

Each service's address is the one its own documentation names for sharing links; they were looked
at in November 2026. A service that goes away is one line less here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from digest.render.words import Words

_MAIL = "mail"
SERVICES = {
    "mail": "mailto:?subject={title}&body={url}",
    "whatsapp": "https://wa.me/?text={title}%20{url}",
    "telegram": "https://t.me/share/url?url={url}&text={title}",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u={url}",
    "bluesky": "https://bsky.app/intent/compose?text={title}%20{url}",
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url={url}",
    "x": "https://x.com/intent/post?url={url}&text={title}",
}
"""Name in the configuration → address, with the story's title and URL in it, percent-encoded."""

_NAMES = {
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "facebook": "Facebook",
    "bluesky": "Bluesky",
    "linkedin": "LinkedIn",
    "x": "X",
}


@dataclass(frozen=True, slots=True)
class ShareView:
    """One way to hand a story on: what it is called, and where it leads."""

    name: str
    url: str


def shares(title: str, url: str, services: Sequence[str], words: Words) -> tuple[ShareView, ...]:
    """Return the links of a story; a service that is not known any more is passed over."""
    if not url:
        return ()
    values = {"title": quote(title, safe=""), "url": quote(url, safe="")}
    return tuple(
        ShareView(_called(name, words), SERVICES[name].format(**values))
        for name in services
        if name in SERVICES
    )


def _called(name: str, words: Words) -> str:
    return words["share_mail"] if name == _MAIL else _NAMES[name]
