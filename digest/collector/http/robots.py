"""robots.txt (RFC 9309): may this address be fetched? Asked for web pages, not for feeds.

Feeds are published to be fetched by programs; pages are for people, and a site may say no.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class RobotsRule:
    """One Allow or Disallow line; `path` may hold * and end with $."""

    allows: bool
    path: str


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one user agent."""

    rules: tuple[RobotsRule, ...] = ()

    def allow(self, url: str) -> bool:
        """Tell whether `url` may be fetched: the longest rule decides, and Allow wins a tie."""
        parts = urlsplit(url)
        place = _plain(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        matching = [rule for rule in self.rules if _matches(rule.path, place)]
        best = max(matching, key=lambda rule: (len(rule.path), rule.allows), default=None)
        return best is None or best.allows


ALL_ALLOWED = Robots()


def read_robots(text: str, product: str, max_rules: int = 5_000) -> Robots:
    """Return the first rules of the group for `product` ("Digest"), or of that for everybody."""
    groups: dict[str, list[RobotsRule]] = {}
    agents: list[str] = []
    open_for_agents = True
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        key, said = name.strip().casefold(), value.strip()
        if key == "user-agent":
            agents = [*agents, said.casefold()] if open_for_agents else [said.casefold()]
            open_for_agents = True
            groups.setdefault(said.casefold(), [])
        elif key in {"allow", "disallow"}:
            open_for_agents = False
            if said:
                for agent in dict.fromkeys(agents[-20:]):
                    groups[agent].append(RobotsRule(key == "allow", _plain(said)))
    own = groups.get(product.casefold(), groups.get("*", []))
    return Robots(tuple(own[:max_rules]))


def _matches(pattern: str, place: str) -> bool:
    """Match from the start; each * is found as early as can be, which is enough and linear."""
    whole = pattern.endswith("$")
    head, *pieces = (pattern.removesuffix("$") if whole else pattern).split("*")
    if not place.startswith(head):
        return False
    at = len(head)
    if whole and not pieces:
        return at == len(place)
    for piece in pieces[:-1] if whole else pieces:
        found = place.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not whole or (place.endswith(pieces[-1]) and len(place) - len(pieces[-1]) >= at)


def _plain(path: str) -> str:
    # Escaped and plain spellings of a path are one path (RFC 9309 section 2.2.2).
    return unquote(path, errors="replace") if "%" in path else path
