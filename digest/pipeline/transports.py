"""From the configuration to a transport: the one place that knows which there are."""

from __future__ import annotations

from digest.config import Settings
from digest.sender import Outbox, Smtp, SmtpServer, Transport


def transport_for(settings: Settings, label: str) -> Transport:
    """Give the configured transport; `label` names the outbox's folder: "daily/2026-11-23"."""
    return _TRANSPORTS[settings.mail.transport](settings, label)


def _smtp(settings: Settings, _label: str) -> Transport:
    server, secrets = settings.smtp, settings.secrets
    return Smtp(
        SmtpServer(
            host=server.host,
            port=server.port,
            tls=server.tls,
            connect_timeout=server.connect_timeout,
            command_timeout=server.command_timeout,
            dot_timeout=server.dot_timeout,
            helo_name=server.helo_name,
            username=secrets.smtp_username.get_secret_value() if secrets.smtp_username else "",
            password=secrets.smtp_password.get_secret_value() if secrets.smtp_password else "",
            token=secrets.smtp_token.get_secret_value() if secrets.smtp_token else "",
        )
    )


def _outbox(settings: Settings, label: str) -> Transport:
    return Outbox(settings.folder / settings.outbox.path / label)


_TRANSPORTS = {"smtp": _smtp, "outbox": _outbox}
