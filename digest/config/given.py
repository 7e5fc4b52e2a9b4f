"""Keys of [collector] that are given on the command line, before there is a digest.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from digest.config.collector import CollectorSettings
from digest.errors import UsageError
from digest.extension.table import UNKNOWN_KEY


def given_rules(pairs: Sequence[str], **more: object) -> CollectorSettings:
    """Read KEY=VALUE pairs, values as in TOML or as they are; `more` are values as they are.

    Raises UsageError for what is no pair, no key of [collector] or no value of it.
    """
    values: dict[str, Any] = dict(more)
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise UsageError(
                f'"{pair}" is not KEY=VALUE', fix="Write it as in --collector timeout=40"
            )
        values[key.strip()] = _value(text.strip())
    try:
        return TypeAdapter(CollectorSettings).validate_python(values)
    except ValidationError as error:
        detail = error.errors()[0]
        known = detail["type"] not in UNKNOWN_KEY
        said = str(detail["msg"]).removeprefix("Value error, ") if known else "is not known"
        raise UsageError(
            f"{detail['loc'][0]}: {said}",
            where="--collector",
            fix="The keys of [collector] are listed in docs/configuration.md",
        ) from None


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text  # proxy=http://… needs no quotes here
