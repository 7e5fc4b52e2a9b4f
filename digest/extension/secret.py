"""Secrets that a thing reads from the environment: which variables, and what they are for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digest.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Secret:
    """One variable of the environment, as in DIGEST_POSTMARK_TOKEN; `purpose` follows "set it to".

    Without one that is `needed` the thing cannot work.
    """

    variable: str
    purpose: str = ""
    needed: bool = True


def values_of(secrets: Sequence[Secret], value: Callable[[str], str], where: str) -> dict[str, str]:
    """Return what each variable holds, by its name; `value` reads one, "" where it is not set.

    Raises ConfigError that names the first needed one which is not set; `where` says whose it is.
    """
    for one in secrets:
        if one.needed and not value(one.variable):
            purpose = f" to {one.purpose}," if one.purpose else ""
            raise ConfigError(
                f"{one.variable} is not set",
                where=where,
                fix=f"Set it{purpose} in .env or in the environment",
            )
    return {one.variable: value(one.variable) for one in secrets}


def variable_for(family: str, name: str) -> str:
    """Return the variable of one of several: ("DIGEST_POPULARITY", "our-views") → …_OUR_VIEWS."""
    return f"{family}_{name.upper().replace('-', '_')}"
