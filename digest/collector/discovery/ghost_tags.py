"""Ghost's public tags and the site's menu → sections, each by the Content API.

Ghost writes the key of its Content API into its own pages, where its search and its portal read it:
it opens what is public (docs.ghost.org/content-api, as of 2026-11). The API gives a hundred posts a
page with the original's address and what is featured; a tag's feed holds fifteen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from digest.collector.articles.text import plain
from digest.collector.articles.urls import absolute, site_of
from digest.collector.contract import FoundSection
from digest.collector.discovery.sections import ENOUGH_IN_MENU, in_menu_order, make_section
from digest.collector.kinds.html_page import read_page
from digest.collector.kinds.json_document import Object, member, number_at, objects, text_at
from digest.collector.kinds.site_menu import MenuLink
from digest.models.limits import DocumentLimits

_KEY = re.compile(r"[0-9a-f]{26}")
_SLUG = re.compile(r"[a-z0-9-]+")


def tags_address(text: str, url: str, limits: DocumentLimits) -> str:
    """Return the address that lists a Ghost site's tags; "" where its page shows no key.

    Only an API on the site itself: the address of another would come from its page alone.
    """
    for node in read_page(text, limits).css("script[data-key]")[:20]:
        key = node.attributes.get("data-key") or ""
        api = absolute(node.attributes.get("data-api") or "/ghost/api/content/", url)
        if _KEY.fullmatch(key) and site_of(api) == site_of(url):
            asked = {
                "key": key,
                "filter": "visibility:public",
                "include": "count.posts",
                "order": "count.posts desc",
                "limit": "100",
            }
            return f"{api.rstrip('/')}/tags/?{urlencode(asked)}"
    return ""


def read_tags(
    answer: Any,  # noqa: ANN401 - JSON of a stranger
    menu: Sequence[MenuLink],
    asked: str,
) -> tuple[Sequence[FoundSection], tuple[str, ...]]:
    """Return the sections that tags are, and the names of those that were left out.

    Where the menu names several tags, these are the sections, in its order; else all are, those
    with most posts first. `asked` is where the answer is from.
    """
    tags = [one for one in objects(member(answer, "tags")) if _is_section(one)]
    named = in_menu_order(tags, lambda one: text_at(one, "url"), menu)
    chosen = named if len(named) >= ENOUGH_IN_MENU else tags
    if len(chosen) < ENOUGH_IN_MENU:
        return (), ()
    left = tuple(plain(text_at(one, "name")) for one in tags if one not in chosen)
    return [_section(one, asked) for one in chosen], left


def _is_section(tag: Object) -> bool:
    return (
        bool(plain(text_at(tag, "name")) and absolute(text_at(tag, "url")))
        and _SLUG.fullmatch(text_at(tag, "slug")) is not None
        and (number_at(tag, "count", "posts") or 0) > 0
    )


def _section(tag: Object, asked: str) -> FoundSection:
    api, _, query = asked.partition("/tags/?")
    key = query.partition("&")[0]
    return make_section(
        plain(text_at(tag, "name")),
        text_at(tag, "url"),
        f"{api}/posts/?{key}&filter=tag:{text_at(tag, 'slug')}",
        kind="ghost",
        found_by="Ghost's Content API",
    )
