"""The table [smtp]: mail servers, what holds for all of them, and the variables of their logins."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from digest.extension.secret import Secret, variable_for
from digest.extension.table import OptionalIdentifier, Table
from digest.sender.declaration import Check, Opening, TransportKind, TransportSettings
from digest.sender.transport import Transport

_NO_LOGIN = "none"


class RelaySettings(Table):
    """A mail server. `tls = "none"` is for loopback only, unless `allow_plain_text` is set.

    Of several, each gets connections by its `weight`; 0 stands by until the others fail. `login`
    names variables of the environment: "backup" is DIGEST_SMTP_USERNAME_BACKUP and so on; empty
    are those without an end, and "none" logs in nowhere.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    tls: Literal["none", "starttls", "implicit"] = "starttls"
    allow_plain_text: bool = False
    weight: Annotated[float, Field(ge=0)] = 1.0
    login: OptionalIdentifier = ""

    @model_validator(mode="after")
    def _plain_text_stays_home(self) -> RelaySettings:
        if self.tls == "none" and not self.allow_plain_text and not self._loopback():
            raise ValueError(
                f'tls = "none" would send mail and password in plain text to {self.host}. '
                'Use "starttls" or "implicit", or set allow_plain_text = true if that network '
                "is yours"
            )
        return self

    def _loopback(self) -> bool:
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


class SmtpSettings(RelaySettings, TransportSettings):
    """The mail server, the others beside it, and what holds for all of them.

    `eight_bit` is the operator's word that every server takes 8BITMIME, as far as the mailbox.
    """

    also: list[RelaySettings] = Field(default_factory=list)
    connect_timeout: Annotated[float, Field(gt=0)] = 30.0
    command_timeout: Annotated[float, Field(gt=0)] = 300.0
    dot_timeout: Annotated[float, Field(gt=0)] = 600.0
    helo_name: str = ""
    bounces: Literal["failure", "delay", "off"] = "failure"
    eight_bit: bool = False

    @property
    def relays(self) -> tuple[RelaySettings, ...]:
        """Every server, the first one first."""
        return (self, *self.also)

    def sends_eight_bit(self) -> bool:
        """Tell whether the operator gave that word."""
        return self.eight_bit


class LoginVariables(NamedTuple):
    """The variables that hold one server's login; `end` is what their names end with."""

    end: str

    @property
    def username(self) -> str:
        """The variable of the user's name."""
        return f"DIGEST_SMTP_USERNAME{self.end}"

    @property
    def password(self) -> str:
        """The variable of the password."""
        return f"DIGEST_SMTP_PASSWORD{self.end}"

    @property
    def token(self) -> str:
        """The variable of the OAuth 2.0 token."""
        return f"DIGEST_SMTP_TOKEN{self.end}"


def login_variables(relay: RelaySettings) -> LoginVariables | None:
    """Return where a server's login is held; None for one that is told none."""
    if relay.login == _NO_LOGIN:
        return None
    return LoginVariables(relay.login and variable_for("", relay.login))


def _secrets(settings: SmtpSettings) -> tuple[Secret, ...]:
    """Name every variable. None is needed by itself: a server may ask for no login."""
    held = filter(None, map(login_variables, settings.relays))
    return tuple(
        Secret(name, needed=False)
        for one in held
        for name in (one.username, one.password, one.token)
    )


def _open(opening: Opening[SmtpSettings]) -> Transport:
    from digest.sender.smtp.opening import open_servers

    return open_servers(opening)


def _checks(opening: Opening[SmtpSettings]) -> Sequence[Check]:
    from digest.sender.smtp.opening import checks

    return checks(opening)


TRANSPORT = TransportKind(
    name="smtp",
    keys=SmtpSettings,
    open=_open,
    secrets=_secrets,
    checks=_checks,
    absent={"tls": "none"},  # on this machine, as `digest init` writes it
)
