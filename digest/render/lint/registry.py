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

RULE_NAMES = frozenset(
    {
        *("active-content", "clipping", "client-support", "contrast", "dead-link"),
        *("empty-subject", "generic-alt", "heading-order", "image-only", "insecure-link"),
        *("link-mismatch", "link-shortener", "link-text", "long-subject", "missing-address"),
        *("missing-alt", "missing-dir", "missing-lang", "missing-preheader", "missing-title"),
        *("missing-unsubscribe", "picture-size", "placeholder", "relative-link"),
        *("short-preheader", "size", "size-budget", "spam-markup", "spam-words", "text-differs"),
    }
)
"""What findings are called; "dead-link" and "size-budget" are found by who has the issue."""

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
