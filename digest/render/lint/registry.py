"""Every family of rules: one line each, in the order in which their findings are told."""

from __future__ import annotations

from digest.extension.registry import Registry
from digest.render.lint.rule import Family, Rule

FAMILIES: Registry[Family] = Registry(
    "family of lint rules",
    Family,
    "digest.lint_rules",
    {
        "holes": "digest.render.lint.holes:RULES",
        "opening": "digest.render.lint.opening:RULES",
        "size": "digest.render.lint.size:RULES",
        "law": "digest.render.lint.law:RULES",
        "parity": "digest.render.lint.parity:RULES",
        "structure": "digest.render.lint.structure:RULES",
        "links": "digest.render.lint.links:RULES",
        "pictures": "digest.render.lint.pictures:RULES",
        "colours": "digest.render.lint.colours:RULES",
        "clients": "digest.render.lint.clients:RULES",
        "spam": "digest.render.lint.spam:RULES",
    },
)

# Found by whoever has the issue at hand: these need the network, or what was left out of a mail.
_FOUND_ELSEWHERE = frozenset({"dead-link", "size-budget"})


def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in order."""
    return tuple(rule for family in FAMILIES.values() for rule in family.rules)


def rule_names() -> frozenset[str]:
    """Return every name that a finding may have; `lint_allow` knows no others."""
    return _FOUND_ELSEWHERE.union(*(rule.finds for rule in all_rules()))
