"""To the letter: the request that each provider gets, opened as digest.toml would open it.

To write the files again after a change, and look at what it made of them:

    DIGEST_GOLDEN=write python -m pytest tests/sender/providers/test_requests.py
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from digest.errors import TransportRejected, TransportUnavailable
from digest.models.calls import Call
from digest.models.mails import Recipient
from digest.sender.api.contract import ApiRequest, ApiResponse, Provider
from digest.sender.api.transport import ApiTransport
from digest.sender.declaration import Check, Greeting, Opening
from digest.sender.registry import TRANSPORTS
from tests.sender.providers.conftest import Fault, served
from tests.sender.providers.fakes import all_fakes
from tests.sender.providers.parts import content, share

_FOLDER = Path(__file__).parent / "requests"
AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
NAMES = sorted(set(TRANSPORTS) - {"smtp", "outbox"})
# What has to stand in the table of a provider; a slash at the end of an address is none of it.
TABLES: dict[str, dict[str, str]] = {
    "mailgun": {"domain": "mg.news.example"},
    "postal": {"url": "https://postal.news.example/"},
    "scaleway": {"project": "a-project"},
    "ses": {"region": "eu-west-1"},
}
# What else may stand there, and is to be seen in the request.
MORE: dict[str, dict[str, Any]] = {
    "mailersend": {"headers": True},
    "postmark": {"stream": "news"},
    "scaleway": {"region": "nl-ams", "project": "another"},
    "ses": {"configuration_set": "a-set", "region": "us-east-1"},
}


def opened(name: str, **table: object) -> Provider:
    """Return the provider that a table and its secrets make."""
    kind = TRANSPORTS[name]
    settings = kind.keys(**TABLES.get(name, {}) | table)
    secrets = {one.variable: f"canary-{one.variable}" for one in kind.secrets(settings)}
    transport = kind.open(Opening(settings, secrets, Path()))
    assert isinstance(transport, ApiTransport)
    return transport._provider  # noqa: SLF001 - it shows itself by its requests alone


def call_of(provider: Provider, reply_to: str = "desk@news.example") -> Call:
    """Return a call for two readers, or for as many as the provider takes."""
    readers = [
        Recipient(number, 10 + number, f"p{number}", f"reader{number}@news.example", "", "all")
        for number in range(1, min(2, provider.limits.recipients) + 1)
    ]
    dated = ("Date", "Mon, 23 Nov 2026 07:00:00 +0000")
    shares = (replace(one, headers=(*one.headers, dated)) for one in map(share, readers))
    return Call("a-key", content(reply_to=reply_to), tuple(shares))


def readable(request: ApiRequest) -> dict[str, Any]:
    """Return a request as a person reads it, with its headers and every field of its body."""
    kind = request.headers.get("Content-Type", "")
    body: Any = None
    if request.body:
        is_form = kind == "application/x-www-form-urlencoded"
        text = request.body.decode()
        body = parse_qsl(text, keep_blank_values=True) if is_form else json.loads(text)
    signed = dict(request.signed(AT)) if request.signed else {}
    return {
        "request": f"{request.method} {request.url}",
        "headers": {**request.headers, **signed},
        "body": body,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_provider_gets_the_request_that_is_kept(name: str) -> None:
    """Address, login, every field for two readers; and the request that tries the key."""
    provider = opened(name)
    made = {
        "send": readable(provider.request(call_of(provider))),
        "check": readable(provider.check()),
    }
    path = _FOLDER / f"{name}.json"
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("DIGEST_GOLDEN") == "write":
        path.write_text(text)
    assert json.loads(text) == json.loads(path.read_text())


@pytest.mark.parametrize("name", NAMES)
def test_who_wants_no_replies_names_no_address_for_them(name: str) -> None:
    """The field is left out: an empty one is refused by most."""
    provider = opened(name)
    with_it, without_it = (
        json.dumps(readable(provider.request(call_of(provider, to)))).lower()
        for to in ("desk@news.example", "")
    )
    for word in ("reply-to", "reply_to", "replyto"):
        assert word not in without_it
    assert "desk@news.example" in with_it


@pytest.mark.parametrize("name", NAMES)
def test_an_address_of_the_table_is_taken_without_its_last_slash(name: str) -> None:
    """Every request goes there, by the same path."""
    usual = opened(name)
    other = opened(name, url="https://api.news.example/base/")
    for mine, theirs in (
        (other.check(), usual.check()),
        (other.request(call_of(other)), usual.request(call_of(usual))),
    ):
        assert mine.url.startswith("https://api.news.example/base/")
        path = mine.url.removeprefix("https://api.news.example/base")
        assert not path.startswith("//")
        assert theirs.url.endswith(path)


@pytest.mark.parametrize("name", sorted(MORE))
def test_what_the_table_adds_is_in_the_request(name: str) -> None:
    """A stream, a project, a set, headers of ours: as the file beside says."""
    provider = opened(name, **MORE[name])
    made = readable(provider.request(replace(call_of(provider), content=content())))
    path = _FOLDER / f"{name}-more.json"
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("DIGEST_GOLDEN") == "write":
        path.write_text(text)
    assert json.loads(text) == json.loads(path.read_text())


@pytest.mark.parametrize(
    ("name", "status", "body", "is_right"),
    [
        ("mailtrap", 200, b"{}", True),
        ("mailtrap", 400, b"{}", True),
        ("mailtrap", 422, b"{}", True),
        ("mailtrap", 401, b"{}", False),
        ("postal", 200, b'{"data": {"code": "MessageNotFound"}}', True),
        ("postal", 200, b'{"data": {"code": "InvalidServerAPIKey"}}', False),
        ("postal", 200, b'{"data": "MessageNotFound"}', False),
        ("postal", 200, b"[]", False),
    ],
)
def test_what_proves_a_key(name: str, status: int, body: bytes, *, is_right: bool) -> None:
    """Their requests for that are wrong in themselves, so the answer to a right key is an error."""
    proves = opened(name).check().proves
    assert proves is not None
    assert proves(ApiResponse(status, {}, body)) is is_right


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("postmark", "it keeps our headers, with each reader's List-Unsubscribe"),
        (
            "brevo",
            (
                "it writes Message-ID and Date itself, and tracks unless that is switched off in"
                " the account"
            ),
        ),
    ],
)
def test_a_key_that_is_taken_is_told_with_what_becomes_of_our_headers(name: str, note: str) -> None:
    """The operator reads it before the first mail; one that is refused is an error."""
    kind = TRANSPORTS[name]
    with served(all_fakes()[name]()) as api:
        api.fault = Fault("status", 200, body={})
        secrets = {one.variable: "k" for one in kind.secrets(kind.keys())}
        (check,) = kind.checks_of(Opening(kind.keys(url=api.url), secrets, Path()))
        greeting = asyncio.run(_awaited(check))
        assert greeting == Greeting(f"{name} takes our key; {note}", takes_eight_bit=False)
        api.fault = Fault("status", 401, body={"message": "no", "Message": "no"})
        with pytest.raises(TransportRejected) as refused:
            asyncio.run(_awaited(check))
    assert refused.value.what == f"{name} refuses us: no"
    assert refused.value.where == name
    assert refused.value.fix == (
        "Look into the provider's account: key, sender domain, quota. Nobody is lost."
    )
    with pytest.raises(TransportUnavailable, match=rf"{name} cannot be .*: no answer \(Connect"):
        asyncio.run(_awaited(check))


async def _awaited(check: Check) -> Greeting:
    return await check()
