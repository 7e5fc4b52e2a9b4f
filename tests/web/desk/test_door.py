"""The desk behind a proxy: who comes in, for how long, and what they may do there."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from digest.errors import ConfigError, DigestError, UsageError
from digest.pipeline.configured.loading import load_settings
from digest.store import open_store
from digest.web.desk.backend import DeskBackend
from digest.web.desk.served import desk_url, host_and_port, served_desk
from digest.web.desk.sessions import Sessions
from digest.web.preview_backend import PreviewBackend
from digest.web.server.serving import serving
from tests.web.desk.conftest import NOW

SECRET = {"DIGEST_SECRET_KEY": "quite-a-long-secret-for-tests"}
HOST = "desk.news.example"
_DESK = f"""
[desk]
url = "https://{HOST}"
look = ["Bo Berg <bo@news.example>"]
session_hours = 2
[serve]
trusted_proxies = ["127.0.0.1"]
"""


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Visitor:
    """A browser behind the proxy: it keeps cookies and names its origin."""

    client: httpx.Client
    folder: Path
    network: str = "198.51.100.7"
    links: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def asks(self, method: str, path: str, **more: str | None) -> httpx.Response:
        headers = {"Host": HOST, "X-Forwarded-For": self.network, "Origin": f"https://{HOST}"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "GET":
            del headers["Origin"]
        for name in ("Host", "Origin", "Sec-Fetch-Site"):
            if (given := more.pop(name.replace("-", "_"), None)) is not None:
                headers[name] = given
        answer = self.client.request(method, path, data=more or None, headers=headers)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0].strip('"')
        return answer

    def link(self) -> str:
        """Wait for a link that was not seen before: it is sent after the answer; return its key."""
        for _ in range(600):
            with open_store("sqlite:///digest.db", self.folder) as store:
                mail = store.single_mails.get(self.links + 1)
            if mail is not None:
                self.links += 1
                match = re.search(rf"https://{HOST}/enter\?key=(\S+)", mail.facts["text"])
                assert match
                return match[1]
            time.sleep(0.1)
        raise AssertionError("no link was sent")

    def signs_in(self, address: str) -> httpx.Response:
        assert self.asks("POST", "/sign-in", address=address).status_code == 200
        return self.asks("POST", "/enter", key=self.link())


@pytest.fixture
def clock() -> Clock:
    """Return the desk's clock."""
    return Clock()


@pytest.fixture
def newsroom(folder: Path) -> Path:
    """Give the newsroom an editor of its edition, one who may look, and the desk's address."""
    toml = (folder / "digest.toml").read_text()
    editors = 'approval = "required"\neditors = ["Ann Ames <ann@news.example>"]\n'
    toml = toml.replace('approval = "required"\n', editors)
    (folder / "digest.toml").write_text(toml + _DESK)
    return folder


@pytest.fixture
def visitor(newsroom: Path, clock: Clock) -> Iterator[Visitor]:
    """Yield somebody who came through the proxy."""
    looking = PreviewBackend(newsroom / "digest.toml", SECRET, clock, "daily")
    app = served_desk(DeskBackend(looking, newsroom, clock, ""), looking, clock, lambda: None)
    with serving(app) as base_url, httpx.Client(base_url=base_url, timeout=60) as client:
        yield Visitor(client, newsroom)
    looking.close()


