"""From the configuration to a transport: the one place that knows which there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import SecretStr

from digest.config import Settings
from digest.config.smtp import RelaySettings
from digest.errors import ConfigError
from digest.sender import Outbox, Relays, Smtp, SmtpServer, Transport

_NO_LOGIN = "none"


class Login(NamedTuple):
    """A mail server's login; `end` is what the names of its variables end with."""

    username: str = ""
    password: str = ""
    token: str = ""
    end: str = ""


def transport_for(settings: Settings, label: str, *, eight_bit: bool = False) -> Transport:
    """Return the configured transport; `label` names the outbox's folder: "daily/2026-11-23".

    With `eight_bit` it is for mails that need 8BITMIME. ConfigError if a login is named and not
    there.
    """
    return _TRANSPORTS[settings.mail.transport](settings, label, eight_bit)


def _smtp(settings: Settings, _label: str, eight_bit: bool) -> Transport:
    first, *more = (
        (smtp_at(settings, relay, eight_bit=eight_bit), relay.weight)
        for relay in (settings.smtp, *settings.smtp.also)
    )
    return Relays([first, *more]) if more else first[0]


def smtp_at(settings: Settings, relay: RelaySettings, *, eight_bit: bool = False) -> Smtp:
    """Return the transport to one of the mail servers. ConfigError if its login is not there."""
    shared, login = settings.smtp, login_of(settings, relay)
    return Smtp(
        SmtpServer(
            host=relay.host,
            port=relay.port,
            tls=relay.tls,
            connect_timeout=shared.connect_timeout,
            command_timeout=shared.command_timeout,
            dot_timeout=shared.dot_timeout,
            helo_name=shared.helo_name,
            username=login.username,
            password=login.password,
            token=login.token,
            bounces=shared.bounces,
            login=login.end,
            eight_bit=eight_bit,
        )
    )


def login_of(settings: Settings, relay: RelaySettings) -> Login:
    """Return what this server is told, and no other: its own, the common one, or nothing."""
    secrets = settings.secrets
    if relay.login == _NO_LOGIN:
        return Login()
    if not relay.login:
        common = (secrets.smtp_username, secrets.smtp_password, secrets.smtp_token)
        return Login(*map(_plain, common))
    end = "_" + relay.login.upper().replace("-", "_")
    login = _named(secrets.smtp_logins, end)
    if not login.username or not (login.password or login.token):
        raise ConfigError(
            f'there is no login "{relay.login}" for {relay.host}:{relay.port}',
            where=f"{settings.path} [smtp]",
            fix=f"Set DIGEST_SMTP_USERNAME{end}, and DIGEST_SMTP_PASSWORD{end} or"
            f" DIGEST_SMTP_TOKEN{end}.",
        )
    return login


def _named(logins: Mapping[str, SecretStr], end: str) -> Login:
    def of(part: str) -> str:
        return _plain(logins.get(f"DIGEST_SMTP_{part}{end}"))

    return Login(of("USERNAME"), of("PASSWORD"), of("TOKEN"), end)


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _outbox(settings: Settings, label: str, _eight_bit: bool) -> Transport:
    return Outbox(settings.folder / settings.outbox.path / label)


_TRANSPORTS = {"smtp": _smtp, "outbox": _outbox}
