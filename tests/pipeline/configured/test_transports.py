"""Which server is told which login: its own, the common one, or none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError, ExitCode
from digest.models.deliveries import DeliveryState
from digest.pipeline.configured.transports import opening_of, transport_for
from digest.pipeline.sending.sending import SendOrder
from digest.pipeline.setup.doctor import examine
from digest.sender.smtp.opening import Login, login_of
from digest.sender.smtp.settings import TRANSPORT

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

ALSO = """
[[smtp.also]]
host = "127.0.0.1"
port = 2
tls = "none"
login = "{}"
"""
COMMON = {"DIGEST_SMTP_USERNAME": "canary-user", "DIGEST_SMTP_PASSWORD": "canary-password"}
OWN = {
    "DIGEST_SMTP_USERNAME_BACK_UP": "canary-other",
    "DIGEST_SMTP_PASSWORD_BACK_UP": "canary-secret",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", Login("canary-user", "canary-password")),
        ("none", Login()),
        ("back-up", Login("canary-other", "canary-secret", "", "_BACK_UP")),
    ],
)
def test_each_server_is_told_its_own_login_and_no_other(
    newsroom: Newsroom, name: str, expected: Login
) -> None:
    """The first has the common one; the one beside it, what `login` says."""
    newsroom.toml += ALSO.format(name)
    newsroom.environment |= COMMON | OWN
    opening = opening_of(newsroom.settings, TRANSPORT, "")
    first, also = opening.settings.relays
    assert login_of(opening, first) == Login("canary-user", "canary-password")
    assert login_of(opening, also) == expected
    assert "canary" not in repr(opening)


def test_a_token_of_its_own(newsroom: Newsroom) -> None:
    """XOAUTH2 for one server, a password for the other."""
    newsroom.toml += ALSO.format("back-up")
    newsroom.environment |= COMMON | {
        "DIGEST_SMTP_USERNAME_BACK_UP": "canary-other",
        "DIGEST_SMTP_TOKEN_BACK_UP": "canary-token",
    }
    opening = opening_of(newsroom.settings, TRANSPORT, "")
    _, also = opening.settings.relays
    assert login_of(opening, also) == Login("canary-other", "", "canary-token", "_BACK_UP")


@pytest.mark.parametrize("missing", list(OWN))
def test_a_login_that_is_named_and_not_there_is_told_before_anything_is_planned(
    newsroom: Newsroom, missing: str
) -> None:
    """Which variables to set; no secret of another server stands in, and none is shown."""
    newsroom.toml += ALSO.format("back-up")
    newsroom.environment |= COMMON | {name: OWN[name] for name in OWN if name != missing}
    with pytest.raises(ConfigError, match="DIGEST_SMTP_USERNAME_BACK_UP") as told:
        newsroom.send(SendOrder("daily"))
    assert newsroom.store.issues.list() == ()
    assert not any(secret in str(told.value) for secret in (*COMMON.values(), *OWN.values()))
    with pytest.raises(ConfigError):
        transport_for(newsroom.settings, "")


def _in_ukrainian(newsroom: Newsroom) -> None:
    newsroom.configure(r"(url = .https://news.example.\n)", r'\1language = "uk"\n')


def _eight_bit(newsroom: Newsroom) -> None:
    _in_ukrainian(newsroom)
    newsroom.configure(r"(port = 1\n)", r"\1eight_bit = true\n")
    newsroom.mailbox.ehlo = ("PIPELINING", "8BITMIME")


def test_8bit_mails_are_for_who_says_so(newsroom: Newsroom) -> None:
    """Without the operator's word a server that takes 8BITMIME gets plain ASCII."""
    _in_ukrainian(newsroom)
    newsroom.mailbox.ehlo = ("PIPELINING", "8BITMIME")
    newsroom.send()
    assert newsroom.mailbox.bodies == [""] * 3
    assert all(data.isascii() for _, data in newsroom.mailbox.kept)


