"""An IMAP server on loopback with one mailbox, as far as a reader of feedback speaks (RFC 3501).

TLS, LOGIN, SELECT, EXAMINE, CREATE, and UID SEARCH, FETCH, STORE, COPY, MOVE and EXPUNGE.
"""

from __future__ import annotations

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

USER, PASSWORD = "feedback", "canary-password"


@dataclass
class Kept:
    """One mail and its flags."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class ImapServer:
    """The folders by name, each mail by its UID; `capabilities` are those the server tells of."""

    capabilities: str = "IMAP4rev1 UIDPLUS MOVE"
    folders: dict[str, dict[int, Kept]] = field(default_factory=lambda: {"INBOX": {}})
    port: int = 0
    commands: list[str] = field(default_factory=list)

    def put(self, *mails: bytes) -> None:
        """Deliver mails into the inbox."""
        for raw in mails:
            self.folders["INBOX"][len(self.folders["INBOX"]) + 1] = Kept(raw)

    @contextmanager
    def serving(self, certificate: Path, key: Path) -> Iterator[None]:
        """Serve on a free port while the block runs."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        served = self

        class Session(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                self.request = context.wrap_socket(self.request, server_side=True)
                super().setup()

            def handle(self) -> None:
                _Session(served, self.rfile, self.wfile).run()

            def finish(self) -> None:
                super().finish()
                self.request.close()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing: a client may refuse our certificate."""

        with Server(("127.0.0.1", 0), Session) as server:
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()


def _name(quoted: str) -> str:
    """Read a folder's name, in modified UTF-7 (RFC 3501 section 5.1.3)."""
    return re.sub("&([^-]*)-", _letters, quoted.strip('"'))


def _letters(found: re.Match[str]) -> str:
    packed = found[1].replace(",", "/") + "=" * (-len(found[1]) % 4)
    return base64.b64decode(packed, validate=True).decode("utf-16-be") or "&"


class _Session:
    """One client's conversation."""

    def __init__(self, server: ImapServer, reader: object, writer: object) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._folder: dict[int, Kept] = {}
        self._readonly = False
        self._known = False

    def run(self) -> None:
        self._say("* OK ready")
        while line := self._reader.readline().decode().strip():  # type: ignore[attr-defined]
            tag, _, rest = line.partition(" ")
            self._server.commands.append(rest)
            verb, _, arguments = rest.partition(" ")
            answer = getattr(self, f"_{verb.lower()}")(arguments)
            self._say(f"{tag} {answer}")
            if verb == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")  # type: ignore[attr-defined]

    def _capability(self, _: str) -> str:
        # As Dovecot does: a stranger hears little.
        told = self._server.capabilities if self._known else "IMAP4rev1 AUTH=PLAIN"
        self._say(f"* CAPABILITY {told}")
        return "OK done"

    def _login(self, arguments: str) -> str:
        given = arguments.replace('"', "").split()
        self._known = given == [USER, PASSWORD]
        return "OK in" if self._known else "NO [AUTHENTICATIONFAILED] wrong password"

    def _logout(self, _: str) -> str:
        self._say("* BYE")
        return "OK out"

    def _select(self, name: str, *, readonly: bool = False) -> str:
        folder = self._server.folders.get(name.strip('"'))
        if folder is None:
            return "NO no such mailbox"
        self._folder, self._readonly = folder, readonly
        self._say(f"* {len(folder)} EXISTS")
        return "OK selected"

    def _examine(self, name: str) -> str:
        return self._select(name, readonly=True)

    def _create(self, name: str) -> str:
        self._server.folders.setdefault(_name(name), {})
        return "OK created"

    def _uid(self, arguments: str) -> str:
        verb, _, rest = arguments.partition(" ")
        return str(getattr(self, f"_uid_{verb.lower()}")(rest))

    def _uid_search(self, wanted: str) -> str:
        unseen = "UNSEEN" in wanted
        found = [
            str(uid)
            for uid, mail in self._folder.items()
            if "\\Deleted" not in mail.flags and not (unseen and "\\Seen" in mail.flags)
        ]
        self._say(f"* SEARCH {' '.join(found)}")
        return "OK searched"

    def _uid_fetch(self, arguments: str) -> str:
        uid, _, _ = arguments.partition(" ")
        longest = int(re.findall(r"<0\.(\d+)>", arguments)[0])
        raw = self._folder[int(uid)].raw[:longest]
        head = f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n"
        self._writer.write(head.encode() + raw + b")\r\n")  # type: ignore[attr-defined]
        return "OK fetched"

    def _uid_store(self, arguments: str) -> str:
        assert not self._readonly
        uid, _, flags = arguments.partition(" ")
        self._folder[int(uid)].flags.update(re.findall(r"\\\w+", flags))
        return "OK stored"

    def _uid_copy(self, arguments: str) -> str:
        uid, _, name = arguments.partition(" ")
        target = self._server.folders[_name(name)]
        target[len(target) + 1] = self._folder[int(uid)]
        return "OK copied"

    def _uid_move(self, arguments: str) -> str:
        answer = self._uid_copy(arguments)
        del self._folder[int(arguments.partition(" ")[0])]
        return answer

    def _uid_expunge(self, arguments: str) -> str:
        del self._folder[int(arguments)]
        return "OK expunged"
