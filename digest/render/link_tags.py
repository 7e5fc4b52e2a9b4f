"""Links with the edition's tags, by which a site's statistics know whom the newsletter brought.

What an address has already stays as it is: its query, its fragment, and a tag of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

Tags = Sequence[tuple[str, str]]


def tagged(url: str, tags: Tags) -> str:
    """Return the address with those of the tags that it lacks; only http and https can have any."""
    if not tags or not url.startswith(("https://", "http://")):
        return url
    parts = urlsplit(url)
    known = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = (f"{quote(name)}={quote(value, safe='')}" for name, value in tags if name not in known)
    query = "&".join(filter(None, (parts.query, *added)))
    return urlunsplit(parts._replace(query=query))
