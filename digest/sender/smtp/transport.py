"""The smtp transport: from a host name to a conversation that is ready for mail.

DNS, connect, greeting, EHLO, STARTTLS, AUTH. Mail and password never go out in plain text when
TLS was asked for, and a login never leaves this machine without TLS.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable

from digest.errors import ServerBusy, TransportRejected, TransportUnavailable
from digest.log import mask
from digest.sender.smtp.connection import SmtpConnection
from digest.sender.smtp.envelope import no_8bit
from digest.sender.smtp.reply import Phase, Reply, ReplyClass
from digest.sender.smtp.reply_table import classify, is_busy
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.wire import Garbage, Wire, WireError

_GO_ON = 334
_BEFORE_LOGIN = frozenset({Phase.GREETING, Phase.EHLO})
_OR_THE_PORT = "or check the port: 587 and 465 take logins."
_RUN_AGAIN = "Check that it runs and where; a send loses nobody and can be run again."


class Smtp:
    """Opens conversations with one server."""

    def __init__(self, server: SmtpServer, context: ssl.SSLContext | None = None) -> None:
        """Keep the server; `context` checks certificates and is the system's by default."""
        self._server = server
        self._context = context

    async def connect(self) -> SmtpConnection:
        """Open one conversation, up to and including AUTH.

        Raises TransportUnavailable for DNS, connect, TLS and 4xx, TransportRejected for a 5xx or
        a refused login.
        """
        server = self._server
        try:
            async with asyncio.timeout(server.connect_timeout):
                wire = await self._wire()
        except TimeoutError:
            raise _unavailable(server, "no connection in time") from None
        except ssl.SSLError as error:
            raise _no_tls(server, error) from None
        except UnicodeError:  # what asyncio makes of a label that is empty or too long
            raise TransportRejected(
                "this is no host name", where=server.where, fix="Correct smtp.host."
            ) from None
        except OSError as error:
            raise _unavailable(server, f"no connection ({_cause(error)})") from None
        return await self._opened(wire)

    async def _opened(self, wire: Wire) -> SmtpConnection:
        opening = _Opening(wire, self._server, self._tls_context)
        try:
            capabilities = await opening.run()
        except BaseException:
            wire.abort()
            raise
        if self._server.eight_bit and "8BITMIME" not in capabilities:
            wire.abort()
            raise no_8bit(self._server.where)
        return SmtpConnection(wire, capabilities, self._server)

    async def _wire(self) -> Wire:
        server = self._server
        implicit = server.tls == "implicit"
        _, wire = await asyncio.get_running_loop().create_connection(
            Wire,
            server.host,
            server.port,
            ssl=self._tls_context() if implicit else None,
            server_hostname=server.host if implicit else None,
        )
        wire.secure = implicit
        return wire

    def _tls_context(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context


class _Opening:
    """Greeting, EHLO, STARTTLS, EHLO, AUTH, in this order."""

    def __init__(
        self, wire: Wire, server: SmtpServer, context: Callable[[], ssl.SSLContext]
    ) -> None:
        self._wire = wire
        self._server = server
        self._context = context

    async def run(self) -> dict[str, str]:
        """Return what the server offers, as it said last."""
        try:
            self._must(Phase.GREETING, await self._wire.reply(self._server.connect_timeout))
            capabilities = await self._ehlo()
            if self._server.tls == "starttls":
                await self._starttls(capabilities)
                capabilities = await self._ehlo()
            if self._server.username:
                await self._auth(capabilities)
        except WireError as broken:
            raise _unavailable(self._server, str(broken)) from None
        return capabilities

    async def _say(self, phase: Phase, line: str) -> Reply:
        self._wire.write(f"{line}\r\n".encode())
        return self._must(phase, await self._wire.reply(self._server.command_timeout))

    def _must(self, phase: Phase, reply: Reply) -> Reply:
        kind = classify(phase, reply)
        if kind is ReplyClass.ACCEPTED:
            return reply
        secrets = (self._server.password, self._server.token, self._server.username)
        said = f"{mask(reply.said, *secrets)}, at {phase.value.upper()}"
        if kind is ReplyClass.SENDER_REFUSED:
            raise TransportRejected(
                f"the server refuses us: {said}", where=self._server.where, fix=self._mend(phase)
            )
        what = f"the server is not ready: {said}"
        if phase in _BEFORE_LOGIN and is_busy(reply):
            raise ServerBusy(what, where=self._server.where, fix=_RUN_AGAIN)
        raise _unavailable(self._server, what)

    def _mend(self, phase: Phase) -> str:
        if phase is Phase.AUTH:
            names = [self._named(name) for name in ("USERNAME", "PASSWORD", "TOKEN")]
            return f"Check {names[0]} and {names[1]}, or {names[2]}."
        return _MEND.get(phase, "Ask the server's operator what this reply means.")

    def _named(self, variable: str) -> str:
        return f"DIGEST_SMTP_{variable}{self._server.login}"

    async def _ehlo(self) -> dict[str, str]:
        name = self._server.helo_name or _address_literal(self._wire.address)
        reply = await self._say(Phase.EHLO, f"EHLO {name}")
        return capabilities_of(reply)

    async def _starttls(self, capabilities: dict[str, str]) -> None:
        server = self._server
        if "STARTTLS" not in capabilities:
            raise TransportUnavailable(
                "the server offers no STARTTLS, and plain text is not an option",
                where=server.where,
                fix='Use tls = "implicit" with port 465, or have the server offer STARTTLS.',
            )
        await self._say(Phase.STARTTLS, "STARTTLS")
        try:
            await self._wire.start_tls(self._context(), server.host, server.connect_timeout)
        except Garbage:
            raise TransportUnavailable(
                "plain text came before TLS began: somebody may sit in between",
                where=server.where,
                fix='Check the network, or use tls = "implicit" with port 465.',
            ) from None
        except OSError as error:
            raise _no_tls(server, error) from None

    async def _auth(self, capabilities: dict[str, str]) -> None:
        server = self._server
        if not self._wire.secure and not is_loopback(self._wire.address):
            raise TransportRejected(
                "a login would go out in plain text",
                where=server.where,
                fix=f'Set tls to "starttls" or "implicit", or leave out {self._named("USERNAME")}.',
            )
        offered = capabilities.get("AUTH", "").upper().split()
        if server.token:
            await self._with_token(offered)
        elif "PLAIN" in offered:
            token = _base64(f"\0{server.username}\0{server.password}")
            await self._say(Phase.AUTH, f"AUTH PLAIN {token}")
        elif "LOGIN" in offered:
            await self._say(Phase.AUTH, "AUTH LOGIN")
            await self._say(Phase.AUTH, _base64(server.username))
            await self._say(Phase.AUTH, _base64(server.password))
        else:
            raise TransportRejected(
                "the server offers no login we know (PLAIN, LOGIN)",
                where=server.where,
                fix=f"Leave out {self._named('USERNAME')}, {_OR_THE_PORT}",
            )

    async def _with_token(self, offered: list[str]) -> None:
        server = self._server
        if "XOAUTH2" not in offered:
            raise TransportRejected(
                "the server takes no tokens (XOAUTH2)",
                where=server.where,
                fix=f"Leave out {self._named('TOKEN')}, {_OR_THE_PORT}",
            )
        words = f"user={server.username}\1auth=Bearer {server.token}\1\1"
        reply = await self._say(Phase.AUTH, f"AUTH XOAUTH2 {_base64(words)}")
        if reply.code == _GO_ON:  # a refusal with details: an empty line asks for its reply
            await self._say(Phase.AUTH, "")
            raise _unavailable(server, "the server neither took nor refused the token")


_MEND = {
    Phase.GREETING: "The server does not want this machine: ask its operator.",
    Phase.EHLO: "Set smtp.helo_name to this machine's full name.",
}


def capabilities_of(reply: Reply) -> dict[str, str]:
    """Read the answer to EHLO: keyword in capitals to parameters (RFC 5321 section 4.1.1.1)."""
    pairs = (line.replace("AUTH=", "AUTH ").strip().partition(" ") for line in reply.lines[1:])
    return {keyword.upper(): parameters for keyword, _, parameters in pairs if keyword}


def is_loopback(address: str) -> bool:
    """Whether a connection from this address stays on this machine."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _address_literal(address: str) -> str:
    plain = address.partition("%")[0]
    return f"[IPv6:{plain}]" if ":" in plain else f"[{plain}]"


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _cause(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    # asyncio puts the address into strerror; of several addresses it tells no number.
    return os.strerror(error.errno) if error.errno else "none of its addresses answers"


def _unavailable(server: SmtpServer, what: str) -> TransportUnavailable:
    return TransportUnavailable(what, where=server.where, fix=_RUN_AGAIN)


def _no_tls(server: SmtpServer, error: OSError) -> TransportUnavailable:
    reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
    return TransportUnavailable(
        f"no trusted TLS connection ({mask(reason)})",
        where=server.where,
        fix="Check the server's certificate and that smtp.host is the name in it.",
    )
