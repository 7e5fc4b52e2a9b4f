"""Which site an article is on: what coverage counts, and what an event is seldom told twice on."""

from __future__ import annotations

import re

from digest.models.articles import Article

# The authority of RFC 3986, section 3.2, without user and port; the collector cleaned the address.
_SITE = re.compile(r"[^:/?#]+://(?:[^/?#@]*@)?(\[[^/?#\]]*\]|[^/?#:]*)")


def site_of(article: Article) -> str:
    """Return the host of the article's address, in small letters; "" if there is none."""
    found = _SITE.match(article.url)
    return found[1].casefold() if found else ""
