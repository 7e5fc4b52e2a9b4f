"""One line of plain text by a template of the newsroom: a subject or a preheader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from jinja2 import Template
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables

from digest.templating.budget import for_a_line, on_budget
from digest.templating.sandbox import Sandbox

MOST_SOURCE = 2_000
"""Characters of a line's template."""


def line_of(source: str, values: Mapping[str, object]) -> str:
    """Return what the template makes of the values; raises one of `sandbox.FAULTS`."""
    with on_budget(for_a_line()):
        return _compiled(source).render(values)


@lru_cache(maxsize=64)
def names_in(source: str) -> frozenset[str]:
    """Return the values that the template looks at; raises one of `sandbox.FAULTS`."""
    _compiled(source)  # refuses what is too long
    return frozenset(find_undeclared_variables(_sandbox().parse(source)))


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    if len(source) > MOST_SOURCE:
        raise SecurityError(f"it is longer than {MOST_SOURCE:,} characters")
    return _sandbox().from_string(source)


@cache
def _sandbox() -> Sandbox:
    return Sandbox({}, autoescape=False)
