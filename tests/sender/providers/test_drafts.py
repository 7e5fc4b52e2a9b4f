"""Requests that are written before a connection is free to send them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from digest.models.calls import Call
from digest.models.mails import Recipient
from digest.sender.api.transport import ApiTransport
from tests.sender.providers.conftest import served
from tests.sender.providers.fakes import FAKES
from tests.sender.providers.parts import content, share


def test_a_request_that_was_written_ahead_is_sent() -> None:
    """Once, and only for the very call: one that lost a recipient since is written anew."""
    readers = [Recipient(n, n, f"p{n}", f"r{n}@inbox.example", "", "all") for n in (1, 2)]
    call = Call("key", content(), tuple(map(share, readers)))
    less = replace(call, shares=call.shares[1:])
    with served(FAKES["postmark"]()) as api:
        transport = ApiTransport(api.fake.make(api.url))

        async def send() -> None:
            connection = await transport.connect()
            transport.prepare(call)
            await connection.send(less)
            await connection.send(call)
            await connection.close()

        asyncio.run(send())
        assert [one.to for one in api.kept] == [
            "r2@inbox.example",
            "r1@inbox.example",
            "r2@inbox.example",
        ]
