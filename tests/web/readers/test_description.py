"""The JSON endpoint is as its OpenAPI description says; `make contract` tries that at length."""

from __future__ import annotations

import httpx
import pytest

from .conftest import TOML, Pressroom

_WISH = {"email": "nora@reader.example", "editions": {"daily": ["world"]}, "locale": "de"}


def test_it_names_every_address_and_method(client: httpx.Client) -> None:
    """Where the pages stand, and not where the request came to."""
    said = client.get("/api/openapi.json", headers={"Host": "127.0.0.1"}).json()
    assert said["openapi"] == "3.1.0"
    assert said["servers"] == [{"url": "https://digest.news.example"}]
    methods = {path: set(operations) for path, operations in said["paths"].items()}
    assert methods == {"/api/editions": {"get"}, "/api/subscribe": {"post", "options"}}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (None, "application/json", 202),
        ('{"email": "no address", "editions": ["daily"]}', "application/json", 422),
        ("x" * 20_000, "application/json", 413),
        ("{}", "text/plain", 415),
    ],
)
def test_every_answer_is_one_of_those_described(
    room: Pressroom, content: str | None, kind: str, status: int
) -> None:
    """With the fields that the description requires, and as JSON whatever it is."""
    with room.pages() as client:
        described = client.get("/api/openapi.json").json()["paths"]["/api/subscribe"]["post"]
        answer = (
            client.post("/api/subscribe", content=content, headers={"Content-Type": kind})
            if content
            else client.post("/api/subscribe", json=_WISH)
        )
    assert answer.status_code == status
    schema = described["responses"][str(status)]["content"]["application/json"]["schema"]
    assert set(schema["required"]) == set(answer.json())


def test_too_many_is_described_as_well(room: Pressroom) -> None:
    """429, with the words for a person."""
    room.toml = TOML + "\n[readers]\nper_network = 1\n"
    with room.pages() as client:
        client.post("/api/subscribe", json=_WISH)
        answer = client.post("/api/subscribe", json=_WISH)
    assert (answer.status_code, answer.json()["field"]) == (429, "busy")
