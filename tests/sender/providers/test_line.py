"""The line that all providers share: what httpx's client would do is done where it is needed."""

from __future__ import annotations

import asyncio
from base64 import b64encode

import pytest

from digest.models.calls import Call
from digest.models.deliveries import Outcome
from digest.models.mails import Recipient
from digest.sender.api.transport import ApiTransport
from digest.sender.transport import CallResult
from tests.sender.providers.conftest import served
from tests.sender.providers.fakes import FAKES
from tests.sender.providers.parts import content, share

READERS = [Recipient(n, n, f"p{n}", f"r{n}@inbox.example", "", "all") for n in (1, 2)]
CALL = Call("key", content(), tuple(map(share, READERS)))


def sent(transport: ApiTransport, times: int = 1) -> list[CallResult]:
    async def send() -> list[CallResult]:
        connection = await transport.connect()
        try:
            return [await connection.send(CALL) for _ in range(times)]
        finally:
            await connection.close()

    return asyncio.run(send())


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newsroom behind one reaches no provider otherwise."""
    with served(FAKES["postmark"]()) as api:
        monkeypatch.setenv("HTTP_PROXY", api.url)
        (result,) = sent(ApiTransport(api.fake.make("http://postmark.invalid")))
        assert {one.outcome for one in result.receipts} == {Outcome.ACCEPTED}
        assert [one.headers["host"] for one in api.asked] == ["postmark.invalid"]


def test_a_login_in_the_address_is_used() -> None:
    """As before a gateway that asks for one."""
    with served(FAKES["postmark"]()) as api:
        url = api.url.replace("://", "://desk:word@")
        (result,) = sent(ApiTransport(api.fake.make(url)))
        assert {one.outcome for one in result.receipts} == {Outcome.ACCEPTED}
        login = b64encode(b"desk:word").decode()
        assert [one.headers["authorization"] for one in api.asked] == [f"Basic {login}"]


def test_a_line_stays_open_and_asks_for_what_it_reads() -> None:
    """The length of the body is told, and the answer may be compressed."""
    with served(FAKES["postmark"]()) as api:
        results = sent(ApiTransport(api.fake.make(api.url)), times=3)
        assert all(one.outcome is Outcome.ACCEPTED for result in results for one in result.receipts)
        for asked in api.asked:
            assert asked.headers["content-length"] == str(len(asked.body))
            assert "gzip" in asked.headers["accept-encoding"]
            assert asked.headers["connection"] == "keep-alive"
