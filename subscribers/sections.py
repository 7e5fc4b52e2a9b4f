"""The one way chosen sections are written down: sorted ids joined by ",", and "" for all."""

from __future__ import annotations

from collections.abc import Iterable


def canonical(chosen: Iterable[str]) -> str:
    """Write a choice so that equal choices are equal texts."""
    return ",".join(sorted(set(chosen)))


def chosen_of(text: str) -> frozenset[str]:
    """Read it back; the empty set means all sections."""
    return frozenset(text.split(",")) if text else frozenset()
