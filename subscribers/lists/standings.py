"""The standing that a cell gives: active, pending, left, bounced, blocked. Never a guess.

A word that is not known is `Unclear`: the line is not taken in, and says so. Only words that are
known to mean "active" let anybody in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from subscribers.lifecycle import State, Suppressed
from subscribers.lists.moments import moment
from subscribers.lists.names import bare, bare_all
from subscribers.lists.status_words import (
    ACTIVE_WORDS,
    BLOCKED_WORDS,
    BOUNCED_WORDS,
    COMPLAINED_WORDS,
    DELETED_WORDS,
    LEFT_WORDS,
    PAUSED_WORDS,
    PENDING_WORDS,
    UNMISTAKABLE_PARTS,
)
from subscribers.values import ACTIVE, ListedState

PENDING = ListedState(State.PENDING)
PAUSED = ListedState(State.PAUSED)
LEFT = ListedState(State.UNSUBSCRIBED)
BOUNCED = ListedState(None, Suppressed.HARD_BOUNCE)
COMPLAINED = ListedState(None, Suppressed.COMPLAINT)
BLOCKED = ListedState(None, Suppressed.BLOCKED)
DELETED = ListedState(None, Suppressed.DELETED)

Said = Callable[[str], ListedState | None]

_WORDS: dict[str, ListedState] = {
    **dict.fromkeys(bare_all(ACTIVE_WORDS), ACTIVE),
    **dict.fromkeys(bare_all(PENDING_WORDS), PENDING),
    **dict.fromkeys(bare_all(PAUSED_WORDS), PAUSED),
    **dict.fromkeys(bare_all(LEFT_WORDS), LEFT),
    **dict.fromkeys(bare_all(BOUNCED_WORDS), BOUNCED),
    **dict.fromkeys(bare_all(COMPLAINED_WORDS), COMPLAINED),
    **dict.fromkeys(bare_all(BLOCKED_WORDS), BLOCKED),
    **dict.fromkeys(bare_all(DELETED_WORDS), DELETED),
}
# Words that nobody writes of anything but a subscription: where they stand in a column that is not
# heard, somebody left, and nobody knew. Shorter ones ("no", "spam", "left") stand in any note.
_UNMISTAKABLE = frozenset(
    word
    for word, standing in _WORDS.items()
    if standing.lowers and any(part in word for part in bare_all(UNMISTAKABLE_PARTS))
)

_LONGEST_WORD = 24
_YES = bare_all("true t yes y 1 x on ja oui si sí sim tak да evet はい") | {"✓"}
_NO = bare_all("false f no n 0 off nein non não nie нет いいえ hayir")


def tells_of_leaving(cell: str) -> bool:
    """Whether a cell of a column that is not heard says that somebody left, or is blocked."""
    return len(cell) <= _LONGEST_WORD and bare(cell) in _UNMISTAKABLE


class Unclear(ValueError):
    """A cell that may say that somebody left, in words that are not known."""


@lru_cache(maxsize=1024)
def by_word(cell: str) -> ListedState | None:
    """Read a status. An empty one is Unclear: nobody is let in by what is not said."""
    found = _WORDS.get(bare(cell))
    if found is None:
        raise Unclear(
            f'"{cell[:40]}" is no status that is known here (as subscribed, pending, unsubscribed,'
            " bounced, complained, blocked, deleted)"
            if cell.strip()
            else "it has no status"
        )
    return found


@lru_cache(maxsize=1024)
def reason(cell: str) -> Suppressed | None:
    """Read why an address is suppressed; "" is not suppressed, an unknown reason is BLOCKED."""
    if not cell.strip():
        return None
    try:
        return Suppressed(cell.strip().casefold().replace(" ", "_"))
    except ValueError:
        found = _WORDS.get(bare(cell))
        return (found.suppressed if found else None) or Suppressed.BLOCKED


def if_suppressed(cell: str) -> ListedState | None:
    """Read a column of reasons why an address is suppressed: a "no" is none."""
    found = None if bare(cell) in _NO else reason(cell)
    return ListedState(None, found, detail=cell.strip()) if found else None


def if_filled(standing: ListedState) -> Said:
    """Return a reader of a date, or a yes: filled means `standing`, since that date."""

    @lru_cache(maxsize=1024)
    def read(cell: str) -> ListedState | None:
        text = cell.strip()
        word = bare(text) or text
        if not text or word in _NO or word in {"null", "none", "00000000000000", "00000000"}:
            return None
        if word in _YES:
            return standing
        since = moment(text)
        if since is None and not any(letter.isdigit() for letter in text):
            raise Unclear(f'"{text[:40]}" is neither yes nor no nor a date')
        return replace(standing, since=since)

    return read


def if_not(standing: ListedState) -> Said:
    """Return a reader of a yes or no: no means `standing`; neither is Unclear."""

    @lru_cache(maxsize=1024)
    def read(cell: str) -> ListedState | None:
        word = bare(cell) or cell.strip()
        if word in _YES or (word not in _NO and moment(cell) is not None):
            return None
        if word in _NO:
            return standing
        if word in _WORDS:
            return _WORDS[word]
        raise Unclear(f'"{cell[:40]}" is neither yes nor no')

    return read


def if_empty(standing: ListedState) -> Said:
    """Return a reader of a date that is there once somebody confirmed: empty means `standing`."""
    return lambda cell: None if cell.strip() else standing


def lowest(said: list[ListedState], base: ListedState) -> ListedState:
    """Return what all that was said comes to: the one that lets in least.

    Who is suppressed comes in as just that, without a subscription, unless they left as well.
    """
    if not said:
        return base
    states = [one.state for one in said if one.state is not None]
    state = min(states, key=lambda one: one.rank) if states else base.state
    bad = next((one for one in said if one.suppressed is not None), None)
    since = max((one.since for one in said if one.since is not None), default=base.since)
    detail = next((one.detail for one in said if one.detail), base.detail)
    if bad is None and base.suppressed is None:
        return ListedState(state, None, since, detail)
    suppressed = bad.suppressed if bad else base.suppressed
    kept = state if state is State.UNSUBSCRIBED else None
    return ListedState(kept, suppressed, since, detail)
