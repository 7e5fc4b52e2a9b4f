"""From a row of [[popularity]] to a counter: its kind's own keys, its secret, its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from digest.collector.popularity import ADAPTERS, Adapter, Counter
from digest.config import PopularitySettings, Settings
from digest.config.edition import EDITION, SLOT
from digest.errors import SourceError
from digest.extension.secret import variable_for


def counter_for(row: PopularitySettings, settings: Settings) -> Counter[Any]:
    """Return the counter. Raises SourceError if its secret or its file is not there."""
    adapter = ADAPTERS.named(row.kind)
    keys = adapter.keys.model_validate(row.own)
    file = adapter.file(keys)
    return Counter(
        id=row.id,
        kind=row.kind,
        home=settings.site.url,
        keys=keys,
        window_hours=row.window_hours,
        limit=row.limit,
        secret=_secret(adapter, row, settings),
        text=None if file is None else _text(settings.folder / file, row, settings),
        own_sources=_own(settings, "utm_source"),
        own_campaigns=_own(settings, "utm_campaign"),
    )


def _own(settings: Settings, tag: str) -> tuple[str, ...]:
    """Return what this tag of the editions' links is, or begins with where the slot is in it."""
    values = (
        edition.link_tags[tag].replace(EDITION, edition.id).partition(SLOT)[0]
        for edition in settings.edition
        if tag in edition.link_tags
    )
    return tuple(dict.fromkeys(filter(None, values)))


def secret_of_counter(row: PopularitySettings) -> str:
    """Return the variable that holds its secret: DIGEST_POPULARITY_OUR_VIEWS."""
    return variable_for("DIGEST_POPULARITY", row.id)


def _secret(adapter: Adapter[Any], row: PopularitySettings, settings: Settings) -> str:
    """Return the secret, or the text of the key file that the variable names."""
    variable = secret_of_counter(row)
    value = settings.secrets.value(variable).strip()
    if adapter.needs_secret and not value:
        raise SourceError(
            f"{variable} is not set",
            where=f'popularity "{row.id}"',
            fix="Put the service's key into .env or the environment",
        )
    if not adapter.may_be_a_file or value.startswith("{"):
        return value
    return _text(settings.folder / value, row, settings)


def _text(place: Path, row: PopularitySettings, settings: Settings) -> str:
    most = settings.collector.max_bytes
    try:
        if place.stat().st_size > most:
            raise SourceError(
                f"the file is larger than {most:,} bytes",
                where=str(place),
                fix="Keep only the last days in it, or raise max_bytes under [collector]",
            )
        return place.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise SourceError(
            f"the file cannot be read ({error.strerror})",
            where=f'popularity "{row.id}": {place}',
            fix="Check path, and that whatever writes the file has run",
        ) from error
