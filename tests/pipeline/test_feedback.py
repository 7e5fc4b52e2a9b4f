"""A report at /hooks/<provider>, as the provider posts it, to what it does to a reader."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from typing import TYPE_CHECKING

import httpx
import pytest

from digest.errors import ConfigError
from digest.web.public_pages import public_pages

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

LOGIN = "digest:canary-password"
PROOF = {"Authorization": f"Basic {b64encode(LOGIN.encode()).decode()}"}


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Return a newsroom that has sent, and then takes reports of Postmark."""
    newsroom.send()
    newsroom.configure(r"(\[mail\]\n)", r'\1transport = "postmark"' + "\n")
    newsroom.environment |= {
        "DIGEST_POSTMARK_TOKEN": "canary-token",
        "DIGEST_POSTMARK_WEBHOOK": LOGIN,
    }
    return newsroom


def post(
    room: Newsroom, provider: str, body: bytes, headers: dict[str, str], client: str = "192.0.2.7"
) -> int:
    app = public_pages(room.settings, room.store, lambda: room.now)

    async def go() -> int:
        transport = httpx.ASGITransport(app=app, client=(client, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as sender:
            answer = await sender.post(f"/hooks/{provider}", content=body, headers=headers)
            return answer.status_code

    return asyncio.run(go())


def bounce(number: int = 1) -> bytes:
    row = {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": "HardBounce",
        "Metadata": {"delivery": str(number)},
        "BouncedAt": "2026-11-23T08:00:00Z",
    }
    return json.dumps(row).encode()


def suppressed(room: Newsroom) -> list[str]:
    return [name for name in room.states if room.store.subscribers.suppressions(name)]


def test_a_bounce_suppresses_its_reader_once(room: Newsroom) -> None:
    """The same report again changes nothing, and is answered alike."""
    assert [post(room, "postmark", bounce(), PROOF) for _ in range(2)] == [204, 204]
    assert len(suppressed(room)) == 1
    assert sum(room.store.events.counts(room.issue.id).values()) == 1


@pytest.mark.parametrize(
    ("provider", "body", "headers", "status"),
    [
        ("postmark", bounce(), {}, 401),
        ("postmark", bounce(), {"Authorization": "Basic bm86bm8="}, 401),
        ("postmark", b"not json", PROOF, 422),
        ("resend", bounce(), PROOF, 404),
        ("nobody", bounce(), PROOF, 404),
    ],
)
def test_what_is_no_report_changes_nothing(
    room: Newsroom, provider: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    """Forged, unreadable, or of a provider that is not ours."""
    assert post(room, provider, body, headers) == status
    assert suppressed(room) == []


def test_many_events_in_one_report_fit(room: Newsroom) -> None:
    """A hundred kilobytes are no attack here, though a form may not have so many."""
    rows = b"[" + b",".join([bounce(99_999)] * 900) + b"]"
    assert len(rows) > 100_000
    assert post(room, "postmark", rows, PROOF) == 204


@pytest.mark.parametrize(
    ("client", "forwarded", "status"),
    [
        ("192.0.2.7", "", 204),
        ("::ffff:192.0.2.7", "", 204),
        ("198.51.100.255", "", 204),
        ("198.51.101.0", "", 401),
        ("203.0.113.9", "192.0.2.7", 401),
        ("127.0.0.1", "192.0.2.7", 204),
        ("127.0.0.1", "203.0.113.9", 401),
        ("127.0.0.1", "192.0.2.7, 203.0.113.9", 401),
    ],
)
def test_reports_come_only_from_allowed_networks(
    room: Newsroom, client: str, forwarded: str, status: int
) -> None:
    """With the right login too; a header counts only from a proxy that is trusted."""
    allow = '[postmark]\nallow = ["192.0.2.7", "198.51.100.0/24"]\n'
    room.configure(r"\Z", f'\n[serve]\ntrusted_proxies = ["127.0.0.1"]\n{allow}')
    headers = PROOF | ({"X-Forwarded-For": forwarded} if forwarded else {})
    assert post(room, "postmark", bounce(), headers, client) == status
    assert bool(suppressed(room)) is (status == 204)


def test_a_network_that_is_none_is_told_with_its_place(room: Newsroom) -> None:
    """As any other fault of digest.toml is, before anything is served."""
    room.configure(r"\Z", '\n[postmark]\nallow = "192.0.2.0/24"\n')
    with pytest.raises(ConfigError, match="write a list"):
        _ = room.settings


def test_networks_of_a_provider_without_reports_are_refused(room: Newsroom) -> None:
    """A key that nobody would read is told, and not passed over."""
    room.configure(r'transport = "postmark"', 'transport = "scaleway"')
    room.configure(r"\Z", '\n[scaleway]\nproject = "p"\nallow = ["192.0.2.0/24"]\n')
    with pytest.raises(ConfigError, match="no reports of Scaleway's are taken"):
        _ = room.settings
