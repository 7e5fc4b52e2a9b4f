"""An e-mail API on this machine that misbehaves on demand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.sender.providers.fakes import (
    Answer,
    Asked,
    BadRequestError,
    Fake,
    Kept,
    all_fakes,
    path_of,
    read_strictly,
)


@dataclass
class Fault:
    """What the API does instead, `times` times; `kept` says that it takes the mails all the same.

    `what` is "status", "html", "reset before", "reset during", "reset after", "slow", "garbage", or
    "hold": no answer before `let_go` of the API is set.
    """

    what: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: object = None
    times: int = 1_000_000
    kept: bool = False
    raw: bytes = b""


@dataclass
class Api:
    """A fake that is served; `kept` is its log, `refused` are addresses that it does not take."""

    fake: Fake
    url: str = ""
    fault: Fault | None = None
    then: Fault | None = None
    times: list[float] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    poison: frozenset[str] = frozenset()
    most: int = 1_000_000
    kept: list[Kept] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    held: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take_fault(self) -> Fault | None:
        with self.lock:
            self.times.append(time.monotonic())
            if self.fault is not None and self.fault.times <= 0:
                self.fault, self.then = self.then, None
            if self.fault is None:
                return None
            self.fault.times -= 1
            return self.fault

    def answer(self, asked: Asked) -> Answer:
        """Take the mails of a good request; a bad one is a 400, and noted as our fault."""
        with self.lock:
            self.asked.append(asked)
            key = self.fake.idempotent(asked) if self.fake.idempotent else ""
            if key in self.fake.seen:
                body, answer = self.fake.seen[key]
                return self.fake.known(body == asked.body, answer)
            try:
                mails = read_strictly(self.fake, asked)
            except BadRequestError as error:
                self.faults.append(str(error))
                return 400, {}, json.dumps({"message": str(error)}).encode()
            if len(mails) > self.most:
                return 413, {}, b'{"message": "too large"}'
            if {one.to for one in mails} & self.poison:
                return 400, {}, b'{"message": "an address is malformed"}'
            taken = [one for one in mails if one.to not in self.refused]
            self.kept += taken
            answer = self.fake.answer(mails, taken)
            if key:
                self.fake.seen[key] = (asked.body, answer)
            return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms between its head and its body
    api: Api

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        fault = self.api.take_fault()
        if fault is not None and fault.what == "reset before":
            self._cut()
            return
        length = int(self.headers.get("Content-Length", 0))
        if fault is not None and fault.what == "reset during":
            self.rfile.read(10)
            self._cut()
            return
        body = self.rfile.read(length)
        if len(body) < length:  # the client is gone: a request cut short is none
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, path_of(self.path), headers, body)
        if fault is None:
            self._say(*self.api.answer(asked))
            return
        if fault.kept:
            self.api.answer(asked)
        self._misbehave(fault)

    def _misbehave(self, fault: Fault) -> None:
        if fault.what in {"reset after", "slow", "hold"}:
            if fault.what == "slow":
                time.sleep(0.6)
            if fault.what == "hold":
                with self.api.lock:
                    self.api.held += 1
                self.api.let_go.wait(120)
            self._cut()
        elif fault.what == "garbage":
            self._say(200, {}, fault.raw)
        elif fault.what == "html":
            self._say(fault.status, {}, b"<html>" + b"<p>busy" * 2000)
        else:
            said = json.dumps(fault.body or {"message": "no"}).encode()
            self._say(fault.status, fault.headers, said)

    do_GET = do_POST  # noqa: N815 - http.server's own names

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()


@contextmanager
def served(fake: Fake, port: int = 0) -> Iterator[Api]:
    """Serve the fake on loopback while the block runs, at any port or at this one."""
    api = Api(fake)

    class Handler(_Handler):
        pass

    Handler.api = api
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.daemon_threads = True
        api.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield api
        finally:
            api.let_go.set()
            server.shutdown()
            thread.join()


@pytest.fixture(params=sorted(all_fakes()))
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    with served(all_fakes()[request.param]()) as running:
        yield running
