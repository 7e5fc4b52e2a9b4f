"""Headlines that say opposite things of one thing: these never tell one event.

Numbers contradict only when they count the same thing, and one that is given as a limit ("at least
40") only where the other is far from it. Opposite verbs contradict only when both are said of the
same thing. Weekdays and months contradict always.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from digest.editorial.stories.stop_words import ABOUT, DEATHS, OPPOSITES
from digest.editorial.stories.wording import headline_of, is_figure, stem, words

_FAR = 1.5  # a limit and a number this many times apart contradict
_NEAR = 2  # words on each side that say what a verb is said of
_ALWAYS = ("weekday", "month")
_SIDES = {stem(word) or word: side for word, side in OPPOSITES.items()}
_DEATH = "death"


class Count(NamedTuple):
    """A number of a headline: what it counts, and whether it is a limit ("more than 40").

    `before` is the word before it: "day 1, part 0" is not "day 0, part 1".
    """

    number: float
    before: str
    counted: str
    limit: bool


class Claims(NamedTuple):
    """What a headline says that another may contradict.

    `sides` are (group, side, the words around it) of words that have an opposite.
    """

    counts: tuple[Count, ...]
    sides: tuple[tuple[str, str, frozenset[str]], ...]


def claims_of(title: str) -> Claims:
    """Return what a headline says that another may contradict."""
    said = list(words(headline_of(title)))
    stems = [_DEATH if word in DEATHS else stem(word) for word in said]
    counts = tuple(
        Count(
            _number(word),
            stems[place - 1] if place else "",
            _counted(stems, place),
            _is_limit(said, place),
        )
        for place, word in enumerate(said)
        if is_figure(word)
    )
    sides = tuple(
        (*_SIDES[word], _around(stems, place))
        for place, word in enumerate(stem(one) or one for one in said)
        if word in _SIDES
    )
    return Claims(counts, sides)


def contradict(one: Claims, other: Claims) -> bool:
    """Tell whether two headlines cannot both be told of one event."""
    return _numbers_differ(one.counts, other.counts) or any(
        group == their_group
        and side != their_side
        and (group in _ALWAYS or not around.isdisjoint(their_around))
        and not _agrees(one, other, group)
        for group, side, around in one.sides
        for their_group, their_side, their_around in other.sides
    )


def _agrees(one: Claims, other: Claims, group: str) -> bool:
    """Tell whether both take one side as well: "shares fall as rates rise" twice."""
    return not {side for name, side, _ in one.sides if name == group}.isdisjoint(
        side for name, side, _ in other.sides if name == group
    )


def _numbers_differ(one: Sequence[Count], other: Sequence[Count]) -> bool:
    mine, theirs = {count[:2] for count in one}, {count[:2] for count in other}
    return any(
        here.counted and here.counted == there.counted and _apart(here, there)
        for here in one
        if here[:2] not in theirs
        for there in other
        if there[:2] not in mine
    )


def _apart(here: Count, there: Count) -> bool:
    if here.number == there.number:
        return False
    if not (here.limit or there.limit):
        return True
    less, more = sorted((here.number, there.number))
    return more > _FAR * less


def _number(word: str) -> float:
    digits = word.replace(",", ".").replace(":", ".")
    return float(digits) if digits.count(".") <= 1 else float(digits.replace(".", ""))


def _counted(stems: Sequence[str], place: int) -> str:
    """Return the word that a number counts: the next, or the one before where it ends ("day 3")."""
    words_after = (one for one in stems[place + 1 :] if one and not is_figure(one))
    words_before = (one for one in reversed(stems[:place]) if one and not is_figure(one))
    return next(words_after, "") or next(words_before, "")


def _is_limit(said: Sequence[str], place: int) -> bool:
    return not ABOUT.isdisjoint(said[max(0, place - 2) : place])


def _around(stems: Sequence[str], place: int) -> frozenset[str]:
    before = [one for one in stems[:place] if one][-_NEAR:]
    after = [one for one in stems[place + 1 :] if one][:_NEAR]
    return frozenset((*before, *after))