def test_who_has_no_session_sees_the_way_in_and_nothing_else(visitor: Visitor) -> None:
    """No page, no frame, no download, no events, no change."""
    for path in ("/", "/edition/daily", "/edition/daily/frame", "/edition/daily/issue.html"):
        answer = visitor.asks("GET", path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert visitor.asks("GET", "/events").status_code == 401
    assert visitor.asks("POST", "/edition/daily/do", action="drop").status_code == 401
    assert "There is no password" in visitor.asks("GET", "/sign-in").text


def test_an_editor_signs_in_by_a_link_and_changes_the_issue(
    visitor: Visitor, overlay: Path
) -> None:
    """A look at the link's page uses it up as little as a scanner does; the button opens once."""
    visitor.asks("POST", "/sign-in", address="ANN@news.example")
    key = visitor.link()
    for _ in range(3):
        assert "As Ann Ames." in visitor.asks("GET", f"/enter?key={key}").text
    answer = visitor.asks("POST", "/enter", key=key)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-digest_desk=")
    for word in ("httponly", "secure", "samesite=lax", "path=/"):
        assert word in cookie
    page = visitor.asks("GET", "/edition/daily").text
    assert "Sign out" in page
    assert "Harbour wall" in page
    version = re.search(r'name="version" value="([0-9a-f]*)"', page)
    body = {"action": "drop", "story": "feed-0", "version": version[1] if version else ""}
    assert visitor.asks("POST", "/edition/daily/do", **body).status_code == 303
    assert "feed-0" in overlay.read_text()
    assert visitor.asks("POST", "/enter", key=key).status_code == 403


def test_what_an_editor_approves_bears_their_name(visitor: Visitor) -> None:
    """And not their address."""
    visitor.signs_in("ann@news.example")
    page = visitor.asks("GET", "/edition/daily").text
    sha256 = re.findall(r'name="sha256" value="([0-9a-f]{64})"', page)[0]
    visitor.asks("POST", "/edition/daily/do", action="approve", sha256=sha256)
    assert "Approved by Ann Ames" in visitor.asks("GET", "/edition/daily").text


def test_who_may_look_sees_all_and_changes_nothing(visitor: Visitor, overlay: Path) -> None:
    """No button is there, a form that is sent all the same is refused, and no reader is found."""
    visitor.signs_in("bo@news.example")
    page = visitor.asks("GET", "/edition/daily?panel=readers").text
    assert "You may look at this edition" in page
    assert 'value="drop"' not in page
    assert 'id="address"' not in page
    for action in ("drop", "approve", "hold", "test", "links", "undo", "reader", "release"):
        answer = visitor.asks(
            "POST",
            "/edition/daily/do",
            action=action,
            story="feed-0",
            address="amara@reader.example",
        )
        told = visitor.asks("GET", answer.headers["location"]).text
        assert "you may look, and not change" in told
        assert "reader.example" not in told.partition('class="editing"')[0]
    assert not overlay.exists()


def test_who_is_taken_out_of_the_configuration_is_out_at_once(
    visitor: Visitor, newsroom: Path
) -> None:
    """Session or not; a link that is under way opens nothing either."""
    visitor.signs_in("bo@news.example")
    visitor.asks("POST", "/sign-in", address="bo@news.example")
    key = visitor.link()
    toml = (newsroom / "digest.toml").read_text()
    (newsroom / "digest.toml").write_text(toml.replace("Bo Berg <bo@news.example>", "x@y.example"))
    assert visitor.asks("GET", "/edition/daily").headers["location"] == "/sign-in"
    assert "This link is over" in visitor.asks("GET", f"/enter?key={key}").text


def test_sessions_and_links_end(visitor: Visitor, clock: Clock) -> None:
    """A link after a quarter of an hour, a session after its hours, both at signing out."""
    visitor.asks("POST", "/sign-in", address="ann@news.example")
    key = visitor.link()
    clock.now += timedelta(minutes=16)
    assert visitor.asks("POST", "/enter", key=key).status_code == 403
    visitor.signs_in("ann@news.example")
    clock.now += timedelta(minutes=119)
    assert visitor.asks("GET", "/edition/daily").status_code == 200
    clock.now += timedelta(minutes=2)
    assert visitor.asks("GET", "/edition/daily").status_code == 303
    visitor.signs_in("ann@news.example")
    kept = dict(visitor.cookies)
    visitor.asks("POST", "/leave")
    visitor.cookies = kept
    assert visitor.asks("GET", "/edition/daily").status_code == 303


def test_the_answer_does_not_tell_whether_an_address_has_an_account(visitor: Visitor) -> None:
    """Word for word the same; only one mail is on its way; limits count both alike."""
    other = visitor.asks("POST", "/sign-in", address="nobody@news.example")
    known = visitor.asks("POST", "/sign-in", address="ann@news.example")
    assert (known.status_code, known.text) == (other.status_code, other.text)
    assert visitor.link()
    with open_store("sqlite:///digest.db", visitor.folder) as store:
        assert store.single_mails.get(2) is None
    for address in ("ann@news.example", "nobody@news.example"):
        codes = [visitor.asks("POST", "/sign-in", address=address).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 200, 429]


def test_one_network_asks_only_so_often(visitor: Visitor, clock: Clock) -> None:
    """Whatever address it names; another network is not held back, and an hour is enough."""
    codes = [
        visitor.asks("POST", "/sign-in", address=f"a{number}@x.example").status_code
        for number in range(21)
    ]
    assert codes[-2:] == [200, 429]
    visitor.network = "203.0.113.9"
    assert visitor.asks("POST", "/sign-in", address="b@x.example").status_code == 200
    visitor.network = "198.51.100.7"
    clock.now += timedelta(minutes=61)
    assert visitor.asks("POST", "/sign-in", address="c@x.example").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": f"http://{HOST}"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
    ],
)
def test_other_names_and_other_sites_are_refused(
    visitor: Visitor, headers: dict[str, str], status: int
) -> None:
    """With a session or without, at the way in too."""
    visitor.signs_in("ann@news.example")
    for path in ("/edition/daily/do", "/sign-in", "/enter", "/leave"):
        assert visitor.asks("POST", path, **headers).status_code == status
    assert visitor.asks("GET", "/edition/daily").status_code == 200


