"""The table [smtp]: mail servers, and what holds for all of them."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal

from pydantic import Field, model_validator

from digest.config.checks import OptionalIdentifier
from digest.config.table import Table


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


class SmtpSettings(RelaySettings):
    """The mail server, the others beside it, and what holds for all of them.

    `eight_bit` is the operator's word that every server takes 8BITMIME, as far as the mailbox.
    """

    also: list[RelaySettings] = Field(default_factory=list)
    connections: Annotated[int, Field(ge=1, le=200)] = 16
    connect_timeout: Annotated[float, Field(gt=0)] = 30.0
    command_timeout: Annotated[float, Field(gt=0)] = 300.0
    dot_timeout: Annotated[float, Field(gt=0)] = 600.0
    helo_name: str = ""
    bounces: Literal["failure", "delay", "off"] = "failure"
    eight_bit: bool = False
