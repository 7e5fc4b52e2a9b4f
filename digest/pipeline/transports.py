"""From the configuration to a transport: the one place that knows which there are."""

from __future__ import annotations

from digest.config import Settings
from digest.config.settings import RelaySettings
from digest.sender import Outbox, Relays, Smtp, SmtpServer, Transport


def transport_for(settings: Settings, label: str) -> Transport:
    """Give the configured transport; `label` names the outbox's folder: "daily/2026-11-23"."""
    return _TRANSPORTS[settings.mail.transport](settings, label)


def _smtp(settings: Settings, _label: str) -> Transport:
    first, *more = (
        (_server(settings, relay), relay.weight) for relay in (settings.smtp, *settings.smtp.also)
    )
    return Relays([first, *more]) if more else first[0]


def _server(settings: Settings, relay: RelaySettings) -> Smtp:
    shared, secrets = settings.smtp, settings.secrets
    return Smtp(
        SmtpServer(
            host=relay.host,
            port=relay.port,
            tls=relay.tls,
            connect_timeout=shared.connect_timeout,
            command_timeout=shared.command_timeout,
            dot_timeout=shared.dot_timeout,
            helo_name=shared.helo_name,
            username=secrets.smtp_username.get_secret_value() if secrets.smtp_username else "",
            password=secrets.smtp_password.get_secret_value() if secrets.smtp_password else "",
            token=secrets.smtp_token.get_secret_value() if secrets.smtp_token else "",
        )
    )


def _outbox(settings: Settings, label: str) -> Transport:
    return Outbox(settings.folder / settings.outbox.path / label)


_TRANSPORTS = {"smtp": _smtp, "outbox": _outbox}
