"""A mail server's address and how to speak to it: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from digest.sender.smtp.envelope import Bounces


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server; time-outs in seconds, `dot_timeout` at least 600 (RFC 5321).

    With a `token` (OAuth 2.0) the login is XOAUTH2, else PLAIN or LOGIN with the password.
    `bounces` says what to be told of where the server offers DSN. `login` ends the names
    of the variables that hold the login, as in "_BACKUP". With `eight_bit` a server that does not
    take 8BITMIME (RFC 6152) is refused.
    """

    host: str
    port: int = 25
    tls: Literal["none", "starttls", "implicit"] = "starttls"
    connect_timeout: float = 30.0
    command_timeout: float = 300.0
    dot_timeout: float = 600.0
    helo_name: str = ""
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    bounces: Bounces = "off"
    login: str = ""
    eight_bit: bool = False

    @property
    def where(self) -> str:
        """Name it in messages to a person."""
        return f"{self.host}:{self.port}"
