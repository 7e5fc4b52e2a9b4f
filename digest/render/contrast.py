"""The contrast of one colour on another (WCAG 2.2), and the nearest readable one. Pure figures.

Colours are "#rrggbb" in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

ENOUGH = 4.5
"""WCAG 2.2, success criterion 1.4.3: the least for text of ordinary size."""

_DARKEST = 0.04045  # up to here sRGB is linear
_BLACK, _WHITE = "#000000", "#ffffff"
_STEPS = 255


@lru_cache(maxsize=1024)  # a mail has a few colours in hundreds of places
def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def least_contrast(colour: str, grounds: Iterable[str]) -> float:
    """Return the contrast on the ground where the colour reads worst."""
    return min(contrast(colour, ground) for ground in grounds)


def readable(colour: str, grounds: Sequence[str], least: float = ENOUGH) -> str:
    """Return the colour itself if it has `least` contrast on every ground, else the nearest.

    Nearest is the least black or white mixed into it: the hue stays. If neither helps, because
    the grounds are too far apart, it is the one that reads best on the worst of them.
    """
    if least_contrast(colour, grounds) >= least:
        return colour
    for step in range(1, _STEPS + 1):
        mixed = [mix(colour, end, step / _STEPS) for end in (_BLACK, _WHITE)]
        passing = [one for one in mixed if least_contrast(one, grounds) >= least]
        if passing:
            return max(passing, key=lambda one: least_contrast(one, grounds))
    return max((_BLACK, _WHITE), key=lambda end: least_contrast(end, grounds))


def mix(colour: str, other: str, share: float) -> str:
    """Mix `share` (0 to 1) of another colour into one."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2, definitions)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _DARKEST else float(((channel + 0.055) / 1.055) ** 2.4)
