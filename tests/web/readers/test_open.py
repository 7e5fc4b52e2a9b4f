"""The form in the open: floods, enumeration, stale forms, and every method of every page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from digest.pipeline.mails.rendering import link_tokens
from digest.web.public_pages import public_pages
from digest.web.server.security import SECURITY_HEADERS
from subscribers.lifecycle import State, Suppressed
from subscribers.tokens import Purpose

from .conftest import KEY, TOML, Pressroom

NORA = "nora@reader.example"


def _manage(room: Pressroom, public_id: str, edition: str = "daily") -> str:
    return link_tokens(room.settings).sign(Purpose.MANAGE, public_id, edition)


def _rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of every table."""
    engine = create_engine(f"sqlite:///{folder / 'digest.db'}")
    with engine.begin() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        found = {
            name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608 - names of our own tables
            for name in tables.scalars()
        }
    engine.dispose()
    return found


def test_the_same_wish_twice_is_one_mail(room: Pressroom, client: httpx.Client) -> None:
    """A button pressed twice; another wish is another mail."""
    for _ in range(2):
        client.post("/subscribe", data={"email": NORA, "edition": "daily"})
    assert len(room.mails(NORA)) == 1
    client.post("/subscribe", data={"email": NORA, "edition": ["daily", "weekly"]})
    assert len(room.mails(NORA)) == 2


def test_the_answer_never_tells_who_is_known(room: Pressroom, client: httpx.Client) -> None:
    """New, active, pending, left and suppressed: the same status, words and length."""
    room.subscribed("active@x.example")
    left = room.subscribed("left@x.example")
    room.store.subscribers.unsubscribe(left, "daily", room.now)
    room.store.subscribers.suppress("hurt@x.example", Suppressed.COMPLAINT, room.now)
    client.post("/subscribe", data={"email": "asked@x.example", "edition": "daily"})
    answers = set()
    for name in ("new", "active", "asked", "left", "hurt"):
        form = client.post("/subscribe", data={"email": f"{name}@x.example", "edition": "daily"})
        said = {"email": f"{name}@x.example", "editions": ["daily"]}
        script = client.post("/api/subscribe", json=said)
        answers.add((form.status_code, form.headers["location"], form.text))
        answers.add((script.status_code, "", script.text))
    assert len(answers) == 2


@pytest.mark.parametrize("name", ["new", "active"])
def test_an_answer_takes_a_whole_beat(room: Pressroom, name: str) -> None:
    """The work for somebody new and for somebody known ends within it."""
    room.beat = 0.2
    room.subscribed("active@x.example")
    form = {"email": f"{name}@x.example", "edition": "daily"}
    with room.pages() as client:
        assert client.post("/subscribe", data=form).elapsed.total_seconds() >= room.beat
        answer = client.post("/api/subscribe", json={**form, "editions": ["daily"]})
    assert answer.elapsed.total_seconds() >= room.beat


def test_a_program_that_fills_in_everything_is_answered_and_ignored(
    room: Pressroom, client: httpx.Client
) -> None:
    """The trap looks like a success from outside."""
    form = {"email": NORA, "edition": "daily", "website": "https://spam.example"}
    assert client.post("/subscribe", data=form).headers["location"] == "subscribe/sent"
    assert client.post("/api/subscribe", json=form | {"editions": ["daily"]}).status_code == 202
    assert room.mails() == []
    assert room.state(NORA) is None


