"""A rule of lint: a look at a mail, and the names of what it may find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from digest.render.lint.finding import Finding
from digest.render.lint.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `look` yields findings that are called by one of `finds`.

    `of_variant` is for what can differ between two variants that are made of the same blocks.
    """

    look: Callable[[Sheet], Iterator[Finding]]
    finds: tuple[str, ...]
    of_variant: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """The rules of one module, in the order in which their findings are told."""

    rules: tuple[Rule, ...]
