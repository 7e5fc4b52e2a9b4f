"""The feeds a site offers → sections with short titles and ids that tell them apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from digest.collector.articles.text import clip
from digest.collector.contract import FoundSection
from digest.collector.kinds.site_menu import MenuLink, page_key

TITLE_LENGTH = 60
ENOUGH_IN_MENU = 2
"""As many sections as a menu has to name before it is taken for the newsroom's choice of them."""

_Named = TypeVar("_Named")


def make_section(
    title: str, url: str, feed_url: str, *, kind: str = "feed", found_by: str
) -> FoundSection:
    """Make a section of what was found; `found_by` says in words how."""
    short = clip(title, TITLE_LENGTH)
    return FoundSection(_identifier(short, url, feed_url), short, url, feed_url, kind, found_by)


def _identifier(title: str, *addresses: str) -> str:
    """Make an id of a-z, 0-9 and "-": of the title, or of an address where that has none."""
    paths = (urlsplit(one).path for one in addresses if "/wp/v2/" not in one)
    told = (
        title if title.isascii() else "",
        *(unquote(path).replace("feed", "") for path in paths),
    )
    for text in told:
        words = re.findall(r"[a-z0-9]+", text.lower())
        if words:
            return "-".join(words)[:40].strip("-")
    return "section"


def in_menu_order(
    offered: Iterable[_Named], page_of: Callable[[_Named], str], menu: Sequence[MenuLink]
) -> list[_Named]:
    """Return those whose page the menu names, in its order."""
    places = {page_key(link.url): place for place, link in enumerate(menu)}
    named = [one for one in offered if page_key(page_of(one)) in places]
    return sorted(named, key=lambda one: places[page_key(page_of(one))])


def distinct(sections: Sequence[FoundSection], most: int) -> tuple[FoundSection, ...]:
    """Take the first `most`, and make ids distinct by numbering those that repeat."""
    taken: dict[str, FoundSection] = {}
    for one in sections[:most]:
        name, number = one.id, 2
        while name in taken:
            name, number = f"{one.id}-{number}", number + 1
        taken[name] = replace(one, id=name)
    return tuple(taken.values())
