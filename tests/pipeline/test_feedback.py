"""A report at /hooks/<provider>, as the provider posts it, to what it does to a reader."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from typing import TYPE_CHECKING

import httpx
import pytest

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


def post(room: Newsroom, provider: str, body: bytes, headers: dict[str, str]) -> int:
    app = public_pages(room.settings, room.store, lambda: room.now)

    async def go() -> int:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.post(f"/hooks/{provider}", content=body, headers=headers)
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
