"""From `transport = "name"` to a transport: its table, its secrets, and the thing opened."""

from __future__ import annotations

from collections.abc import Sequence

from digest.config import Settings
from digest.errors import ConfigError
from digest.extension.secret import values_of
from digest.sender.declaration import (
    Check,
    Greeting,
    Opening,
    SettingsT,
    TransportKind,
    TransportSettings,
)
from digest.sender.registry import TRANSPORTS
from digest.sender.transport import CallTransport, Transport


def table_of(settings: Settings, kind: TransportKind[SettingsT]) -> SettingsT:
    """Return a transport's own table; it was checked when digest.toml was read."""
    return kind.keys.model_validate(settings.own.get(kind.name, kind.absent))


def transport_settings(settings: Settings) -> TransportSettings:
    """Return the table of the transport that is configured."""
    table: TransportSettings = table_of(settings, TRANSPORTS.named(settings.mail.transport))
    return table


def header_changes(settings: Settings) -> tuple[str, ...]:
    """Say what the configured transport does to our headers; nothing if it keeps them."""
    kind = TRANSPORTS.named(settings.mail.transport)
    return (f"{kind.name}: {kind.changes}.",) if kind.changes else ()


def transport_for(
    settings: Settings, label: str, *, eight_bit: bool = False
) -> Transport | CallTransport:
    """Return the configured transport; `label` names what is sent: "daily/2026-11-23".

    With `eight_bit` it is for mails that need 8BITMIME. ConfigError if a secret is not there.
    """
    kind = TRANSPORTS.named(settings.mail.transport)
    try:
        return kind.open(opening_of(settings, kind, label, eight_bit=eight_bit))
    except ConfigError as error:
        raise _placed(settings, error) from None


def transport_checks(settings: Settings) -> Sequence[Check]:
    """Return what can be tried of the configured transport without sending anything."""
    kind = TRANSPORTS.named(settings.mail.transport)
    eight_bit = transport_settings(settings).sends_eight_bit()
    return [
        _placing(settings, check)
        for check in kind.checks_of(opening_of(settings, kind, "", eight_bit=eight_bit))
    ]


def opening_of(
    settings: Settings, kind: TransportKind[SettingsT], label: str, *, eight_bit: bool = False
) -> Opening[SettingsT]:
    """Return what a transport is opened with. ConfigError if a secret that it needs is not set."""
    table = table_of(settings, kind)
    where = f"{settings.path} [{kind.name}]"
    secrets = values_of(kind.secrets(table), settings.secrets.value, where)
    return Opening(table, secrets, settings.folder, label, eight_bit)


def _placing(settings: Settings, check: Check) -> Check:
    async def look() -> Greeting:
        try:
            return await check()
        except ConfigError as error:
            raise _placed(settings, error) from None

    return look


def _placed(settings: Settings, error: ConfigError) -> ConfigError:
    """Say in which file and table the fault is: a stage knows neither."""
    error.where = error.where or f"{settings.path} [{settings.mail.transport}]"
    return error
