"""digest.toml and the environment, read with all that the stages offer by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from digest.collector.kinds.registry import KINDS
from digest.collector.popularity.registry import ADAPTERS
from digest.config import Settings, load
from digest.config.feedback import FEEDBACK_PASSWORD
from digest.config.offered import Location, Offered
from digest.extension.secret import Secret
from digest.pipeline.configured.counters import secret_of_counter
from digest.pipeline.configured.sources import secret_of_source
from digest.pipeline.configured.stores import store_variables
from digest.pipeline.configured.transports import table_of
from digest.sender.registry import TRANSPORTS

_VOID_SIGNATURES = (
    "eight_bit does not go with [[dkim]]: a server on the way that rewrites an 8bit mail breaks its"
    " signature (RFC 6376 section 5.3). Take one of them away."
)


def load_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read `path` and, beside it, `.env`; a variable already in `environment` wins.

    Raises ConfigError with file, line, key, fault and likely fix of everything that is wrong.
    """
    return load.load_settings(path, environment, _OFFERED)


def parse_settings(text: str, path: Path, environment: Mapping[str, str]) -> Settings:
    """Turn the text of digest.toml into `Settings`; `path` is only named, never read."""
    return load.parse_settings(text, path, environment, _OFFERED)


def _rules() -> Iterable[str]:
    from digest.render.lint import rule_names  # half a second, for the few who allow a rule

    return rule_names()


def _clashes(settings: Settings) -> Iterator[tuple[Location, str]]:
    """Yield what the table of a transport says against another table."""
    for name in settings.own if settings.dkim else ():
        if table_of(settings, TRANSPORTS[name]).sends_eight_bit():
            yield (name, "eight_bit"), _VOID_SIGNATURES


def _secrets(settings: Settings) -> Iterator[str]:
    """Name the variables that what is configured reads."""
    yield from (secret_of_source(row) for row in settings.source)
    yield from (secret_of_counter(row) for row in settings.popularity)
    yield from store_variables(settings)
    if settings.feedback.imap:
        yield FEEDBACK_PASSWORD
    for name in (settings.mail.transport, *settings.own):
        kind = TRANSPORTS[name]
        yield from (secret.variable for secret in kind.secrets(table_of(settings, kind)))


def secrets_of(settings: Settings) -> Iterator[Secret]:
    """Yield the secrets that the configured things read, each with whether it is needed."""
    for row in settings.source:
        kind = KINDS.named(row.kind) if row.kind in KINDS else None
        if kind is not None and kind.needs_secret:
            yield Secret(secret_of_source(row), f"read {row.id}")
    for counter in settings.popularity:
        if ADAPTERS.named(counter.kind).needs_secret:
            yield Secret(secret_of_counter(counter), f"count the readers of {counter.id}")
    kind_of_mail = TRANSPORTS[settings.mail.transport]
    yield from kind_of_mail.secrets(table_of(settings, kind_of_mail))


_OFFERED = Offered(
    kinds=KINDS,
    counters=ADAPTERS,
    transports=TRANSPORTS,
    rules=_rules,
    secrets=_secrets,
    clashes=_clashes,
)
