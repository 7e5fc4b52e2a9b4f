"""From the table [smtp] to its servers: each with its own login, and what each says when tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from digest.errors import ConfigError
from digest.sender.declaration import Check, Greeting, Opening
from digest.sender.smtp.relays import Relays
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.settings import RelaySettings, SmtpSettings, login_variables
from digest.sender.smtp.transport import Smtp
from digest.sender.transport import Transport


class Login(NamedTuple):
    """A mail server's login; `end` is what the names of its variables end with."""

    username: str = ""
    password: str = ""
    token: str = ""
    end: str = ""


def open_servers(opening: Opening[SmtpSettings]) -> Transport:
    """Return the transport over all servers. ConfigError if a login is named and not there."""
    first, *more = ((_server(opening, relay), relay.weight) for relay in opening.settings.relays)
    return Relays([first, *more]) if more else first[0]


def checks(opening: Opening[SmtpSettings]) -> Sequence[Check]:
    """Return one check a server: the one that stands by must not fail on the day it is needed."""
    return [_check(opening, relay) for relay in opening.settings.relays]


def login_of(opening: Opening[SmtpSettings], relay: RelaySettings) -> Login:
    """Return what this server is told, and no other: its own, the common one, or nothing."""
    variables = login_variables(relay)
    if variables is None:
        return Login()
    login = Login(
        opening.secrets.get(variables.username, ""),
        opening.secrets.get(variables.password, ""),
        opening.secrets.get(variables.token, ""),
        variables.end,
    )
    if relay.login and not (login.username and (login.password or login.token)):
        raise ConfigError(
            f'there is no login "{relay.login}" for {relay.host}:{relay.port}',
            fix=f"Set {variables.username}, and {variables.password} or {variables.token}",
        )
    return login


def _server(opening: Opening[SmtpSettings], relay: RelaySettings) -> Smtp:
    shared, login = opening.settings, login_of(opening, relay)
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
            eight_bit=opening.eight_bit,
        )
    )


def _check(opening: Opening[SmtpSettings], relay: RelaySettings) -> Check:
    async def look() -> Greeting:
        login = " and takes our login" if login_of(opening, relay).username else ""
        connection = await _server(opening, relay).connect()
        await connection.close()
        eight_bit = "; 8bit mails go to it" if opening.eight_bit else ""
        words = f"smtp at {relay.host}:{relay.port} greets us{login}{eight_bit}"
        return Greeting(words, connection.takes_8bit)

    return look
