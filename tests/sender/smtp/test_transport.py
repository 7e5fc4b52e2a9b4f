"""Opening a conversation: TLS is never given up, a login never leaves in plain text."""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from digest.errors import TransportRejected, TransportUnavailable
from digest.models.deliveries import Outcome
from digest.models.mails import Message, Recipient
from digest.sender.smtp.reply import Reply
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp, capabilities_of, is_loopback

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger, Script

Serve = Callable[["Script"], AbstractAsyncContextManager["Script"]]
USER, SECRET = "canary-user", "canary-password"

pytestmark = pytest.mark.filterwarnings(
    # aiosmtpd warns about logins without TLS, which is what some of these tests are about.
    "ignore:Requiring AUTH while not requiring TLS:UserWarning",
    "ignore:auth_required == True but auth_require_tls == False:UserWarning",
)


@pytest.fixture(scope="module")
def certificate(certificate_for: Callable[[str], tuple[Path, Path]]) -> tuple[Path, Path]:
    """Return certificate and key of our own authority for `localhost`."""
    return certificate_for("localhost")


class Sink:
    """Keeps what it gets."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: object,
        envelope: Any,  # noqa: ANN401 - aiosmtpd has no types
    ) -> str:
        del server, session
        self.kept.append(envelope.original_content)
        return "250 2.0.0 kept"


def authenticate(
    server: SMTP, session: object, envelope: object, mechanism: str, given: LoginPassword
) -> AuthResult:
    del server, session, envelope, mechanism
    right = given.login == USER.encode() and given.password == SECRET.encode()
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def listening(
    sink: Sink,
    tls: ssl.SSLContext | None = None,
    **options: Any,  # noqa: ANN401 - whatever aiosmtpd takes
) -> AsyncIterator[int]:
    """Run aiosmtpd in this loop; `tls` is for TLS from the first byte."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, **options), "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0.05)  # conversations close in the loop's next turns


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


@pytest.fixture
def message(
    compose: Callable[[Recipient], Message], new_ledger: Callable[[int], MemoryLedger]
) -> Message:
    return compose(new_ledger(1).rows[1].recipient)


async def sent(transport: Smtp, message: Message) -> Outcome:
    async with asyncio.timeout(60):
        connection = await transport.connect()
        receipt = await connection.send(message)
        await connection.close()
        return receipt.outcome


@pytest.mark.parametrize("excluded", [None, ["PLAIN"]], ids=["plain", "login"])
def test_starttls_and_login(
    certificate: tuple[Path, Path], message: Message, excluded: list[str] | None
) -> None:
    """STARTTLS with a checked certificate, then AUTH PLAIN or LOGIN, then the mail unchanged."""
    sink = Sink()

    async def run() -> Outcome:
        async with listening(
            sink,
            tls_context=server_context(certificate),
            require_starttls=True,
            auth_required=True,
            authenticator=authenticate,
            auth_exclude_mechanism=excluded,
        ) as port:
            server = SmtpServer("localhost", port, username=USER, password=SECRET)
            return await sent(Smtp(server, trusting(certificate)), message)

    assert asyncio.run(run()) is Outcome.ACCEPTED
    assert sink.kept == [message.data + b"\r\n"]


def test_implicit_tls(certificate: tuple[Path, Path], message: Message) -> None:
    """TLS from the first byte (RFC 8314) works the same."""
    sink = Sink()

    async def run() -> Outcome:
        async with listening(sink, server_context(certificate)) as port:
            server = SmtpServer("localhost", port, tls="implicit")
            return await sent(Smtp(server, trusting(certificate)), message)

    assert asyncio.run(run()) is Outcome.ACCEPTED
    assert sink.kept == [message.data + b"\r\n"]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("trusted", [True, False], ids=["wrong name", "unknown authority"])
def test_certificate_is_checked(
    certificate: tuple[Path, Path],
    message: Message,
    tls: Literal["starttls", "implicit"],
    trusted: bool,
) -> None:
    """Another host's certificate or an unknown authority: nothing is sent, in whatever form."""
    sink, context = Sink(), server_context(certificate)
    client = trusting(certificate) if trusted else ssl.create_default_context()
    host = "127.0.0.1" if trusted else "localhost"

    async def run() -> None:
        implicit = context if tls == "implicit" else None
        async with listening(sink, implicit, tls_context=None if implicit else context) as port:
            with pytest.raises(TransportUnavailable, match="no trusted TLS"):
                await sent(Smtp(SmtpServer(host, port, tls=tls), client), message)

    asyncio.run(run())
    assert sink.kept == []


def test_no_fall_back_to_plain_text(
    serve: Serve, new_script: type[Script], message: Message
) -> None:
    """A server that stops offering STARTTLS gets nothing."""
    script = new_script()

    async def run() -> None:
        async with serve(script) as server:
            with pytest.raises(TransportUnavailable, match="no STARTTLS"):
                await sent(Smtp(SmtpServer("127.0.0.1", server.port)), message)

    asyncio.run(run())
    assert not any(command.startswith("MAIL") for command in script.commands)