def test_8bit_mails_are_announced_and_lighter(newsroom: Newsroom) -> None:
    """Whoever is sent one is told so, and reads what was meant."""
    _eight_bit(newsroom)
    newsroom.send()
    assert newsroom.mailbox.bodies == ["8BITMIME"] * 3
    (_, data), *_ = newsroom.mailbox.kept
    assert "Відписатися" in data.decode()


def test_a_server_without_8bitmime_is_refused_and_nobody_lost(newsroom: Newsroom) -> None:
    """What was planned waits, says why, and goes to a server that takes it; as it was planned."""
    _eight_bit(newsroom)
    newsroom.mailbox.ehlo = ("PIPELINING",)
    report = newsroom.send()
    assert report.exit_code is not ExitCode.DONE
    assert "8BITMIME" in f"{report.words} {report.hints} {report.error}"
    assert set(newsroom.states.values()) == {DeliveryState.PENDING}
    assert newsroom.mailbox.kept == []
    newsroom.configure("eight_bit = true", "eight_bit = false")
    assert newsroom.send().exit_code is not ExitCode.DONE
    newsroom.mailbox.ehlo = ("PIPELINING", "8BITMIME")
    newsroom.send()
    assert newsroom.mailbox.bodies[-3:] == ["8BITMIME"] * 3
    assert set(newsroom.states.values()) == {DeliveryState.ACCEPTED}


def test_the_outbox_stays_ascii(newsroom: Newsroom) -> None:
    """Nobody knows where a file goes."""
    _eight_bit(newsroom)
    newsroom.configure(r"(from = .*\n)", r'\1transport = "outbox"\n')
    newsroom.send()
    files = list((newsroom.folder / "outbox").rglob("*.eml"))
    assert len(files) == 3
    assert all(file.read_bytes().isascii() for file in files)


def _doctor(newsroom: Newsroom) -> tuple[bool, str]:
    async def look() -> tuple[bool, str]:
        async with newsroom.mailbox.serving():
            found = await asyncio.to_thread(examine, newsroom.settings, newsroom.now)
        return next((one.ok, one.words) for one in found if one.name == "transport")

    return asyncio.run(look())


def test_the_doctor_tells_who_would_profit_from_8bit(newsroom: Newsroom) -> None:
    """A server that takes it and a language of two bytes a letter; for English it is nothing."""
    newsroom.mailbox.ehlo = ("PIPELINING", "8BITMIME")
    assert "8BITMIME" not in _doctor(newsroom)[1]
    _in_ukrainian(newsroom)
    ok, words = _doctor(newsroom)
    assert ok
    assert "eight_bit = true in [smtp]" in words
    newsroom.mailbox.ehlo = ("PIPELINING",)
    assert "8BITMIME" not in _doctor(newsroom)[1]


def test_the_doctor_finds_a_server_that_8bit_mails_cannot_go_to(newsroom: Newsroom) -> None:
    """Before the first send does."""
    _eight_bit(newsroom)
    assert _doctor(newsroom)[0]
    newsroom.mailbox.ehlo = ("PIPELINING",)
    ok, words = _doctor(newsroom)
    assert not ok
    assert "does not take 8BITMIME" in words


def test_the_doctor_looks_at_every_server(newsroom: Newsroom) -> None:
    """The one that stands by is found ill before it is needed."""
    newsroom.toml += ALSO.format("none") + "weight = 0\n"

    async def look() -> list[tuple[bool, str]]:
        async with newsroom.mailbox.serving():
            found = await asyncio.to_thread(examine, newsroom.settings, newsroom.now)
        return [(one.ok, one.words) for one in found if one.name == "transport"]

    first, second = asyncio.run(look())
    assert first == (True, f"smtp at 127.0.0.1:{newsroom.mailbox.port} greets us")
    assert not second[0]
    assert "127.0.0.1:2" in second[1]
