"""Every kind of remote: what is swapped is read back, and only who knows the version may swap."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import httpx
import pytest

from digest.store.remote.contract import (
    STATE,
    Remote,
    RemoteFailed,
    RemoteMoved,
    SealedFile,
)

if TYPE_CHECKING:
    from tests.store.remote.conftest import Place

FIRST = {STATE: b"state 1", "000001-aa": bytes(range(256)) * 300}
SECOND = {STATE: b"state 2", "000001-aa": FIRST["000001-aa"], "000002-bb": b"a change"}
WHOLE = {STATE: b"state 3", "000003-cc": b"whole again"}


def test_what_was_put_there_is_read_by_another_runner(place: Place) -> None:
    """State, parts and mark, byte by byte, after each swap."""
    assert place.remote().fetch().version == ""
    one = place.remote()
    version = one.swap(one.fetch().version, FIRST, b"mark 1")
    for files, mark in ((SECOND, b"mark 2"), (WHOLE, b"mark 3")):
        version = one.swap(version, files, mark)
        found = place.remote().fetch()
        assert (found.files, found.mark, found.version) == (files, mark, version)


def test_of_two_runners_that_read_the_same_state_one_swaps(place: Place) -> None:
    """The other is told so, and what it would have written is nowhere."""
    one, other = place.remote(), place.remote()
    before = one.fetch().version
    assert other.fetch().version == before
    one.swap(before, FIRST, b"mark")
    with pytest.raises(RemoteMoved, match="another run"):
        other.swap(before, SECOND, b"other mark")
    found = place.remote().fetch()
    assert (found.files, found.mark) == (FIRST, b"mark")
    again = other.fetch()
    other.swap(again.version, SECOND, b"mark 2")
    assert place.remote().fetch().files == SECOND


def test_four_at_once_one_wins_each_time(place: Place) -> None:
    """Rounds of four swaps from one version, in threads."""
    remotes = [place.remote() for _ in range(4)]
    version = remotes[0].swap(remotes[0].fetch().version, FIRST, b"0")
    for number in range(3):
        for remote in remotes:
            assert remote.fetch().version == version

        def swap(remote: Remote, version: str = version, number: int = number) -> str:
            files = {STATE: f"{number} {id(remote)}".encode()}
            try:
                return remote.swap(version, files, b"mark")
            except RemoteMoved:
                return ""

        with ThreadPoolExecutor(len(remotes)) as threads:
            won = [found for found in threads.map(swap, remotes) if found]
        assert len(won) == 1
        (version,) = won


def test_requests_are_swapped_apart_from_the_state(place: Place) -> None:
    """None at first; what was left is read by others; only who read the latest may replace it."""
    one, other = place.remote(), place.remote()
    one.swap(one.fetch().version, FIRST, b"mark")
    before = other.fetch().version
    assert one.requests() == SealedFile()
    other.swap_requests("", b"stop this")
    found = one.requests()
    assert found.content == b"stop this"
    with pytest.raises(RemoteMoved):
        one.swap_requests("", b"stop that")
    one.swap_requests(found.version, b"stop both")
    assert other.requests().content == b"stop both"
    assert place.remote().fetch().version == before


def test_a_state_that_cannot_be_read_is_set_aside(place: Place) -> None:
    """It is kept under a name of its own, and the place can be begun afresh."""
    one = place.remote()
    one.swap(one.fetch().version, FIRST, b"mark")
    other = place.remote()
    found = other.fetch()
    assert "aside" in other.set_aside(found)
    other.swap(found.version, WHOLE, b"mark 2")
    assert place.remote().fetch().files == WHOLE


def test_a_place_that_is_not_there_is_no_empty_place(git_place: Place, s3_place: Place) -> None:
    """A clone without that remote, a bucket that nobody made, a server that does not answer."""
    git_place.url += "?remote=elsewhere"
    with pytest.raises(RemoteFailed, match="elsewhere"):
        git_place.remote()
    s3_place.url = "sqlite+s3://no-such-bucket/key"
    lonely = s3_place.remote()
    with pytest.raises(RemoteFailed, match="no bucket"):
        lonely.swap(lonely.fetch().version, FIRST, b"mark")
    s3_place.variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    with pytest.raises(RemoteFailed, match="cannot be reached"):
        s3_place.remote().fetch()


class _Careless(BaseHTTPRequestHandler):
    """Takes every write, whatever its condition, as old services do."""

    kept: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        body = self.kept.get(self.path)
        self.send_response(httpx.codes.NOT_FOUND if body is None else httpx.codes.OK)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def do_PUT(self) -> None:
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(httpx.codes.OK)
        self.send_header("ETag", '"etag"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_DELETE(self) -> None:
        del self.kept[self.path]
        self.send_response(httpx.codes.NO_CONTENT)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_service_that_ignores_conditions_is_refused_when_a_state_is_made(
    s3_place: Place,
) -> None:
    """Two runs would overwrite each other there, and both would send."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Careless)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    s3_place.variables["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{server.server_port}"
    careless = s3_place.remote()
    try:
        with pytest.raises(RemoteFailed, match="ignores conditional writes"):
            careless.swap(careless.fetch().version, FIRST, b"mark")
        assert not careless.fetch().version
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
