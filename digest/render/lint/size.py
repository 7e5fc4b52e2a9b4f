"""The size of the HTML: Gmail shows the first 102 KB and hides the rest, with our footer."""

from __future__ import annotations

from collections.abc import Iterator

from digest.render.lint.finding import Finding, error, warning
from digest.render.lint.rule import Family, Rule
from digest.render.lint.sheet import Sheet

CLIPPED = 102_000
"""Bytes of HTML that Gmail shows; measured by many, documented by none (2026-11)."""


def clipping(sheet: Sheet) -> Iterator[Finding]:
    """Weigh it: over Gmail's limit, unsubscribing is hidden; over the budget is a warning."""
    size = len(sheet.mail.html.encode())
    said = f"{size / 1000:.1f} KB of HTML"
    if size > CLIPPED:
        yield error(
            "clipping", "<html>", f"{said}: Gmail hides what is beyond 102 KB",
            "Show fewer stories, or let max_html_kb decide which leave",
        )  # fmt: skip
    elif size > sheet.want.max_bytes:
        yield warning(
            "size", "<html>", f"{said}, the budget is {sheet.want.max_bytes / 1000:.0f} KB",
            "Show fewer stories or shorter excerpts",
        )  # fmt: skip


RULES = Family((Rule(clipping, ("clipping", "size"), of_variant=True),))
