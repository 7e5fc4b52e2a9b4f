"""How much a value is: what an operation that looks at all of it has to do.

A list of lists is small in memory and endless as text: each level that holds the one below twice
doubles it. So it is weighed as it would be walked, shared parts once for each time they are met,
and weighing stops at the limit. Objects of Digest's own weigh nothing: they are as large as the
issue made them, and templates cannot make them larger.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeVar

from jinja2.exceptions import SecurityError
from jinja2.utils import Cycler, Namespace

MOST = 100_000
"""Characters of a text, or ten times the values in a list."""

MOST_FIGURE = 10**12
_VALUE = 10
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_HOLDING = (list, tuple, dict, set, frozenset, *_VIEWS, Namespace, Cycler)
_JUDGED: dict[type, bool] = {}

_Value = TypeVar("_Value")


def weighed(value: _Value) -> _Value:
    """Return the value itself. Raises SecurityError when it weighs more than MOST."""
    weight(value)
    return value


def weight(value: object) -> int:
    """Return what the value weighs: a unit a character, ten a value that it holds."""
    if isinstance(value, str):
        return _checked(len(value))
    if isinstance(value, int) and not -MOST_FIGURE <= value <= MOST_FIGURE:
        raise SecurityError("it makes a figure of more than 12 digits")
    return _walked(value) if _holds(value) else 0


def _walked(value: object) -> int:
    """Weigh a container and all that it holds, without recursion: it may be as deep as it likes."""
    total, waiting = 0, [value]
    while waiting:
        held = waiting.pop()
        if _holds(held):
            inside = list(_held(held))
            total = _checked(total + _VALUE * (len(inside) + 1))
            waiting += inside
        else:
            total = _checked(total + weight(held))
    return total


def _holds(value: object) -> bool:
    """Say whether a value holds others; every value is asked, so that it is judged once a type."""
    kind = type(value)
    if kind not in _JUDGED:
        _JUDGED[kind] = isinstance(value, _HOLDING)
    return _JUDGED[kind]


def _held(value: Any) -> Iterable[object]:  # noqa: ANN401 - one of _HOLDING
    if isinstance(value, Namespace):
        value = object.__getattribute__(value, "_Namespace__attrs")
    if isinstance(value, Cycler):
        value = value.items
    return chain.from_iterable(value.items()) if isinstance(value, dict) else value


def _checked(weight: int) -> int:
    if weight > MOST:
        raise SecurityError(f"it makes a text of more than {MOST:,} characters, or as long a list")
    return weight
