"""Which server is told which login: its own, the common one, or none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError
from digest.pipeline.checking import examine
from digest.pipeline.sending import SendOrder
from digest.pipeline.transports import Login, login_of, transport_for

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
    smtp = newsroom.settings.smtp
    assert login_of(newsroom.settings, smtp) == Login("canary-user", "canary-password")
    assert login_of(newsroom.settings, smtp.also[0]) == expected


def test_a_token_of_its_own(newsroom: Newsroom) -> None:
    """XOAUTH2 for one server, a password for the other."""
    newsroom.toml += ALSO.format("back-up")
    newsroom.environment |= COMMON | {
        "DIGEST_SMTP_USERNAME_BACK_UP": "canary-other",
        "DIGEST_SMTP_TOKEN_BACK_UP": "canary-token",
    }
    also = newsroom.settings.smtp.also[0]
    assert login_of(newsroom.settings, also) == Login(
        "canary-other", "", "canary-token", "_BACK_UP"
    )


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
