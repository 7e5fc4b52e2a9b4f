"""Every rule, in the order in which its findings are told. A new one is a function and a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from digest.render.lint import (
    clients,
    colours,
    holes,
    law,
    links,
    opening,
    parity,
    pictures,
    size,
    spam,
    structure,
)
from digest.render.lint.finding import Finding
from digest.render.lint.sheet import Sheet

Rule = Callable[[Sheet], Iterator[Finding]]

FIRST_WORDS: tuple[Rule, ...] = (
    opening.subject,
    opening.preheader,
    size.clipping,
    law.way_out,
    law.postal_address,
    parity.same_stories,
)
"""What can differ between two variants that are made of the same blocks."""

RULES: tuple[Rule, ...] = (
    holes.unresolved,
    holes.forgotten,
    *FIRST_WORDS,
    structure.document,
    structure.headings,
    structure.active,
    links.addresses,
    links.honest,
    pictures.alternatives,
    pictures.sizes,
    pictures.alone,
    colours.readable,
    clients.unsupported,
    spam.markup,
)