def test_bytes_before_tls_are_refused(
    serve: Serve, new_script: type[Script], message: Message
) -> None:
    """A reply that was slipped in before TLS began ends the conversation."""
    script = new_script(
        phase="starttls", say=b"220 go ahead\r\n250 injected\r\n", ehlo=("STARTTLS",)
    )

    async def run() -> None:
        async with serve(script) as server:
            with pytest.raises(TransportUnavailable, match="before TLS began"):
                await sent(Smtp(SmtpServer("127.0.0.1", server.port)), message)

    asyncio.run(run())


@pytest.mark.parametrize("words", [f"5.7.8 {USER} with {SECRET} refused", "5.7.8 no"])
def test_refused_login_keeps_its_secrets(
    serve: Serve, new_script: type[Script], message: Message, words: str
) -> None:
    """A refused login is ours to mend; neither user nor password is in the message."""
    script = new_script(phase="auth", say=f"535 {words}\r\n".encode())

    async def run() -> str:
        async with serve(script) as server:
            there = SmtpServer("127.0.0.1", server.port, tls="none", username=USER, password=SECRET)
            assert SECRET not in repr(there)
            with pytest.raises(TransportRejected) as caught:
                await sent(Smtp(there), message)
            return str(caught.value)

    said = asyncio.run(run())
    assert "535" in said
    assert "DIGEST_SMTP_PASSWORD" in said
    assert USER not in said
    assert SECRET not in said


def test_login_that_is_not_offered(
    serve: Serve, new_script: type[Script], message: Message
) -> None:
    """A server without a login we know is told to the operator, not sent to without."""
    script = new_script(ehlo=("PIPELINING", "AUTH CRAM-MD5"))

    async def run() -> None:
        async with serve(script) as server:
            there = SmtpServer("127.0.0.1", server.port, tls="none", username=USER, password="x")
            with pytest.raises(TransportRejected, match="no login we know"):
                await sent(Smtp(there), message)

    asyncio.run(run())


def test_nobody_listens(message: Message) -> None:
    """A closed port and a name that does not exist are the network's fault, not the reader's."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    for host in ("127.0.0.1", "host.invalid"):
        transport = Smtp(SmtpServer(host, port, tls="none", connect_timeout=3))
        with pytest.raises(TransportUnavailable):
            asyncio.run(sent(transport, message))


def test_capabilities_are_read() -> None:
    """Keywords in any case, parameters kept, the old AUTH= form understood."""
    reply = Reply(250, ("sink.example", "Pipelining", "SIZE 1000", "AUTH=PLAIN LOGIN", ""))
    assert capabilities_of(reply) == {"PIPELINING": "", "SIZE": "1000", "AUTH": "PLAIN LOGIN"}


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("", False),
    ],
)
def test_loopback(address: str, here: bool) -> None:
    """Only a connection that stays on this machine may carry a login without TLS."""
    assert is_loopback(address) is here


def test_a_token_is_the_login_where_there_is_one(
    serve: Serve, new_script: type[Script], message: Message
) -> None:
    """XOAUTH2 carries user and token as the mail services document it; the password stays home."""
    script = new_script(ehlo=("PIPELINING", "AUTH PLAIN XOAUTH2"))

    async def run() -> Outcome:
        async with serve(script) as server:
            there = SmtpServer(
                "127.0.0.1", server.port, tls="none", username=USER, password=SECRET, token="t0ken"
            )
            assert "t0ken" not in repr(there)
            return await sent(Smtp(there), message)

    assert asyncio.run(run()) is Outcome.ACCEPTED
    (login,) = (line for line in script.commands if line.startswith("AUTH"))
    mechanism, _, words = login.removeprefix("AUTH ").partition(" ")
    assert mechanism == "XOAUTH2"
    assert b64decode(words) == f"user={USER}\1auth=Bearer t0ken\1\1".encode()


@pytest.mark.parametrize(
    "case",
    [
        (("AUTH XOAUTH2",), b"535 5.7.8 token t0ken expired\r\n", "535"),
        (("AUTH XOAUTH2",), b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n", "502"),
        (("AUTH PLAIN",), b"", "takes no tokens"),
    ],
    ids=["refused", "refused with details", "not offered"],
)
def test_a_token_that_is_refused_is_ours_to_mend(
    serve: Serve,
    new_script: type[Script],
    message: Message,
    case: tuple[tuple[str, ...], bytes, str],
) -> None:
    """No other login is tried instead, and the token is not in the message."""
    ehlo, say, words = case
    script = new_script(phase="auth", say=say, ehlo=ehlo)

    async def run() -> str:
        async with serve(script) as server:
            there = SmtpServer("127.0.0.1", server.port, tls="none", username=USER, token="t0ken")
            with pytest.raises(TransportRejected) as caught:
                await sent(Smtp(there), message)
            return str(caught.value)

    said = asyncio.run(run())
    assert words in said
    assert "DIGEST_SMTP_TOKEN" in said
    assert "t0ken" not in said
    assert not [line for line in script.commands if line.startswith("AUTH PLAIN")]
