"""A bare repository behind git's own HTTP server, `git http-backend`, on this machine."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

_GIT = shutil.which("git") or "git"


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, and return what it printed."""
    done = subprocess.run(
        [_GIT, "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout


def bare_repository(path: Path) -> Path:
    """Make an empty bare repository that takes pushes over HTTP."""
    path.mkdir(parents=True)
    git(path, "init", "--quiet", "--bare")
    git(path, "config", "http.receivepack", "true")
    git(path, "config", "receive.autogc", "false")  # a process for each push, with nothing to do
    return path


def checkout_of(address: str, path: Path) -> Path:
    """Make a checkout of one commit, as a fresh runner has, whose origin is `address`."""
    path.mkdir(parents=True)
    git(path, "init", "--quiet")
    git(path, "remote", "add", "origin", address)
    who = ("-c", "user.name=Kim", "-c", "user.email=kim@news.example")
    git(path, *who, "commit", "--quiet", "--allow-empty", "--message", "Our newsroom")
    return path


@contextmanager
def served_by_http(repository: Path, token: str = "") -> Iterator[str]:
    """Serve it while the block runs, to those who have the token; yield its address."""

    class Handler(_Backend):
        root = repository.parent
        asked = f"x-access-token:{token}" if token else ""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{repository.name}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Backend(BaseHTTPRequestHandler):
    """Speaks CGI (RFC 3875) to `git http-backend`."""

    protocol_version = "HTTP/1.0"
    root = Path()
    asked = ""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        if self.asked and self._said() != self.asked:
            self._body()
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()
            return
        parts = urlsplit(self.path)
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        body = self._body()
        environment["CONTENT_LENGTH"] = str(len(body))
        done = subprocess.run(
            [_GIT, "http-backend"], input=body, capture_output=True, env=environment, check=False
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((value for name, value in fields if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _said(self) -> str:
        """Return the name and password of Basic authentication (RFC 7617), or ""."""
        scheme, _, words = self.headers.get("Authorization", "").partition(" ")
        return base64.b64decode(words).decode() if scheme == "Basic" else ""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        return b"".join(chunks)
