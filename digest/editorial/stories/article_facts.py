"""When an article is dated and on which site it is: facts that every room here asks for."""

from __future__ import annotations

import re
from datetime import datetime

from digest.models.articles import Article, KnownArticle

# The authority of RFC 3986, section 3.2, without user and port; the collector cleaned the address.
_SITE = re.compile(r"[^:/?#]+://(?:[^/?#@]*@)?(\[[^/?#\]]*\]|[^/?#:]*)")


def date_of(known: KnownArticle) -> datetime:
    """Return the article's date; where the source does not say, when it was first seen."""
    return known.article.published or known.article.updated or known.first_seen


def site_of(article: Article) -> str:
    """Return the host of the article's address, in small letters; "" if there is none."""
    found = _SITE.match(article.url)
    return found[1].casefold() if found else ""