def _routes(room: Pressroom) -> list[re.Pattern[str]]:
    """Return the pattern of every page there is."""
    rooms = public_pages(room.settings, room.store, room.clock)
    app = rooms._app  # noqa: SLF001 - no page may be left out, and only the application knows all
    assert isinstance(app, Starlette)
    return [route.path_regex for route in app.routes if isinstance(route, Route | Mount)]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_only_a_post_changes_anything(room: Pressroom, client: httpx.Client, method: str) -> None:
    """Every page, with every parameter a form has, by every other method: not a row differs."""
    who = room.subscribed(NORA)
    client.post("/subscribe", data={"email": "new@x.example", "edition": "daily"})
    client.post(f"/p/{_manage(room, who)}", data={"action": "data"})
    client.post(f"/p/{_manage(room, who)}", data={"action": "address", "value": "n@x.example"})
    paths = [room.link(page) for page in "cdnpu" if page not in "pu"]
    paths += [f"/{page}/{_manage(room, who)}" for page in "pu"]
    paths += ["/", "/subscribe", "/subscribe/sent", "/help", "/archive", "/archive/daily"]
    paths += ["/archive/daily/feed.atom", "/api/editions", "/api/subscribe", "/v/none"]
    paths += [
        "/api/openapi.json",
        "/brand.css",
        "/static/base.css",
        "/hooks/none",
        "/archive/daily/2026-11-23",
    ]
    paths += [f"{room.link('d')}/data.json"]
    missed = [route for route in _routes(room) if not any(map(route.match, paths))]
    assert not missed, "a page that no path here opens"
    query = {"action": "unsubscribe", "edition": "daily", "email": "q@x.example", "days": "7"}
    before = _rows(room.folder)
    for path in paths:
        answer = client.request(method, path, params=query)
        assert answer.status_code < 500, path
        assert {name.lower() for name, _ in SECURITY_HEADERS} <= set(answer.headers), path
    assert _rows(room.folder) == before


def test_a_stale_form_is_told_in_words(room: Pressroom, client: httpx.Client) -> None:
    """Left in one tab, paused in another; erased in a third."""
    who = room.subscribed(NORA)
    manage = f"/p/{_manage(room, who)}"
    client.post(f"/u/{_manage(room, who)}")
    answer = client.post(manage, data={"action": "pause", "edition": "daily", "days": "7"})
    assert answer.status_code == 409
    assert "does not fit your subscription any more" in answer.text
    assert room.state(NORA) is State.UNSUBSCRIBED
    room.store.subscribers.erase(NORA, room.now)
    gone = client.post(manage, data={"action": "resume", "edition": "daily"})
    assert gone.status_code == 410


@pytest.mark.parametrize("tail", ["", "=", "/", "//", "?utm_source=mail", "&fbclid=1", ">", "%3D"])
def test_leaving_works_with_whatever_hangs_on_the_link(
    room: Pressroom, client: httpx.Client, tail: str
) -> None:
    """By GET it is the page with its style, by POST it is done, and no redirect is answered."""
    link = f"/u/{_manage(room, room.subscribed(NORA))}{tail}"
    page = client.get(link)
    style = re.search(r'href="([./]*)static/readers.css"', page.text)
    assert style
    assert page.url.join(f"{style[1]}static/readers.css").path == "/static/readers.css"
    assert client.post(link).status_code == 200
    assert room.state(NORA) is State.UNSUBSCRIBED


def test_leaving_works_after_a_key_a_name_or_an_edition_is_gone(room: Pressroom) -> None:
    """A new key in front of the old one; an edition renamed; an edition removed."""
    links = {
        email: f"/u/{_manage(room, room.subscribed(email, edition), edition)}"
        for email, edition in (("a@x.example", "daily"), ("b@x.example", "weekly"))
    }
    room.environment = {"DIGEST_SECRET_KEY": "n" * 40, "DIGEST_SECRET_KEYS_OLD": KEY}
    renamed = TOML.replace('id = "daily"', 'id = "morning"\nwas = ["daily"]')
    start = renamed.index('[[edition]]\nid = "weekly"')
    room.toml = renamed[:start].replace('less_often = "weekly"\n', "")
    room.store.rename_edition("daily", "morning", room.now)
    assert room.state("a@x.example", "morning") is State.ACTIVE
    with room.pages() as client:
        for email, link in links.items():
            assert client.get(link).status_code == 200, email
            assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert room.state("a@x.example", "morning") is State.UNSUBSCRIBED
    assert room.state("b@x.example", "weekly") is State.UNSUBSCRIBED


_NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a@x.example\r\nBcc: v@x.example",
    "{{ 7*7 }}{% raw %}",
    "' OR 1=1 --",
    "=?utf-8?q?a=0d=0aBcc:_x@y?=",
    "\x00\x1b[31m\u202e\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
)


@pytest.mark.parametrize("nasty", _NASTY)
def test_nothing_is_injected_through_any_field(
    room: Pressroom, client: httpx.Client, nasty: str
) -> None:
    """Pages show it as text or not at all, mails have one recipient, nothing answers 500."""
    who = room.subscribed(NORA)
    manage = _manage(room, who)
    fields = ("email", "edition", "section", "locale", "action", "value", "reason", "days")
    told = []
    for field in fields:
        form = {"email": NORA, "edition": "daily", "action": "sections", field: nasty}
        paths = ("/subscribe", f"/p/{manage}", f"/u/{manage}", "/c/x", "/n/x", "/d/x")
        told += [client.post(path, data=form) for path in paths]
        said = {"email": NORA, "editions": {"daily": []}, field: nasty}
        told.append(client.post("/api/subscribe", json=said))
    told.append(client.get("/subscribe", params={"lang": nasty, "edition": nasty}))
    told.append(client.get(f"/p/{manage}", params={"done": nasty}))
    assert not [answer.url for answer in told if answer.status_code >= 500]
    assert not [answer.url for answer in told if "onerror=alert(1)>" in answer.text]
    assert not [answer for answer in told if "<script>alert" in answer.text]
    for mail in room.mails():
        assert mail["Bcc"] is None
        assert len(mail["To"].addresses) == 1


def test_a_script_of_a_named_origin_may_subscribe_and_no_other(room: Pressroom) -> None:
    """CORS: the header is there for origins of [readers], and for nobody else."""
    room.toml = TOML + '\n[readers]\norigins = ["https://news.example"]\n'
    with room.pages() as client:
        for origin, allowed in (("https://news.example", True), ("https://evil.example", False)):
            headers = {"Origin": origin}
            before = client.options("/api/subscribe", headers=headers)
            after = client.post(
                "/api/subscribe", json={"email": NORA, "editions": ["daily"]}, headers=headers
            )
            for answer in (before, after):
                assert ("access-control-allow-origin" in answer.headers) is allowed
            assert after.json() == {"message": after.json()["message"]}
        simple = client.post("/api/subscribe", content=json.dumps({"email": NORA}))
        assert simple.status_code == 415
    assert len(room.mails(NORA)) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"null",
        b'{"email": 7, "editions": ["daily"]}',
        b'{"email": "a@x.example", "editions": {"daily": "world"}}',
        b'{"email": "a@x.example", "editions": [["daily"]]}',
        b'{"email": "a@x.example", "editions": ["none"]}',
        b'{"email": "no address", "editions": ["daily"]}',
        b'{"email": "\\ud800@x.example", "editions": ["daily"]}',
        b"[" * 10_000,
    ],
)
def test_json_that_cannot_be_a_wish_is_refused(client: httpx.Client, said: bytes) -> None:
    """422 in words, whatever it is."""
    answer = client.post(
        "/api/subscribe", content=said, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_link_answers_for_its_own_power_only(room: Pressroom, client: httpx.Client) -> None:
    """A token of each power, on every page that has another one."""
    tokens = link_tokens(room.settings)
    who = room.subscribed(NORA)
    soon = replace(room).now.replace(hour=23)
    pages = {"MANAGE": "up", "VIEW": "v", "CONFIRM": "c", "ADDRESS": "n", "DATA": "d"}
    for purpose in Purpose:
        until = None if purpose in {Purpose.MANAGE, Purpose.VIEW} else soon
        token = tokens.sign(purpose, who, "daily", until)
        for page in set("upvcnd") - set(pages[purpose.name]):
            assert client.get(f"/{page}/{token}").status_code == 404, (purpose, page)
            assert client.post(f"/{page}/{token}").status_code in {404, 405}, (purpose, page)
    assert room.state(NORA) is State.ACTIVE
