"""A mailbox on an IMAP server (RFC 3501; MOVE is RFC 6851, UIDPLUS RFC 4315), over TLS only."""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digest.config.feedback import FEEDBACK_PASSWORD, Afterwards
from digest.errors import ConfigError, TransportUnavailable
from digest.pipeline.feedback.mailboxes.contract import LONGEST_MAIL, WaitingMail

_TIMEOUT = 30.0  # seconds, for each step
_BEYOND_ASCII = re.compile("[^ -~]+")


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where the mailbox is, who reads it, and what becomes of what is read."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    afterwards: Afterwards
    move_to: str
    ca: Path | None = None


class ImapMailbox:
    """Reads unseen mails by their UIDs; nothing is marked by reading."""

    def __init__(self, account: ImapAccount) -> None:
        """Take an account; nothing is connected yet."""
        self._account = account
        self._imap: imaplib.IMAP4 | None = None
        self._abilities: list[str] = []

    def close(self) -> None:
        """Log out."""
        if self._imap is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                self._imap.logout()

    def mails(self) -> Iterator[WaitingMail]:
        """Yield the mails; all of them where they are left, else those that nobody has seen.

        TransportUnavailable without a connection, ConfigError if login or folder are refused.
        """
        self._connect()
        wanted = "ALL" if self._account.afterwards is Afterwards.LEAVE else "UNSEEN"
        found = self._asked("SEARCH", wanted, "UNDELETED")
        for uid in b" ".join(line for line in found if isinstance(line, bytes)).split():
            part = f"(BODY.PEEK[]<0.{LONGEST_MAIL}>)"
            for piece in self._asked("FETCH", uid.decode(), part):
                if isinstance(piece, tuple):
                    yield WaitingMail(uid.decode(), piece[1])

    def look(self) -> str:
        """Log in and look at the folder, read-only; say how many mails it holds."""
        self._connect(is_look=True)
        account = self._account
        found = self._asked("SEARCH", "UNSEEN")
        unseen = len(b" ".join(line for line in found if isinstance(line, bytes)).split())
        return f'{account.user} at {account.host}, folder "{account.folder}": {unseen} unseen'

    def done(self, key: str) -> None:
        """Mark a mail as seen, or move it; a server without MOVE copies it first, then deletes."""
        if self._account.afterwards is Afterwards.LEAVE:
            return
        self._asked("STORE", key, "+FLAGS.SILENT", r"(\Seen)")
        if self._account.afterwards is Afterwards.MARK:
            return
        target = _quoted(self._account.move_to)
        known = self._abilities
        if "MOVE" in known:
            self._asked("MOVE", key, target)
            return
        self._asked("COPY", key, target)
        self._asked("STORE", key, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in known:
            self._asked("EXPUNGE", key)

    @property
    def _connection(self) -> imaplib.IMAP4:
        if self._imap is None:
            raise TransportUnavailable("the mailbox is not open", where=self._account.host)
        return self._imap

    def _connect(self, *, is_look: bool = False) -> None:
        account = self._account
        try:
            context = ssl.create_default_context(cafile=account.ca)
            self._imap = imaplib.IMAP4_SSL(
                account.host, account.port, ssl_context=context, timeout=_TIMEOUT
            )
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unavailable(error) from None
        self._log_in()
        self._select(is_look=is_look)

    def _log_in(self) -> None:
        account, imap = self._account, self._connection
        try:
            imap.login(account.user, account.password)
            # Asked anew: most servers tell a stranger less, and leave out MOVE and UIDPLUS.
            self._abilities = (imap.capability()[1][-1] or b"").decode("ascii", "replace").split()
        except imaplib.IMAP4.error as error:
            raise ConfigError(
                f"the server refuses the login: {_said(error)}",
                where=f"{account.host}:{account.port}",
                fix=f"Check [feedback] user and {FEEDBACK_PASSWORD}.",
            ) from None
        except OSError as error:
            raise self._unavailable(error) from None

    def _select(self, *, is_look: bool) -> None:
        account, imap = self._account, self._connection
        readonly = is_look or account.afterwards is Afterwards.LEAVE
        answer, data = imap.select(_quoted(account.folder), readonly)
        if answer != "OK":
            raise ConfigError(
                f'there is no folder "{account.folder}": {_said(data[0])}',
                where=f"{account.host}:{account.port}",
                fix="Name the one that bounces come to in [feedback] folder.",
            )
        if account.afterwards is Afterwards.MOVE and not is_look:
            imap.create(_quoted(account.move_to))  # "NO" where it is there already

    def _asked(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes]]:
        try:
            answer, data = self._connection.uid(command, *arguments)
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._unavailable(error) from None
        if answer != "OK":
            raise self._unavailable(data[0] if data else "")
        return [piece for piece in data if piece is not None]

    def _unavailable(self, error: object) -> TransportUnavailable:
        return TransportUnavailable(
            f"the mailbox cannot be read: {_said(error)}",
            where=f"{self._account.host}:{self._account.port}",
            fix="Run it again later; what was recorded is not recorded twice.",
        )


def _quoted(name: str) -> str:
    """Return a folder's name for a command: modified UTF-7 (RFC 3501 section 5.1.3), in quotes."""
    ascii_only = _BEYOND_ASCII.sub(_in_utf7, name.replace("&", "&-"))
    return '"' + ascii_only.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_utf7(found: re.Match[str]) -> str:
    packed = base64.b64encode(found[0].encode("utf-16-be")).decode()
    return "&" + packed.rstrip("=").replace("/", ",") + "-"


def _said(error: object) -> str:
    text = error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
    return re.sub(r"^b'(.*)'$", r"\1", text)[:200]
