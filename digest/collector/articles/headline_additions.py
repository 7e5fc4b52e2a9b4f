"""What a feed adds to its headlines: "… | World news", "… - The Courier", "The Courier: …".

It is learnt from the feed, by its own name or because it repeats, and taken off: it would stand in
every subject and under every heading.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_SEPARATOR = (
    r"\s+(?:[|\u2013\u2014\u2015\u00b7\u2022\u22c5\u00bb\u00ab\u203a\u2039~/-]|::)\s+"
    r"|\s*[|\uff5c\u00a6]\s*|_|\s*\uff0d\s*"
)
_TAIL = re.compile(rf"^(.*[^\s|\uff5c])((?:{_SEPARATOR})+)([^|\uff5c]{{2,60}})$")
_HEAD = re.compile(rf"^([^|\uff5c]{{2,60}}?)({_SEPARATOR}|:\s+|\uff1a)(.*)$")
_OPENING, _CLOSING = "([\u3010\uff08\u300e\uff3b", ")]\u3011\uff09\u300f\uff3d"
_OPEN, _CLOSED = re.escape(_OPENING), re.escape(_CLOSING)
_IN_BRACKETS = rf"[{_OPEN}]([^{_OPEN}{_CLOSED}]{{2,40}})[{_CLOSED}]"
_BRACKETED_TAIL = re.compile(rf"^(.*\S)\s*{_IN_BRACKETS}$")
_BRACKETED_HEAD = re.compile(rf"^{_IN_BRACKETS}\s*(.*\S)$")
_BETWEEN_NAMES = re.compile(rf"{_SEPARATOR}|\s*:\s+")
# Most headlines have neither: a look that cannot backtrack spares them the patterns that do.
_MAY_BE_ADDED = re.compile(rf"{_SEPARATOR}|:\s|\uff1a")
_BRACKETS = frozenset(_OPENING + _CLOSING)
_BAR = frozenset("|\uff5c\u00a6")
_MOSTLY = 0.6
_FEW = 4  # headlines: fewer show no habit
_LEFT = 8  # characters that must be left of a headline
_LEFT_IN_SIGNS = 4  # of Chinese, Japanese and Korean, which say a word with one or two
_ROUNDS = 3  # tails behind each other
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Additions:
    """What a feed adds, by letters alone: `names` are its own, `tails` and `heads` repeat."""

    names: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()


NOTHING_ADDED = Additions()


def learn_additions(titles: Sequence[str], site: str) -> Additions:
    """Learn from all headlines of a feed, and from its title, what it adds to each."""
    learnt = Additions(_names(site))
    marked = list(filter(_MAY_BE_ADDED.search, titles))
    for _ in range(_ROUNDS):
        bare = [without_additions(title, learnt) for title in marked]
        tails = _repeated_tails(bare, len(titles))
        heads = _repeated_heads(bare, len(titles), learnt.names)
        if tails <= learnt.tails and heads <= learnt.heads:
            break
        learnt = Additions(learnt.names, learnt.tails | tails, learnt.heads | heads)
    return learnt


def without_additions(title: str, added: Additions, publisher: str = "") -> str:
    """Take what was added off a headline, as long as one is left.

    `publisher` is whom the feed names as the source of this one item.
    """
    names = added.names | {_key(publisher)} if publisher else added.names
    if not (names or added.tails or added.heads) or not _may_be_added_to(title):
        return title
    while True:
        shorter = _without_tail(title, names | added.tails, names) or _without_head(
            title, added.heads, names
        )
        if not shorter:
            return title
        title = shorter


def _may_be_added_to(title: str) -> bool:
    ends = {title[:1], title[-1:]}
    return bool(_MAY_BE_ADDED.search(title)) or not _BRACKETS.isdisjoint(ends)


def _without_tail(title: str, tails: frozenset[str], names: frozenset[str]) -> str:
    if (found := _TAIL.match(title)) and _key(found[3]) in tails and _suffices(found[1]):
        return found[1]
    found = _BRACKETED_TAIL.match(title)
    return found[1] if found and _key(found[2]) in names and _suffices(found[1]) else ""


def _without_head(title: str, heads: frozenset[str], names: frozenset[str]) -> str:
    if (found := _HEAD.match(title)) and _key(found[1]) in heads and _suffices(found[3]):
        return found[3].strip()
    found = _BRACKETED_HEAD.match(title)
    return found[2] if found and _key(found[1]) in names and _suffices(found[2]) else ""


def _repeated_tails(titles: Sequence[str], total: int) -> frozenset[str]:
    found = [
        (one[2].strip(), one[3])
        for title in titles
        if (one := _TAIL.match(title)) and _suffices(one[1])
    ]
    by_separator = Counter(separator for separator, _ in found)
    return frozenset(
        _key(name)
        for (separator, name), times in Counter(found).items()
        if total >= _FEW
        and (
            times >= _MOSTLY * total
            # Each section has its own name behind the bar.
            or (separator in _BAR and times > 1 and by_separator[separator] >= _MOSTLY * total)
        )
    )


def _repeated_heads(titles: Sequence[str], total: int, names: frozenset[str]) -> frozenset[str]:
    """Return what most headlines begin with; before a colon only the feed's name is no word."""
    found = [(one[2].strip(), one[1]) for title in titles if (one := _HEAD.match(title))]
    return frozenset(
        _key(name)
        for (separator, name), times in Counter(found).items()
        if total >= _FEW and times >= _MOSTLY * total and (separator in _BAR or _key(name) in names)
    )


def _names(site: str) -> frozenset[str]:
    """Return the names in a feed's title: "World news | The Courier" has two."""
    names = {_key(part) for part in (site, *_BETWEEN_NAMES.split(site))}
    names |= {name.removeprefix("the") for name in names} | {f"the{name}" for name in names if name}
    return frozenset(name for name in names if len(name) > 1)


def _suffices(left: str) -> bool:
    return len(left) >= (_LEFT_IN_SIGNS if _SIGNS.search(left) else _LEFT)


def _key(text: str) -> str:
    """Return the letters of a name, however it is set: in capitals Greek has no accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, split)).replace("\u0131", "i")
