"""A finished mail → what is wrong with it: rule, place, fix. Pure: no template, network or clock.

One small file for each family of rules, each with a line in `registry`. A rule looks at a `Sheet`
(the mail, parsed once) and yields findings. An error is what no reader should get: it holds the
send. A warning is what an editor should see.
"""

from __future__ import annotations

from collections.abc import Iterable

from digest.render.lint.facts import KnownBlocks
from digest.render.lint.finding import Expectations, Finding, Level, Mail
from digest.render.lint.registry import all_rules, rule_names
from digest.render.lint.sheet import Sheet
from digest.render.lint.support import CLIENTS

__all__ = [
    "CLIENTS",
    "Expectations",
    "Finding",
    "KnownBlocks",
    "Level",
    "Mail",
    "lint",
    "lint_ends",
    "rule_names",
]


def lint(mail: Mail, want: Expectations, known: KnownBlocks | None = None) -> tuple[Finding, ...]:
    """Look at the whole mail with every rule; errors first, then in the order of the rules."""
    sheet = Sheet(mail, want, known)
    return _sorted(finding for rule in all_rules() for finding in rule.look(sheet))


def lint_ends(
    mail: Mail, want: Expectations, known: KnownBlocks | None = None
) -> tuple[Finding, ...]:
    """Look only at what is a variant's own when its blocks were looked at: subject, size, ends.

    What is `known` of the blocks is not parsed again.
    """
    sheet = Sheet(mail, want, known)
    own = (rule for rule in all_rules() if rule.of_variant)
    return _sorted(finding for rule in own for finding in rule.look(sheet))


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding once, errors first."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: one.level is not Level.ERROR))
