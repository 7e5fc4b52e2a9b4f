"""From a row of [[source]] to the address that is asked: its kind's own keys and its secret."""

from __future__ import annotations

from pydantic import ValidationError

from digest.collector.kinds.registry import KINDS
from digest.config import Settings, SourceSettings
from digest.errors import ConfigError
from digest.extension.secret import Secret, values_of, variable_for
from digest.models.sources import SourceRules

_AUTO = "auto"


def configured_address(row: SourceSettings, settings: Settings) -> str:
    """Return the URL that a source is asked at. ConfigError if a key or a secret is not there."""
    if row.kind == _AUTO:
        return row.url
    kind, where = KINDS.named(row.kind), f'{settings.path} source "{row.id}"'
    if kind.configured is None:
        return row.url
    secret = Secret(secret_of_source(row), needed=kind.needs_secret)
    held = values_of([secret], settings.secrets.value, where)
    try:
        keys = kind.keys.model_validate(row.own) if kind.keys else None
    except ValidationError as error:
        detail = error.errors()[0]
        raise ConfigError(
            f'kind = "{row.kind}" needs {".".join(map(str, detail["loc"]))}: {detail["msg"]}',
            where=where,
            fix="Add it to that [[source]]",
        ) from None
    return kind.configured(row.url, keys, held[secret.variable])


def rules_of(row: SourceSettings, settings: Settings) -> SourceRules:
    """Return the rules a source is read by; its zone is the editions', where they share one."""
    zones = {edition.timezone for edition in settings.edition}
    return SourceRules(
        timezone=row.timezone or (zones.pop() if len(zones) == 1 else "UTC"),
        offset=row.offset,
        exclude_labels=(*row.exclude_tags, *row.exclude_categories),
        exclude_field=row.exclude_field,
        exclude=tuple(row.exclude),
        republished=row.republished,
    )


def secret_of_source(row: SourceSettings) -> str:
    """Return the variable that holds its secret: DIGEST_SOURCE_WORLD."""
    return variable_for("DIGEST_SOURCE", row.id)


def is_of_pages(row: SourceSettings) -> bool:
    """Tell whether the source is read page by page, as pages for people are."""
    return row.kind != _AUTO and KINDS.named(row.kind).for_people
