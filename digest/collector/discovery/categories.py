"""WordPress's categories and the site's menu → sections, in the order readers know.

WordPress gives names, addresses and how many posts each holds, but not what the newsroom thinks of
them: that is in its menu. REST: developer.wordpress.org/rest-api/reference/categories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digest.collector.articles.text import plain
from digest.collector.articles.urls import absolute
from digest.collector.discovery.sections import ENOUGH_IN_MENU, in_menu_order
from digest.collector.kinds.json_document import text_at
from digest.collector.kinds.site_menu import MenuLink
from digest.collector.kinds.wordpress_api import route

ROUTE = "wp/v2/categories"
QUERY = "per_page=100&orderby=count&order=desc&hide_empty=true"
_POSTS = "wp/v2/posts"
_UNNAMED = frozenset({"uncategorized", "uncategorised", "allgemein", "non-classe", "sin-categoria"})


@dataclass(frozen=True, slots=True)
class Category:
    """A category that holds posts; `feed_url` is what WordPress serves for it.

    `posts_url` is the same by REST: its own posts and those of the categories below it, as its page
    and its feed have them.
    """

    title: str
    url: str
    feed_url: str
    posts_url: str
    posts: int
    in_menu: bool


def read_categories(
    answer: Any,  # noqa: ANN401 - JSON of a stranger
    menu: Sequence[MenuLink],
    url: str,
    root: str,
) -> tuple[tuple[Category, ...], tuple[str, ...]]:
    """Return the sections of the API at `root`, and the names of the categories that were left out.

    Where the menu names several categories, these are the sections, in its order. Otherwise all
    top-level ones are, most posts first; or all, where there is only one at the top.
    """
    listed = [one for one in answer if _is_section(one)] if isinstance(answer, list) else []
    in_menu = in_menu_order(listed, lambda one: _page_of(one, url), menu)
    if len(in_menu) >= ENOUGH_IN_MENU:
        chosen = in_menu
    else:
        top = [one for one in listed if not one.get("parent")]
        chosen = top if len(top) > 1 else listed
    known = {_page_of(one, url) for one in chosen}
    left = [plain(str(one["name"])) for one in listed if _page_of(one, url) not in known]
    menu_pages = {_page_of(one, url) for one in in_menu}
    return tuple(_category(one, url, root, menu_pages, listed) for one in chosen), tuple(left)


def _is_section(category: Any) -> bool:  # noqa: ANN401 - JSON of a stranger
    return (
        isinstance(category, dict)
        and isinstance(category.get("count"), int)
        and category["count"] > 0
        and isinstance(category.get("slug"), str)
        and not category["slug"].startswith(tuple(_UNNAMED))
        and bool(plain(text_at(category, "name")))
    )


def _page_of(category: Mapping[str, Any], url: str) -> str:
    link = absolute(str(category.get("link", "")), url)
    return link or absolute(f"/category/{category['slug']}/", url)


def _category(
    one: Mapping[str, Any],
    url: str,
    root: str,
    menu_pages: set[str],
    listed: Sequence[Mapping[str, Any]],
) -> Category:
    page = _page_of(one, url)
    feed = f"{page}&feed=rss2" if "?" in page else f"{page.rstrip('/')}/feed/"
    numbers = ",".join(str(number) for number in _with_those_below(one, listed))
    posts = route(root, _POSTS, f"categories={numbers}") if numbers else ""
    return Category(plain(str(one["name"])), page, feed, posts, one["count"], page in menu_pages)


def _with_those_below(one: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Return the number of a category and of all below it; REST takes each by itself."""
    found = [one["id"]] if isinstance(one.get("id"), int) else []
    for number in found:
        below = (child.get("id") for child in listed if child.get("parent") == number)
        found += [child for child in below if isinstance(child, int) and child not in found]
    return found
