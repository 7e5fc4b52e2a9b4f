"""From the table [smtp] to servers: each with its own login, and what each says when tried."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from digest.errors import ConfigError
from digest.models.deliveries import Outcome
from digest.models.mails import Message, Recipient
from digest.sender.declaration import Greeting, Opening
from digest.sender.registry import TRANSPORTS
from digest.sender.transport import Transport

if TYPE_CHECKING:
    from tests.sender.conftest import MemoryLedger, Script

Serve = Callable[["Script"], AbstractAsyncContextManager["Script"]]
KIND = TRANSPORTS["smtp"]
SECRETS = {
    "DIGEST_SMTP_USERNAME": "canary-user",
    "DIGEST_SMTP_PASSWORD": "canary-word",
    "DIGEST_SMTP_USERNAME_BACK_UP": "canary-other",
    "DIGEST_SMTP_TOKEN_BACK_UP": "canary-token",
}


def _opening(table: dict[str, Any], *, eight_bit: bool = False) -> Opening[Any]:
    return Opening(KIND.keys(**table), SECRETS, Path(), eight_bit=eight_bit)


def _relay(port: int, **more: object) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": port, "tls": "none", **more}


def test_every_server_is_tried_and_says_what_it_takes(
    serve: Serve, new_script: type[Script]
) -> None:
    """Each by its own login, the one that stands by as well."""
    scripts = [new_script(ehlo=("8BITMIME", "AUTH PLAIN XOAUTH2")) for _ in range(3)]

    async def run() -> tuple[list[int], list[Greeting]]:
        async with serve(scripts[0]), serve(scripts[1]), serve(scripts[2]):
            ports = [script.port for script in scripts]
            also = [_relay(ports[1], login="back-up", weight=0), _relay(ports[2], login="none")]
            opening = _opening({**_relay(ports[0]), "also": also}, eight_bit=True)
            return ports, [await check() for check in KIND.checks_of(opening)]

    ports, greetings = asyncio.run(run())
    end = "; 8bit mails go to it"
    assert greetings == [
        Greeting(f"smtp at 127.0.0.1:{ports[0]} greets us and takes our login{end}", True),  # noqa: FBT003 - a tuple
        Greeting(f"smtp at 127.0.0.1:{ports[1]} greets us and takes our login{end}", True),  # noqa: FBT003 - a tuple
        Greeting(f"smtp at 127.0.0.1:{ports[2]} greets us{end}", True),  # noqa: FBT003 - a tuple
    ]
    logins = [[line for line in script.commands if "AUTH" in line] for script in scripts]
    assert [len(lines) for lines in logins] == [1, 1, 0]
    assert logins[0][0].startswith("AUTH PLAIN ")
    assert logins[1][0].startswith("AUTH XOAUTH2 ")
    assert all(script.commands[-1] == "QUIT" for script in scripts)


def test_one_server_without_8bit_mails(serve: Serve, new_script: type[Script]) -> None:
    """Nothing is said of them where nobody asks for them."""
    script = new_script(ehlo=("AUTH PLAIN",))

    async def run() -> list[Greeting]:
        async with serve(script) as server:
            return [await one() for one in KIND.checks_of(_opening(_relay(server.port)))]

    (greeting,) = asyncio.run(run())
    words = f"smtp at 127.0.0.1:{script.port} greets us and takes our login"
    assert greeting == Greeting(words, takes_eight_bit=False)


def test_mail_leaves_by_the_servers_of_the_table(
    serve: Serve,
    new_script: type[Script],
    compose: Callable[[Recipient], Message],
    new_ledger: Callable[[int], MemoryLedger],
) -> None:
    """By the first where there is one; of two, the one that stands by gets none."""
    scripts = [new_script(), new_script()]
    message = compose(new_ledger(1).rows[1].recipient)

    async def run() -> None:
        async with serve(scripts[0]), serve(scripts[1]):
            first = _relay(scripts[0].port, helo_name="digest.news.example")
            also = [_relay(scripts[1].port, login="none", weight=0)]
            for table in (first, {**first, "also": also}):
                transport = cast("Transport", KIND.open(_opening(table)))
                connection = await transport.connect()
                assert (await connection.send(message)).outcome is Outcome.ACCEPTED
                await connection.close()

    asyncio.run(run())
    assert [len(script.received) for script in scripts] == [2, 0]
    assert "EHLO digest.news.example" in scripts[0].commands


def test_a_login_that_is_named_and_not_set_is_refused() -> None:
    """With the variables that would hold it, before anything is sent."""
    also = [_relay(26, login="third")]
    with pytest.raises(ConfigError) as caught:
        KIND.open(_opening({**_relay(25), "also": also}))
    assert caught.value.what == 'there is no login "third" for 127.0.0.1:26'
    assert caught.value.fix == (
        "Set DIGEST_SMTP_USERNAME_THIRD, and DIGEST_SMTP_PASSWORD_THIRD or DIGEST_SMTP_TOKEN_THIRD"
    )


def test_the_variables_of_every_login_are_named() -> None:
    """Three a server, none of a server that is told none; no one of them is needed by itself."""
    also = [_relay(26, login="back-up"), _relay(27, login="none")]
    secrets = KIND.secrets(KIND.keys(**_relay(25), also=also))
    assert [one.variable for one in secrets] == [
        "DIGEST_SMTP_USERNAME",
        "DIGEST_SMTP_PASSWORD",
        "DIGEST_SMTP_TOKEN",
        "DIGEST_SMTP_USERNAME_BACK_UP",
        "DIGEST_SMTP_PASSWORD_BACK_UP",
        "DIGEST_SMTP_TOKEN_BACK_UP",
    ]
    assert not any(one.needed for one in secrets)