def test_a_made_up_session_or_key_opens_nothing(visitor: Visitor) -> None:
    """Nor one of another kind."""
    visitor.asks("POST", "/sign-in", address="ann@news.example")
    key = visitor.link()
    for value in ("", "x", key, "%00", "a" * 4000):
        visitor.cookies = {"__Host-digest_desk": value}
        assert visitor.asks("GET", "/edition/daily").status_code == 303
    assert visitor.asks("POST", "/enter", key="x").status_code == 403


def test_secrets_are_kept_as_hashes_and_bounded() -> None:
    """Whoever reads the memory of a list finds no link; the oldest go."""
    sessions = Sessions(timedelta(minutes=1), timedelta(minutes=1))
    first = sessions.link("ann", NOW)
    assert first not in repr(vars(sessions))
    for _ in range(2_000):
        sessions.link("ann", NOW)
    assert sessions.enter(first, NOW) == ""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "no address to be reached at"),
        ('[desk]\nurl = "https://desk.news.example"\n', "nobody could sign in"),
    ],
)
def test_what_is_lacking_is_said_at_the_start(folder: Path, more: str, said: str) -> None:
    """With what to write."""
    with (folder / "digest.toml").open("a") as file:
        file.write(more)
    settings = load_settings(folder / "digest.toml", SECRET)
    with (
        open_store("sqlite:///digest.db", folder) as store,
        pytest.raises(DigestError, match=said),
    ):
        desk_url(settings, store)


@pytest.mark.parametrize("url", ["http://desk.news.example", "https://x.example/desk", "desk"])
def test_an_address_without_tls_or_with_a_path_is_refused(folder: Path, url: str) -> None:
    """Cookies of a session want https, and a host of their own."""
    with (folder / "digest.toml").open("a") as file:
        file.write(f'[desk]\nurl = "{url}"\n')
    with pytest.raises(ConfigError, match=r"digest.toml:\d+"):
        load_settings(folder / "digest.toml", SECRET)


def test_addresses_to_listen_on() -> None:
    """As they are written everywhere; a name without a port is asked for again."""
    assert host_and_port("0.0.0.0:80") == ("0.0.0.0", 80)  # noqa: S104 - it is only read
    assert host_and_port("[::1]:8027") == ("::1", 8027)
    assert host_and_port(":8027") == ("127.0.0.1", 8027)
    for wrong in ("localhost", "::1:80", "x:99999", ""):
        with pytest.raises(UsageError):
            host_and_port(wrong)
